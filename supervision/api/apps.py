from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "supervision.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        """Make the ways of identifying oneself known to the OpenAPI document."""
        from . import schema  # noqa: F401
