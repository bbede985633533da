from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "supervision.web"
    label = "web"
    verbose_name = _("pages")

    def ready(self) -> None:
        """Declare the shell's own places."""
        from . import nav

        nav.register(nav.Group.EVALUATE, _("Institution files"), "web:providers", order=10)
        nav.register(nav.Group.EVALUATE, _("Physicians and pharmacists"), "web:practitioners", order=15)
