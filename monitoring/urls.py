from django.urls import path

from monitoring.views import alerts, imports, rules, screening
from monitoring.views.common import for_supervisors

app_name = "monitoring"
PLACES = (
    ("", rules.overview, "overview"),
    ("alerts/", alerts.AlertList.as_view(), "alerts"),
    ("alerts/<int:pk>/", alerts.detail, "alert"),
    ("alerts/<int:pk>/lines/", alerts.lines, "alert-lines"),
    ("alerts/<int:pk>/<slug:verb>/", alerts.decide, "decide"),
    ("imports/", imports.ImportList.as_view(), "imports"),
    ("imports/upload/", imports.upload, "upload"),
    ("imports/upload/<slug:table>.csv", imports.template, "template"),
    ("imports/<int:pk>/", imports.detail, "import"),
    ("imports/<int:pk>/bad-rows/", imports.bad_rows, "bad-rows"),
    ("imports/<int:pk>/cancel/", imports.cancel, "cancel-import"),
    ("rules/", rules.RuleList.as_view(), "rules"),
    ("rules/<int:pk>/", rules.detail, "rule"),
    ("rules/<int:pk>/numbers/", rules.parameters, "parameters"),
    ("library/", rules.ItemList.as_view(), "library"),
    ("library/import/", rules.library_import, "library-import"),
    ("runs/", screening.RunList.as_view(), "runs"),
    ("runs/start/", screening.start, "start"),
    ("runs/<int:pk>/", screening.detail, "run"),
    ("runs/<int:pk>/cancel/", screening.cancel, "cancel-run"),
)
urlpatterns = [path(route, for_supervisors(view), name=name) for route, view, name in PLACES]
