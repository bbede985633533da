from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class WorkdaysConfig(AppConfig):
    name = "supervision.workdays"
    label = "workdays"
    verbose_name = pgettext_lazy("calendar", "working days")
