from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    name = "funds"
    label = "funds"
    verbose_name = _("funds")

    def ready(self) -> None:
        """Name the happenings of money, so that every process can tell them, and declare its pages."""
        from . import enforcers, pages, verbs  # noqa: F401

        pages.register()
