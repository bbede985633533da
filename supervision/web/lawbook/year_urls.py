"""Routes of the calendar of working days."""

from django.urls import path

from . import years

app_name = "workdays"

urlpatterns = [
    path("", years.this_year, name="calendar"),
    path("<int:year>/", years.year_page, name="year"),
    path("<int:year>/load/", years.load_page, name="load"),
]
