"""`/api/v1/`: the dossiers of every kind, and what each app adds in its `api` module."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.urls import include, path
from django.utils.module_loading import module_has_submodule
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from oauth2_provider import views as oauth
from rest_framework.routers import DefaultRouter

from .dossiers import DossierViewSet
from .offices import OfficeViewSet
from .parties import PractitionerViewSet, ProviderViewSet
from .records import EvidenceViewSet, PaperViewSet
from .remedies import RemedyViewSet
from .reveals import RevealViewSet
from .staff import StaffViewSet

app_name = "api"


PLATFORM: list[tuple[str, Any]] = [
    ("dossiers", DossierViewSet),
    ("evidence", EvidenceViewSet),
    ("papers", PaperViewSet),
    ("providers", ProviderViewSet),
    ("practitioners", PractitionerViewSet),
    ("remedies", RemedyViewSet),
    ("offices", OfficeViewSet),
    ("reveals", RevealViewSet),
    ("staff", StaffViewSet),
]


def _is_ours(config: AppConfig) -> bool:
    inside = Path(config.path)
    return Path(settings.BASE_DIR) in inside.parents and "site-packages" not in inside.parts


def _router() -> DefaultRouter:
    """Routes of every app: a module `<app>.api` lists its own as `routes = [(prefix, viewset), …]`."""
    router = DefaultRouter()
    router.include_root_view = False
    for prefix, viewset in PLATFORM:
        router.register(prefix, viewset, basename=prefix.rstrip("s"))
    ours = [one for one in apps.get_app_configs() if _is_ours(one)]
    for config in ours:
        if module_has_submodule(config.module, "api"):
            for prefix, viewset in getattr(import_module(f"{config.name}.api"), "routes", []):
                router.register(prefix, viewset, basename=prefix.strip("/").replace("/", "-"))
    return router


urlpatterns = [
    path("", include(_router().urls)),
    path("token/", oauth.TokenView.as_view(), name="token"),
    path("token/revoke/", oauth.RevokeTokenView.as_view(), name="revoke"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
