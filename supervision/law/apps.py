from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    name = "supervision.law"
    label = "law"
    verbose_name = _("law catalogue")

    def ready(self) -> None:
        """Say what this floor upholds; check at start that every declaration names a known rule."""
        from . import enforcers  # noqa: F401
        from .coverage import declarations_name_known_rules

        register(declarations_name_known_rules)
