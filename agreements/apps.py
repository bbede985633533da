from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "agreements"
    label = "agreements"
    verbose_name = _("agreements")

    def ready(self) -> None:
        """Name the happenings of agreements, so that every process can tell them, and declare their pages."""
        from supervision.records.export.sources import Source, add_source

        from . import enforcers, pages, verbs  # noqa: F401
        from .breaches import keeping  # noqa: F401
        from .designation import keeping as designation_keeping  # noqa: F401

        pages.register()
        add_source(Source("breach"))
