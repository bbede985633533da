"""Every route of the system; each app's routes are included by name."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("supervision.health")),
    path("api/v1/", include("supervision.api.urls")),
    path("", include("supervision.web.urls")),
    path("", include("inspections.urls")),
    path("draws/", include("inspections.draws.urls")),
    path("public/", include("reporting.urls")),
    path("public/tips/", include("inspections.tips.public_urls")),
    path("public/draws/", include("inspections.draws.public_urls")),
    path("law/", include("supervision.web.lawbook.urls")),
    path("workdays/", include("supervision.web.lawbook.year_urls")),
    path("", include("agreements.urls")),
    path("money/", include("funds.urls")),
    path("credit/", include("credit.urls")),
    path("enforcement/", include("enforcement.urls")),
    path("monitoring/", include("monitoring.urls")),
]

handler400 = "supervision.web.views.errors.bad_request"
handler403 = "supervision.web.views.errors.forbidden"
handler404 = "supervision.web.views.errors.not_found"
handler500 = "supervision.web.views.errors.server_error"
