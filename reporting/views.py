"""The public site: penalty decisions, terminated agreements, random checks, the seal of the record; no sign-in."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from supervision.web.columns import Column
from supervision.web.exports import FORMATS, MAX_ROWS, as_file
from supervision.web.format import moment
from supervision.web.request import PageRequest

from . import selectors
from .filters import PenaltyFilter

PER_PAGE = 30
NEWEST = 5
SECONDS = 60
MOST_PAGES = 10_000


def _of(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda told: told[name]


COLUMNS = (
    Column("decision", gettext_lazy("Number of the decision"), value=_of("decision")),
    Column("number", gettext_lazy("Number of the case"), value=_of("number")),
    Column("party", gettext_lazy("Party concerned"), value=lambda told: told["party"] or _("A natural person")),
    Column("code", gettext_lazy("Institution code"), value=_of("code")),
    Column("cause", gettext_lazy("Cause"), value=lambda told: "；".join(told["cause"])),
    Column("basis", gettext_lazy("Legal basis"), value=_of("basis")),
    Column("digest", gettext_lazy("Digest"), value=_of("digest")),
    Column("fine", gettext_lazy("Fine (yuan)"), value=_of("fine")),
    Column("refund", gettext_lazy("To be refunded (yuan)"), value=_of("refund")),
    Column("authority", gettext_lazy("Decided by"), value=_of("authority")),
    Column("decided_on", gettext_lazy("Decided on"), value=_of("decided_on")),
    Column("published_on", gettext_lazy("Published"), value=_of("published_on")),
)


def _page(name: str, rows: Callable[[], QuerySet[Any]], tell: Callable[[Any], dict[str, Any]], asked: str) -> Any:
    """One page as plain values, kept a minute for every reader of the language alike."""
    number = min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() else 1
    key = f"public:{name}:{get_language()}:{number}"
    kept = cache.get(key)
    if kept is None:
        kept = _paged(rows(), tell, number)
        cache.set(key, kept, SECONDS)
    return kept


def _paged(rows: QuerySet[Any], tell: Callable[[Any], dict[str, Any]], number: int) -> dict[str, Any]:
    pages = Paginator(rows, PER_PAGE)
    page = pages.get_page(number)
    return {
        "results": [tell(row) for row in page],
        "page": page.number,
        "pages": pages.num_pages,
        "count": pages.count,
    }


def _penalties(request: PageRequest) -> Any:
    """One page; only what nobody narrowed is kept, since what may be asked has no end."""
    asked = request.GET.get("page", "")
    if not _narrowed(request):
        return _page("penalties", selectors.penalties, selectors.penalty, asked)
    number = min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() else 1
    return _paged(_found(_filter(request)), selectors.penalty, number)


def _narrowed(request: PageRequest) -> bool:
    return any(request.GET.get(name) for name in PenaltyFilter.base_filters)


def _filter(request: PageRequest) -> PenaltyFilter:
    return PenaltyFilter(request.GET, queryset=selectors.penalties(), request=request)


def _found(narrowed: PenaltyFilter) -> QuerySet[Any]:
    """What passes the filters; nothing where one makes no sense, which its field then says."""
    rows: QuerySet[Any] = narrowed.qs if narrowed.form.is_valid() else narrowed.queryset.none()
    return rows


def _terminations(request: PageRequest) -> Any:
    return _page("terminations", selectors.terminations, selectors.termination, request.GET.get("page", ""))


@login_not_required
@require_safe
def home(request: PageRequest) -> HttpResponse:
    """The newest of everything, and the seal."""
    context = {
        "penalties": _page("penalties", selectors.penalties, selectors.penalty, "")["results"][:NEWEST],
        "terminations": _terminations(request)["results"][:NEWEST],
        "draws": selectors.draws()[:NEWEST],
        "seal": selectors.latest_seal(),
    }
    return render(request, "public/register/home.html", context)


@login_not_required
@require_safe
def penalties(request: PageRequest) -> HttpResponse:
    """Published penalty decisions (PP-46)."""
    narrowed = _filter(request)
    context = {
        **_penalties(request),
        "form": narrowed.form,
        "narrowed": _narrowed(request),
        "query": request.GET.urlencode(),
        "formats": FORMATS,
    }
    return render(request, "public/register/penalties.html", context)


@login_not_required
@require_safe
def penalties_file(request: PageRequest, kind: str) -> HttpResponseBase:
    """The same, narrowed alike, as a file; what everyone may read needs no record of who took it."""
    narrowed = _filter(request)
    if not narrowed.form.is_valid():
        faults = (fault for each in narrowed.form.errors.values() for fault in each)
        return HttpResponse("\n".join(faults), status=422, content_type="text/plain; charset=utf-8")
    rows = narrowed.qs[:MAX_ROWS]
    now = timezone.now()
    mark = _("Open to the public · as of %(at)s") % {"at": moment(now)}
    told = map(selectors.penalty, rows.iterator(chunk_size=500))
    return as_file(_("Published penalty decisions"), mark, COLUMNS, told, at=now, kind=kind)


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
