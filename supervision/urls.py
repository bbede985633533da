"""Every route of the system; each app's routes are included by name."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("supervision.health")),
]
