"""The chain of events of a dossier: how an event is hashed, appended and checked."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import Range
from django.db.models import Model
from django.utils.functional import Promise

from supervision.parties.actors import Actor

from . import clock
from .models import Dossier, Event


def plain(value: Any) -> Any:
    """A cleaned fact as JSON: money as text, dates as ISO, ranges as ends and bounds, bytes as SHA-256.

    Objects as id and name.
    """
    known: Any
    match value:
        case None | bool() | int() | str():
            known = value
        case bytes() | memoryview():
            known = hashlib.sha256(value).hexdigest()
        case Decimal() | Promise():
            known = str(value)
        case datetime():
            known = value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            known = value.isoformat()
        case Range():
            known = [plain(value.lower), plain(value.upper), value.lower_inc, value.upper_inc]
        case Model():
            known = {"id": value.pk, "text": str(value)}
        case Mapping():
            known = {str(name): plain(item) for name, item in value.items()}
        case Iterable():
            known = [plain(item) for item in value]
        case _:
            raise TypeError(f"an event cannot keep a {type(value).__name__}")
    return known


def covered(event: Event) -> dict[str, Any]:
    """What an event's hash covers, by name."""
    return {
        "dossier": event.dossier_id,
        "seq": event.seq,
        "verb": event.verb,
        "source": event.source,
        "target": event.target,
        "user": event.user_id,
        "authority": event.authority_id,
        "facts": event.facts,
        "law": event.law,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous": event.previous,
    }


def canonical(event: Event) -> bytes:
    """The bytes an event's hash covers: JSON, keys sorted, no blanks, UTF-8."""
    return json.dumps(covered(event), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(event: Event) -> str:
    """Lower-case hex SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(event)).hexdigest()


def append_event(
    dossier: Dossier,
    verb: str,
    actor: Actor,
    facts: Mapping[str, Any],
    *,
    law: Iterable[str] = (),
    source: str = "",
    target: str = "",
    key: str | None = None,
) -> Event:
    """Append one event to a dossier whose row is locked by the running transaction.

    Moves the dossier's head; the caller's own changes to the dossier must be saved before or with it.
    """
    event = Event(
        dossier=dossier,
        seq=dossier.events_count + 1,
        verb=verb,
        source=source,
        target=target,
        user=actor.user,
        authority=actor.authority,
        facts=plain(facts),
        law=list(law),
        at=clock.now(),
        key=key,
        previous=dossier.head,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    dossier.events_count = event.seq
    dossier.head = event.hash
    Dossier.objects.filter(pk=dossier.pk).update(events_count=event.seq, head=event.hash)
    return event


def row_digest(row: Model, columns: Iterable[str], **more: Any) -> str:
    """SHA-256 of these columns of a row, which an event keeps so that the row cannot be altered unseen.

    `columns` are names of attributes, such as `subject_id`; `more` is what belongs to the row and is no column. What
    is empty is left out, so that a column or a relation added later, empty in every row told of before, leaves each
    digest as it was; a column has one way of being empty, so that no two rows read alike.
    """
    columns = {name: getattr(row, name) for name in columns if not _is_empty(row, name)}
    told = plain({**columns, **{name: value for name, value in more.items() if value != []}})
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _is_empty(row: Model, name: str) -> bool:
    """Null where the column may be null, else no text, an empty list, or false."""
    value = getattr(row, name)
    return value is None if row._meta.get_field(name).null else value is False or value in ("", [])


@dataclass(frozen=True)
class Fault:
    """One place where the chain does not hold."""

    dossier: int
    seq: int
    what: str


def faults(dossier: Dossier, events: Iterable[Event]) -> Iterator[Fault]:
    """Every alteration, gap or reordering in a dossier's events; nothing when the chain holds."""
    previous, seq = "", 0
    for event in events:
        seq += 1
        if event.seq != seq:
            yield Fault(dossier.pk, seq, "removed or reordered")
            seq = event.seq
        elif event.previous != previous:
            yield Fault(dossier.pk, seq, "does not follow the event before it")
        if digest(event) != event.hash:
            yield Fault(dossier.pk, event.seq, "altered")
        previous = event.hash
    if seq != dossier.events_count or previous != dossier.head:
        yield Fault(dossier.pk, seq + 1, "last events removed")
