from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "credit"
    label = "credit"
    verbose_name = _("credit")

    def ready(self) -> None:
        """Name the happenings of credit, so that every process can tell them, bind its rows, and declare its pages."""
        from . import bound, enforcers, pages, verbs  # noqa: F401

        pages.register()
