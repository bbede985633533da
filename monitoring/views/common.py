"""What the pages of monitoring share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from monitoring.selectors.alerts import may_work
from supervision.web.request import PageRequest

IMPORTS = (_("Claims imports"), "monitoring:imports")
RULES = (_("Rules"), "monitoring:rules")
RUNS = (_("Screening runs"), "monitoring:runs")
ALERTS = (_("Alerts"), "monitoring:alerts")


def require_worker(request: PageRequest) -> None:
    """Officers and heads only. Raises PermissionDenied."""
    if not may_work(request.actor):
        raise PermissionDenied


def live(request: PageRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or for htmx's refresh the fragment of the same name with a leading underscore alone."""
    fragment = bool(request.htmx) and request.htmx.target == "live"
    response = render(request, f"pages/monitoring/{'_' if fragment else ''}{name}.html", context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
