"""The one page of a matter, for every kind of dossier: `/dossiers/<pk>/`.

A kind that wants more than the general page declares it, in its `views.py` or `pages.py` loaded at start-up:

    @record_page("breach")
    class BreachPage(RecordView):
        list_url = "agreements:breaches"
        blocks = (Block("facts", _("Facts found"), "agreements/_facts.html", facts_of, order=10),)
        tags = staticmethod(lambda dossier: [("warn", _("to be discussed collectively"))] if … else [])
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.views import View

from supervision.parties.actors import Actor
from supervision.procedure import diagram
from supervision.procedure.models import Assignment, Dossier, Event, Term
from supervision.procedure.registry import model_of
from supervision.procedure.selectors import history, steps_for, visible_to

from . import events, onward
from .assignment_forms import may_assign, may_end
from .facts import facts_of
from .record_blocks import Block, of_record
from .request import PageRequest

EVENTS_SHOWN = 40
CONNECTED_SHOWN = 20
_pages: dict[str, type["RecordView"]] = {}


def record_page(kind: str) -> Callable[[type["RecordView"]], type["RecordView"]]:
    """Make a view the page of a kind of dossier."""

    def declare(view: type["RecordView"]) -> type["RecordView"]:
        _pages[kind] = view
        return view

    return declare


def page_of(kind: str) -> type["RecordView"]:
    """The page declared for this kind, or the general one."""
    return _pages.get(kind, RecordView)


def load(actor: Actor, pk: int) -> Dossier:
    """The dossier of its own kind within the actor's jurisdiction; Http404 for any other."""
    kind = visible_to(actor).filter(pk=pk).values_list("kind", flat=True).first()
    if kind is None:
        raise Http404
    related = ("subject__region", "authority__region", "authority__parent")
    found = visible_to(actor, model_of(kind)._default_manager.select_related(*related)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Station:
    """A state on the rail: `state` is 'done', 'now' or ''."""

    label: str
    state: str
    at: datetime | None


class RecordView(View):
    """Base of every record page; without a declaration of its own a kind is shown by its columns."""

    request: PageRequest
    list_url: ClassVar[str] = ""
    blocks: ClassVar[Sequence[Block]] = ()
    own_facts: ClassVar[bool] = False  # the kind's blocks replace the general table of facts
    hidden_facts: ClassVar[frozenset[str]] = frozenset()
    template_name: ClassVar[str] = "components/record.html"

    @staticmethod
    def tags(dossier: Any) -> list[tuple[str, Any]]:
        """Words beside the title: (tone, text)."""
        return []

    def get(self, request: PageRequest, pk: int) -> HttpResponse:
        dossier = load(request.actor, pk)
        page = page_of(dossier.kind)()
        page.setup(request, pk=pk)
        request.area = page.area()
        return render(request, page.template_name, page.get_context_data(dossier))

    def get_context_data(self, dossier: Dossier) -> dict[str, Any]:
        """Everything the page shows; a subclass may add to it."""
        actor = self.request.actor
        officers = officers_of(dossier)
        shown = of_record(dossier, actor, self.blocks)
        offers = steps_for(dossier, actor)
        of_dossier = list(dossier.term_set.order_by("due", "pk"))
        for term in of_dossier:
            term.dossier = dossier
        return {
            "dossier": dossier,
            "crumbs": self._crumbs(dossier),
            "tags": self.tags(dossier),
            "course": stations(dossier),
            "next_term": next((term for term in of_dossier if term.state in OPEN), None),
            "offers": [offer for offer in offers if offer.open or offer.mine],
            "onward": onward.of_record(dossier, actor),
            "offers_of_others": [offer for offer in offers if not (offer.open or offer.mine)],
            "running": [term for term in of_dossier if term.is_open],
            "ended": [term for term in of_dossier if not term.is_open],
            "facts": [] if self.own_facts or actor.provider else facts_of(dossier, self.hidden_facts),
            "file_open": may_open_file(actor, dossier),
            "officers": officers,
            "may_end": {held.pk for held in officers if may_end(actor, dossier, held)},
            "may_assign": may_assign(actor, dossier),
            "blocks": [each for each in shown if not each.block.aside],
            "aside_blocks": [each for each in shown if each.block.aside],
            "consequences": list(visible_to(actor).filter(origin=dossier.pk).order_by("pk")[:CONNECTED_SHOWN]),
            "origin": origin_of(dossier, actor),
            "siblings": siblings_of(dossier, actor),
            **timeline(dossier, actor, "", None),
            "diagram": diagram_of(dossier) if actor.provider is None else "",
        }

    @classmethod
    def area(cls) -> str:
        """The address of the list these matters stand in, by which the rail shows where one is."""
        try:
            return reverse(cls.list_url) if cls.list_url else ""
        except NoReverseMatch:
            return ""

    def _crumbs(self, dossier: Dossier) -> list[tuple[str, str]]:
        return [(capfirst(str(dossier.procedure.label)), self.area()), (dossier.number, "")]


OPEN = (Term.State.RUNNING, Term.State.OVERDUE)


def stations(dossier: Dossier) -> list[Station]:
    """The ordinary course with the day each state was reached; a side state stands where the matter left the course."""
    reached = dict(
        Event.objects.filter(dossier=dossier.pk)
        .exclude(target="")
        .order_by("target", "-seq")
        .distinct("target")
        .values_list("target", "at")
    )
    states = dossier.procedure.State
    rail = [str(state) for state in dossier.procedure.rail]
    if dossier.state in rail:
        here = rail.index(dossier.state)
        passed = rail[:here]
        ahead = rail[here + 1 :]
    else:
        last = max((at for at, state in enumerate(rail) if state in reached), default=-1)
        passed, ahead = rail[: last + 1], ([] if dossier.is_closed else rail[last + 1 :])
    now = "done" if dossier.is_closed else "now"
    return [
        *(Station(str(states(state).label), "done", reached.get(state)) for state in passed),
        Station(dossier.state_label, now, reached.get(dossier.state)),
        *(Station(str(states(state).label), "", None) for state in ahead),
    ]


def origin_of(dossier: Dossier, actor: Actor) -> Dossier | None:
    """What this matter arose from, within sight: the party is not told that somebody tipped the authority off."""
    return visible_to(actor).filter(pk=dossier.origin_id).first() if dossier.origin_id is not None else None


def siblings_of(dossier: Dossier, actor: Actor) -> list[Dossier]:
    """Other matters that arose from what this one arose from: the inspection of the lead a case was filed on."""
    if dossier.origin_id is None:
        return []
    return list(
        visible_to(actor).filter(origin=dossier.origin_id).exclude(pk=dossier.pk).order_by("pk")[:CONNECTED_SHOWN]
    )


def may_open_file(actor: Actor, dossier: Dossier) -> bool:
    """Whether the file of the party concerned is within sight; it is not to an officer lent to another region."""
    party = dossier.subject
    if party is None or actor.authority is None:
        return party is not None
    return party.region.path.startswith(actor.authority.region.path)


def officers_of(dossier: Dossier) -> list[Assignment]:
    """Everyone who has or had a duty, the present ones first."""
    held = Assignment.objects.filter(dossier=dossier.pk).select_related("user").prefetch_related("user__certificates")
    return sorted(held, key=lambda each: (each.until is not None, each.pk))


def timeline(dossier: Dossier, actor: Actor, only: str, before: int | None) -> dict[str, Any]:
    """The newest events (before a place in the chain), as context of `components/timeline.html`."""
    rows: Any = events.shown_to(actor, dossier, history(dossier))
    rows = events.filtered(rows, only).order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows[: EVENTS_SHOWN + 1])
    more = found[EVENTS_SHOWN - 1].seq if len(found) > EVENTS_SHOWN else None
    return {
        "dossier": dossier,
        "lines": events.lines(dossier, found[:EVENTS_SHOWN], actor),
        "earlier": more,
        "only": only,
        "unknown": bool(only) and only not in events.FILTERS,
        "filters": [(key, label) for key, (label, _query) in events.FILTERS.items()],
    }


def diagram_of(dossier: Dossier) -> SafeString:
    """The procedure as a picture with the present position."""
    passed = Event.objects.filter(dossier=dossier.pk).exclude(target="").values_list("target", flat=True)
    drawn = diagram.svg(dossier.procedure, here=dossier.state, passed=set(passed))
    return mark_safe(drawn)  # noqa: S308 — drawn by us from declarations, labels escaped
