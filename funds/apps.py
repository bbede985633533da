from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    name = "funds"
    label = "funds"
    verbose_name = _("funds")

    def ready(self) -> None:
        """Name the happenings of money, so that every process can tell them, bind its rows, and declare its pages."""
        from supervision.records.export.index import add_section

        from . import bound, enforcers, pages, verbs  # noqa: F401
        from .whole_file import MONEY

        pages.register()
        add_section(MONEY)
