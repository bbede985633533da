from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnforcementConfig(AppConfig):
    name = "enforcement"
    label = "enforcement"
    verbose_name = _("enforcement")

    def ready(self) -> None:
        """Bind the rows of a case; declare its page, its place in the rail, its tile and its block in the file."""
        from supervision.records.export.sources import Source, add_source

        from . import keeping, pages  # noqa: F401

        pages.register()
        add_source(Source("case"))
