"""Routes of credit."""

from django.urls import path

from . import views

app_name = "credit"

urlpatterns = [
    path("", views.EvaluationList.as_view(), name="evaluations"),
    path("<int:pk>/", views.party_credit, name="party"),
    path("<int:pk>/evaluate/", views.evaluate_party, name="evaluate"),
]
