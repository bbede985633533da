"""Public routes; draws have their own below `public/draws/`."""

from django.urls import path, re_path

from . import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("penalties/", views.penalties, name="penalties"),
    re_path(r"^penalties\.(?P<kind>csv|xlsx)$", views.penalties_file, name="penalties-file"),
    path("penalties.json", views.penalties_json, name="penalties-json"),
    path("terminations/", views.terminations, name="terminations"),
    path("terminations.json", views.terminations_json, name="terminations-json"),
    path("seal.json", views.seal_json, name="seal-json"),
]
