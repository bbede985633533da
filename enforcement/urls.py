"""Routes of cases; a case itself stands at `web:dossier`."""

from django.urls import path

from . import views
from .lists import CaseList

app_name = "enforcement"
urlpatterns = [
    path("", CaseList.as_view(), name="cases"),
    path("propose/", views.propose, name="propose"),
]
