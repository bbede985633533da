from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    label = "inspections"
    verbose_name = _("inspections")

    def ready(self) -> None:
        """Bind rows; declare places and record pages; take over drawn targets; publish the shipped checklists."""
        from . import verbs, whole_file  # noqa: F401
        from .draws import keeping as draws_keeping  # noqa: F401
        from .draws import pages
        from .draws.ports import Ports
        from .onsite import keeping  # noqa: F401
        from .onsite import pages as onsite_pages
        from .onsite.drawn import DrawnTasks
        from .tips import pages as tips_pages

        pages.register()
        tips_pages.register()
        onsite_pages.register()
        whole_file.register()
        Ports.tasks = DrawnTasks()
        post_migrate.connect(_publish_checklists, sender=self, dispatch_uid="inspections.checklists")


def _publish_checklists(**kwargs: Any) -> None:
    from django.db import connection

    from .models import ChecklistItem
    from .onsite.checklists import publish_shipped

    if ChecklistItem._meta.db_table in connection.introspection.table_names():  # not while the app is being unmade
        publish_shipped()
