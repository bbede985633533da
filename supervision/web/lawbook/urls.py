"""Routes of the law catalogue."""

from django.urls import path, register_converter

from . import views


class RuleId:
    regex = r"[A-Z]{2,3}-\d+(?:\.\d+){0,2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SettingName(RuleId):
    regex = "[a-z][a-z0-9_]*"


register_converter(RuleId, "rule_id")
register_converter(SettingName, "setting_name")

app_name = "law"

urlpatterns = [
    path("", views.catalogue_page, name="catalogue"),
    path("numbers/", views.numbers_page, name="numbers"),
    path("<rule_id:rule_id>/", views.rule_page, name="rule"),
    path("<rule_id:rule_id>/<setting_name:name>/", views.number_page, name="number"),
    path("<rule_id:rule_id>/<setting_name:name>/set/", views.set_page, name="set"),
    path("<rule_id:rule_id>/<setting_name:name>/end/<int:pk>/", views.end_page, name="end"),
]
