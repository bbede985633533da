from django.urls import path

from monitoring.views import alerts, imports, rules, screening

app_name = "monitoring"
urlpatterns = [
    path("", rules.overview, name="overview"),
    path("alerts/", alerts.AlertList.as_view(), name="alerts"),
    path("alerts/<int:pk>/", alerts.detail, name="alert"),
    path("alerts/<int:pk>/lines/", alerts.lines, name="alert-lines"),
    path("alerts/<int:pk>/<slug:verb>/", alerts.decide, name="decide"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/upload/<slug:table>.csv", imports.template, name="template"),
    path("imports/<int:pk>/", imports.detail, name="import"),
    path("imports/<int:pk>/bad-rows/", imports.bad_rows, name="bad-rows"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="cancel-import"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/<int:pk>/", rules.detail, name="rule"),
    path("rules/<int:pk>/numbers/", rules.parameters, name="parameters"),
    path("library/", rules.ItemList.as_view(), name="library"),
    path("library/import/", rules.library_import, name="library-import"),
    path("runs/", screening.RunList.as_view(), name="runs"),
    path("runs/start/", screening.start, name="start"),
    path("runs/<int:pk>/", screening.detail, name="run"),
    path("runs/<int:pk>/cancel/", screening.cancel, name="cancel-run"),
]
