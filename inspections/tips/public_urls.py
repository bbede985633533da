"""Public routes of tips."""

from django.urls import path

from . import public_views

app_name = "public-tips"

urlpatterns = [
    path("", public_views.give, name="give"),
    path("state/", public_views.state, name="state"),
]
