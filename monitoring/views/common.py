"""What the pages of monitoring share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from monitoring.selectors.alerts import may_work
from supervision.parties.actors import may_see_business
from supervision.web.request import PageRequest

IMPORTS = (_("Claims imports"), "monitoring:imports")
RULES = (_("Rules"), "monitoring:rules")
RUNS = (_("Screening runs"), "monitoring:runs")
ALERTS = (_("Alerts"), "monitoring:alerts")


def for_supervisors(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keep rules, claims and alerts among those who supervise: a provider who reads the rules learns what they miss.

    The view raises PermissionDenied for everybody else.
    """

    @wraps(view)
    def seen(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.authority is None or not may_see_business(request.actor):
            raise PermissionDenied(_("Claims, rules and alerts are for those who supervise."))
        return view(request, *args, **kwargs)

    return seen


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
