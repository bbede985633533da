"""One institution, one file: everything known of a party on one timeline.

party_timeline.add_source(credit_events)      # (party, actor, limit) -> list[Entry], newest first
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party, SettlementHold
from supervision.procedure.selectors import visible_to

from .dossier_lists import dossier_url

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
    rows = visible_to(actor).filter(subject=party.pk).order_by("-opened_at", "-pk")[:limit]
    return [
        Entry(
            at=row.opened_at,
            text=f"{capfirst(str(row.procedure.label))} {row.number} {row.title}",
            url=dossier_url(row),
            tag=row.state_label,
            tone="" if row.closed_at else "on",
        )
        for row in rows
    ]


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
