"""One institution, one file: everything known of a party on one timeline.

party_timeline.add_source(credit_events)      # (party, actor, limit) -> list[Entry], newest first
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party, SettlementHold
from supervision.procedure import verbs
from supervision.procedure.models import Dossier, Event
from supervision.procedure.selectors import visible_to

from .dossier_lists import dossier_url
from .events import may_read

LIMIT = 60


@dataclass(frozen=True)
class Entry:
    """One thing on a party's timeline; `at` a day or an aware time, `tag` a word with its `tone`."""

    at: date | datetime
    text: str
    url: str = ""
    tag: str | Promise = ""
    tone: str = ""
    note: str = ""
    events: Sequence[Event] = ()  # what happened in it, the newest first

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date() if isinstance(self.at, datetime) else self.at


Source = Callable[[Party, Actor, int], list[Entry]]
_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Add what an app knows of parties; asked with the reader, so it can keep to the jurisdiction."""
    _sources.append(source)


def of_party(party: Party, actor: Actor, limit: int = LIMIT) -> list[Entry]:
    """The newest entries of every source, newest first."""
    found = [entry for source in (_matters, _holds, *_sources) for entry in source(party, actor, limit)]
    return sorted(found, key=lambda entry: entry.day, reverse=True)[:limit]


def _matters(party: Party, actor: Actor, limit: int) -> list[Entry]:
    rows = list(visible_to(actor).filter(subject=party.pk).order_by("-opened_at", "-pk")[:limit])
    told = told_in_short(rows, actor)
    return [
        Entry(
            at=row.opened_at,
            text=f"{capfirst(str(row.procedure.label))} {row.number} {row.title}",
            url=dossier_url(row),
            tag=row.state_label,
            tone="" if row.closed_at else "on",
            events=told.get(row.pk, ()),
        )
        for row in rows
    ]


def told_in_short(matters: Sequence[Dossier], actor: Actor) -> Mapping[int, list[Event]]:
    """What moved each of these matters and what else weighs in it, the newest first; one query for all of them."""
    by_key = {matter.pk: matter for matter in matters}
    weighs = ~Q(source=F("target")) | Q(verb__in=verbs.weighty())
    found: dict[int, list[Event]] = {}
    for event in Event.objects.filter(weighs, dossier__in=by_key).order_by("-at", "-pk"):
        event.dossier = by_key[event.dossier_id]
        if may_read(actor, event):
            found.setdefault(event.dossier_id, []).append(event)
    return found


def _holds(party: Party, actor: Actor, limit: int) -> list[Entry]:
    held = SettlementHold.objects.filter(party=party.pk, days__isempty=False)
    rows = held.select_related("department").order_by("-pk")[:limit]
    return [entry for row in rows for entry in _hold(row)]


def _hold(row: Any) -> Iterator[Entry]:
    where = row.department.name if row.department else ""
    yield Entry(
        at=row.days.lower,
        text=_("Settlement held: %(reason)s") % {"reason": row.get_reason_display()},
        tag=_("settlement held"),
        tone="bad",
        note=" · ".join(filter(None, (where, row.matter))),
    )
    if row.days.upper and row.days.upper <= timezone.localdate():
        yield Entry(
            at=row.days.upper,
            text=_("Settlement restored"),
            tag=_("restored"),
            tone="ok",
            note=" · ".join(filter(None, (where, row.ended_because))),
        )
