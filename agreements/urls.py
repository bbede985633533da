"""Routes of agreements and breaches."""

from django.urls import path

from . import views

app_name = "agreements"

urlpatterns = [
    path("agreements/", views.AgreementList.as_view(), name="agreements"),
    path("agreements/new/", views.apply, name="apply"),
    path("breaches/", views.BreachList.as_view(), name="breaches"),
    path("breaches/new/", views.register, name="register"),
]
