"""The public site: penalty decisions, terminated agreements, random checks, the seal of the record; no sign-in."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from supervision.web.request import PageRequest

from . import selectors

PER_PAGE = 30
NEWEST = 5
SECONDS = 60
MOST_PAGES = 10_000


def _page(name: str, rows: Callable[[], QuerySet[Any]], tell: Callable[[Any], dict[str, Any]], asked: str) -> Any:
    """One page as plain values, kept a minute for every reader alike."""
    number = min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() else 1
    key = f"public:{name}:{number}"
    kept = cache.get(key)
    if kept is None:
        pages = Paginator(rows(), PER_PAGE)
        page = pages.get_page(number)
        kept = {
            "results": [tell(row) for row in page],
            "page": page.number,
            "pages": pages.num_pages,
            "count": pages.count,
        }
        cache.set(key, kept, SECONDS)
    return kept


def _penalties(request: PageRequest) -> Any:
    return _page("penalties", selectors.penalties, selectors.penalty, request.GET.get("page", ""))


def _terminations(request: PageRequest) -> Any:
    return _page("terminations", selectors.terminations, selectors.termination, request.GET.get("page", ""))


@login_not_required
@require_safe
def home(request: PageRequest) -> HttpResponse:
    """The newest of everything, and the seal."""
    context = {
        "penalties": _penalties(request)["results"][:NEWEST],
        "terminations": _terminations(request)["results"][:NEWEST],
        "draws": selectors.draws()[:NEWEST],
        "seal": selectors.latest_seal(),
    }
    return render(request, "public/register/home.html", context)


@login_not_required
@require_safe
def penalties(request: PageRequest) -> HttpResponse:
    """Published penalty decisions (PP-46)."""
    return render(request, "public/register/penalties.html", _penalties(request))


@login_not_required
@require_safe
def terminations(request: PageRequest) -> HttpResponse:
    """Terminated agreements (HY-20)."""
    return render(request, "public/register/terminations.html", _terminations(request))


@login_not_required
@require_safe
@cache_control(public=True, max_age=SECONDS)
def penalties_json(request: PageRequest) -> JsonResponse:
    """The same as data."""
    return _json(_penalties(request))


@login_not_required
@require_safe
@cache_control(public=True, max_age=SECONDS)
def terminations_json(request: PageRequest) -> JsonResponse:
    """The same as data."""
    return _json(_terminations(request))


@login_not_required
@require_safe
@cache_control(public=True, max_age=SECONDS)
def seal_json(request: PageRequest) -> JsonResponse:
    """The newest seal; 404 before the first."""
    seal = selectors.latest_seal()
    if seal is None:
        raise Http404
    return _json(selectors.seal_told(seal))


def _json(told: Any) -> JsonResponse:
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
