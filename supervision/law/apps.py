from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    name = "supervision.law"
    label = "law"
    verbose_name = _("law catalogue")

    def ready(self) -> None:
        from .coverage import declarations_name_known_rules

        register(declarations_name_known_rules)
