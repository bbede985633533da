from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    label = "inspections"
    verbose_name = _("inspections")

    def ready(self) -> None:
        """Declare the places and record pages of plans and draws."""
        from inspections.draws import pages

        pages.register()
