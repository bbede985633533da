"""Desk, news, search, help, and downloads of pictures."""

from collections import Counter

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.declare import Procedure
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import MANY, late_terms, open_terms, tally, visible_to

from .. import charts, desk, news
from ..format import counted
from ..keyset import Order, page
from ..models import Notice
from ..queue import awaiting, awaits_anything, in_my_charge
from ..request import PageRequest
from ..search import search

SHOWN = 12


def desk_page(request: PageRequest) -> HttpResponse:
    """What waits for this person, by legal deadline; tiles and blocks of the apps around it."""
    actor = request.actor
    context = {
        "tiles": [*own_tiles(actor), *desk.tiles_for(actor)],
        "terms": list(open_terms(actor)[:SHOWN]),
        "awaiting": _newest(awaiting(actor)),
        "mine": _newest(in_my_charge(actor)),
        "theirs": _newest(visible_to(actor)) if actor.provider else [],
        "blocks": desk.blocks_for(actor),
    }
    return render(request, "pages/desk/desk.html", context)


def _newest(matters: QuerySet[Dossier]) -> list[Dossier]:
    return page(matters, Order("opened_at", descending=True), "", SHOWN).rows


def own_tiles(actor: Actor) -> list[desk.Tile]:
    """Of one's own: due today with what is overdue, in charge by kind, awaiting the reader's role."""
    if actor.user is None or actor.place is None or actor.provider is not None:
        return []
    terms, mine = open_terms(actor).order_by(), in_my_charge(actor).order_by()
    today = clock.today()
    due, late = tally(terms.filter(due=today)), tally(terms.filter(late_terms()))
    by_kind = Counter(mine.values_list("kind", flat=True)[: MANY + 1])
    held = by_kind.total()
    note = " · ".join(f"{capfirst(str(Procedure.registry[kind].label))} {n}" for kind, n in sorted(by_kind.items()))
    waiting = tally(awaiting(actor))
    overdue, deadlines = _("of mine overdue: %(n)s") % {"n": counted(late)}, reverse("web:terms")
    tiles = [
        desk.Tile(
            _("My deadlines due today"),
            counted(due),
            overdue,
            f"{deadlines}?when=today",
            "bad" if late else "",
            f"{deadlines}?when=late",
        ),
        desk.Tile(_("In my charge"), counted(held), note if held <= MANY else "", reverse("web:mine")),
    ]
    if waiting or awaits_anything(actor):
        tone = "warn" if waiting else ""
        tiles.append(desk.Tile(_("Awaiting my step"), counted(waiting), "", reverse("web:awaiting"), tone))
    return tiles


def news_page(request: PageRequest) -> HttpResponse:
    """What others did in my matters, and notices; opening the page marks them as seen."""
    actor = request.actor
    seen = news.seen_up_to(request.user)
    events = list(news.events_for(actor)[:50])
    context = {
        "events": [(event, event.pk > seen) for event in events],
        "notices": list(Notice.objects.filter(user=request.user)[:30]),
    }
    response = render(request, "pages/notifications/news.html", context)
    news.mark_seen(actor, max([seen, *(event.pk for event in events)]))
    return response


def search_page(request: PageRequest) -> HttpResponse:
    """What the one box finds; while typing only the short list under it."""
    text = request.GET.get("q", "")[:100]
    typing = request.htmx and request.htmx.target == "search-hits"
    template = "pages/search/_hits.html" if typing else "pages/search/search.html"
    context = {"text": text, "found": search(request.actor, text, 6 if typing else 30)}
    response = render(request, template, context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def help_page(request: PageRequest) -> HttpResponse:
    """How the system is used, for people who read one page."""
    return render(request, "pages/help/help.html")


def chart_file(request: PageRequest, digest: str, kind: str) -> HttpResponse:
    """The picture or the figures of a chart drawn for this reader; 404 once it has aged out."""
    found = charts.download(request, digest)
    if found is None:
        raise Http404
    title, svg, figures = found
    body, mime = (svg, "image/svg+xml") if kind == "svg" else (figures, "text/csv; charset=utf-8")
    disposition = content_disposition_header(True, f"{title}.{kind}") or "attachment"
    return HttpResponse(body, content_type=mime, headers={"Content-Disposition": disposition})
