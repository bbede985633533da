from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    label = "reporting"
    verbose_name = _("reporting")

    def ready(self) -> None:
        from supervision.web import nav

        nav.register(nav.Group.PUBLISH, _("Public information"), "public:home")
