from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnforcementConfig(AppConfig):
    name = "enforcement"
    label = "enforcement"
    verbose_name = _("enforcement")

    def ready(self) -> None:
        """Declare the page of a case, its place in the rail, its tile and its block in the institution file."""
        from . import pages

        pages.register()
