"""Where credit is met: the rail and a party's file. Loaded when the app is ready."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party, Practitioner
from supervision.procedure import clock
from supervision.web import nav, party_timeline
from supervision.web.record_blocks import Block, add_file_block

from . import scheme
from .models import Grade
from .selectors import eligibility, events_of, standing, year_points

TONES = {Grade.A: "ok", Grade.B: "on", Grade.C: "warn", Grade.D: "bad"}


def credit_of(party: Party, actor: Actor) -> Mapping[str, Any]:
    """Score, grade, and of a practitioner the year's demerit points."""
    now = standing(party)
    context: dict[str, Any] = {"party": party, "standing": now, "tone": TONES[now.grade]}
    if isinstance(party, Practitioner):
        context |= {"points": year_points(party, clock.today().year), "calls_for": eligibility(party, clock.today())}
    return context


def on_timeline(party: Party, actor: Actor, limit: int) -> list[party_timeline.Entry]:
    """Credit events, corrected ones said so."""
    return [
        party_timeline.Entry(
            at=event.effective_on,
            text=f"{scheme.label(event.indicator, party.kind)} −{event.points:f}",
            tag=_("corrected") if getattr(event, "correction", None) else _("credit"),
            tone="" if getattr(event, "correction", None) else "warn",
            note=event.dossier.number,
        )
        for event in events_of(party)[:limit]
    ]


def register() -> None:
    """Declare the places."""
    nav.register(nav.Group.EVALUATE, _("Credit evaluations"), "credit:evaluations", order=20)
    add_file_block(
        Block("credit", _("Credit"), "pages/credit/_file.html", credit_of, aside=True, order=10, for_party=True)
    )
    party_timeline.add_source(on_timeline)
