from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    name = "supervision.law"
    label = "law"
    verbose_name = _("law catalogue")

    def ready(self) -> None:
        """Load what every app upholds (its `enforcers` module); check that each declaration names a known rule."""
        from .coverage import declarations_name_known_rules

        autodiscover_modules("enforcers")

        register(declarations_name_known_rules)
