from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProcedureConfig(AppConfig):
    name = "supervision.procedure"
    label = "procedure"
    verbose_name = _("procedure")

    def ready(self) -> None:
        """Register the checks; copy the declared moves into the database after each migrate."""
        from . import checks  # noqa: F401

        post_migrate.connect(_publish_transitions, sender=self, dispatch_uid="procedure.transitions")


def _publish_transitions(using: str, **kwargs: Any) -> None:
    from .transitions import publish

    publish(using)
