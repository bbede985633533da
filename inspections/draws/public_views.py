"""What everyone may read without signing in: announcements, results, rolls, and where one stands (HY-31,
DR-3).
"""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from inspections.draws import algorithm, selectors, strata
from inspections.draws.models import Draw, Roll

PER_PAGE = 30
SHOWN_TARGETS = 500
POSITION_LIMIT = 200_000


def load(commitment: str) -> Draw:
    """The announced draw with this commitment; Http404 for any other."""
    found = selectors.public_draws().select_related("plan", "supplements").filter(commitment=commitment).first()
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """Every announced draw, the newest first."""
    pages = Paginator(selectors.public_draws(), PER_PAGE)
    return render(request, "public/draws/list.html", {"page": pages.get_page(request.GET.get("page"))})


@login_not_required
@require_safe
def draw_page(request: HttpRequest, commitment: str) -> HttpResponse:
    """An announcement, and once published its result, which the reader's own browser computes again."""
    draw = load(commitment)
    context: dict[str, Any] = {
        "draw": draw,
        "strata": [{**stratum, "label": strata.label(stratum["name"])} for stratum in draw.strata],
        "witnesses": draw.witness_list,
        "rolls": {roll.kind: roll for roll in draw.rolls.defer("content")},
        "published": draw.published_at is not None,
        "stations": stations(draw),
    }
    if draw.published_at:
        targets = list(selectors.targets_of(draw)[: SHOWN_TARGETS + 1])
        context |= {
            "targets": targets[:SHOWN_TARGETS],
            "more": len(targets) > SHOWN_TARGETS,
            "total": sum(stratum["take"] for stratum in draw.strata),
            "size": sum(stratum["size"] for stratum in draw.strata),
            "replacements": draw.replacements.select_related("target__provider", "approver"),
            "risks": {stratum["name"]: strata.label(stratum["name"]) for stratum in draw.strata},
            "shell": selectors.verification_commands(draw),
            **_asked(draw, request.GET.get("code", "")),
        }
    return render(request, "public/draws/draw.html", context)


def stations(draw: Draw) -> list[tuple[str, Any]]:
    """The moments of a draw in order, None for those still to come."""
    frozen = draw.rolls.order_by("frozen_at").values_list("frozen_at", flat=True).first()
    return [
        ("frozen", frozen),
        ("announced", draw.announced_at),
        ("revealed", draw.revealed_at),
        ("drawn", draw.drawn_at),
        ("published", draw.published_at),
    ]


def _asked(draw: Draw, text: str) -> dict[str, Any]:
    """For a reader without scripts: where the one provider named by code or name stands."""
    if not text:
        return {}
    found = selectors.named_targets(draw, text)
    answer: dict[str, Any] = {"asked": text, "found": found}
    if len(found) == 1 and sum(stratum["size"] for stratum in draw.strata) <= POSITION_LIMIT:
        answer["place"] = _place(draw, found[0]["code"])
    return answer


def _place(draw: Draw, code: str) -> dict[str, Any] | None:
    roll = selectors.roll_of(draw, Roll.Kind.TARGETS)
    stratum = next((name for name, other, _area in algorithm.read_targets(roll) if other == code), None)
    if stratum is None:
        return None
    place = algorithm.position(roll, draw.seed, stratum, code)
    announced = next(each for each in draw.strata if each["name"] == stratum)
    return {
        "stratum": strata.label(stratum),
        "place": place,
        "size": announced["size"],
        "take": announced["take"],
        "drawn": place <= announced["take"],
        "ticket": algorithm.ticket(draw.seed, stratum, code),
    }


def _etag(request: HttpRequest, commitment: str, **kwargs: Any) -> str | None:
    row = Draw.objects.filter(commitment=commitment).values_list("events_count", flat=True).first()
    return None if row is None else f'"{commitment[:16]}-{row}"'


@login_not_required
@require_safe
@condition(etag_func=_etag)
def document(request: HttpRequest, commitment: str) -> HttpResponse:
    """The JSON of a draw: before its publication the announcement alone, afterwards everything."""
    draw = load(commitment)
    if draw.published_at is None:
        content: dict[str, Any] = {"announcement": draw.announcement, "commitment": draw.commitment}
    else:
        content = selectors.publication_of(draw)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return _download(text.encode(), "application/json", f"draw-{commitment[:12]}.json")


@login_not_required
@require_safe
@condition(etag_func=_etag)
def roll(request: HttpRequest, commitment: str, kind: str) -> HttpResponse:
    """The bytes of a roll exactly as hashed; public with the result."""
    draw = load(commitment)
    if draw.published_at is None:
        raise Http404
    return _download(
        selectors.roll_of(draw, kind), "text/tab-separated-values; charset=utf-8", f"{kind}-{commitment[:12]}.tsv"
    )


@login_not_required
@require_safe
def names(request: HttpRequest, commitment: str) -> JsonResponse:
    """Providers by part of their name or by code, so that a reader finds the code the roll knows."""
    draw = load(commitment)
    if draw.published_at is None:
        raise Http404
    return JsonResponse({"found": selectors.named_targets(draw, request.GET.get("q", "")[:60])})


def _download(content: bytes, mime: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})
