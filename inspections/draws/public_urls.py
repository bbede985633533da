"""Public routes of draws; a draw is known by its commitment, which nobody can change."""

from django.urls import path, re_path

from inspections.draws import public_views

app_name = "public-draws"
ONE = r"^(?P<commitment>[0-9a-f]{64})/"

urlpatterns = [
    path("", public_views.announcements, name="list"),
    re_path(ONE + "$", public_views.draw_page, name="draw"),
    re_path(ONE + r"draw\.json$", public_views.document, name="document"),
    re_path(ONE + r"(?P<kind>targets|inspectors)\.tsv$", public_views.roll, name="roll"),
    re_path(ONE + "names$", public_views.names, name="names"),
]
