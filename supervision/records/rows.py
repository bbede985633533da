"""What events keep of the rows beside them, and where a row is no longer what they say.

An event tells of a row by the SHA-256 of its columns as they stand, and whatever changes a row tells of it anew: the
last digest told is the one the row must have. So below the triggers no column is altered, and no row added or removed,
without being found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from supervision.parties.crypto import Undecipherable, blind_index, decrypt
from supervision.procedure.chain import row_digest
from supervision.procedure.models import Assignment, Dossier, Event, Term
from supervision.procedure.own_row import (
    MATTER_FOUND,
    MATTER_TOLD,
    OFFICERS_FOUND,
    OFFICERS_TOLD,
    matter_digest,
    officers_digest,
)
from supervision.procedure.terms import TERMS_FOUND, TERMS_TOLD, rows_digest

from .intake import KEYS
from .models import (
    CustodyEntry,
    Deliberation,
    Evidence,
    LegalReview,
    Paper,
    ServiceOfDocument,
    Statement,
    StatementPoint,
    Vote,
)

Where = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """A kind of row that events tell of.

    `at` leads from the row to its dossier, or `by_number` is the column that holds its number; `people` and `cites`
    name the persons and the other rows that belong to it and stand in no column; `apart` are columns that another
    matter's chain binds and this one's does not tell of; `name` is what the row is called beside its kind when
    something is wrong with it. `fixed` are columns that never change: told again after they were altered, the row is
    no longer what it was told first. `secret` are encrypted columns: told by their blind index, so that who reads the
    chain cannot find out names or telephones by trying.
    """

    kind: str
    model: type[Model]
    at: str = "dossier"
    people: str = ""
    cites: tuple[str, ...] = ()
    by_number: str = ""
    fixed: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    name: Callable[[Any], str] = lambda row: str(row.pk)

    def rows(self, **where: Any) -> QuerySet[Any]:
        """Such rows in the order entered, each with its dossier's key as `of_dossier`."""
        found = self.model._default_manager.filter(**where).annotate(of_dossier=self._dossier()).order_by("pk")
        if self.secret:  # as stored: what somebody wrote in by hand may not be decipherable
            found = found.defer(*self.secret).annotate(**{_stored(one): Cast(one, TextField()) for one in self.secret})
        return found.prefetch_related(*filter(None, (self.people, *self.cites)))

    def of(self, dossiers: Iterable[int]) -> QuerySet[Any]:
        """Such rows of the dossiers of these keys."""
        if self.by_number:
            return self.rows(**{f"{self.by_number}__in": Dossier.objects.filter(pk__in=dossiers).values("number")})
        return self.rows(**{f"{self.at}__in": dossiers})

    def _dossier(self) -> F | Subquery:
        if not self.by_number:
            return F(self.at)
        return Subquery(Dossier.objects.filter(number=OuterRef(self.by_number)).values("pk"))

    def digest(self, row: Any) -> str:
        """SHA-256 of every column of the row but those `apart`, of its people and of what it cites."""
        beside = {"people": self.people, **{name: name for name in self.cites}}
        keys: dict[str, Any] = {
            name: sorted(one.pk for one in getattr(row, at).all()) if at else [] for name, at in beside.items()
        }
        keys |= {name: _secretly(getattr(row, _stored(name))) for name in self.secret}
        left_out = {*self.apart, *self.secret}
        columns = [field.attname for field in self.model._meta.concrete_fields if field.name not in left_out]
        return row_digest(row, columns, **keys)

    def fixed_told(self, row: Any) -> dict[str, str]:
        """What an event keeps of the columns that never change."""
        return {"fixed": row_digest(row, self.fixed)} if self.fixed else {}


def _stored(name: str) -> str:
    return f"{name}_stored"


def _secretly(stored: str) -> str:
    """The blind index of what this deciphers to; the text itself where it deciphers to nothing."""
    try:
        return blind_index(decrypt(stored)) if stored else ""
    except (Undecipherable, ValueError):
        return stored


KEPT: dict[str, Kept] = {}
BY_MODEL: dict[type[Model], Kept] = {}


def declare(*kinds: Kept) -> None:
    """Have events tell of the rows of these kinds; apps above declare theirs at start-up."""
    for each in kinds:
        KEPT[each.kind] = BY_MODEL[each.model] = each


declare(
    Kept("paper", Paper, name=lambda row: row.number),
    Kept("service", ServiceOfDocument, at="paper__dossier"),
    Kept("evidence", Evidence, people="collectors", name=lambda row: f"{row.pk} {row.title}"),
    Kept("custody", CustodyEntry, at="evidence__dossier"),
    Kept("statement", Statement),
    Kept("point", StatementPoint, at="statement__dossier"),
    Kept("deliberation", Deliberation, people="attendees", cites=("heard",)),
    Kept("vote", Vote, at="deliberation__dossier"),
    Kept("legal review", LegalReview),
)


GONE = {"row": ""}


def told(*rows: Model) -> list[dict[str, Any]]:
    """What an event keeps of these rows; of one that was removed, that it is gone.

    They are read again, since a value may read otherwise once it is stored.
    """
    stored: dict[Any, dict[str, Any]] = {}
    for model in {type(row) for row in rows}:
        kind = BY_MODEL[model]
        for row in kind.rows(pk__in=[row.pk for row in rows if type(row) is model]):
            stored[model, row.pk] = {"row": kind.digest(row), **kind.fixed_told(row), **_files_cited(kind, row)}
    return [{"id": row.pk, "row_of": BY_MODEL[type(row)].kind, **stored.get((type(row), row.pk), GONE)} for row in rows]


def _files_cited(kind: Kept, row: Any) -> dict[str, Any]:
    """The files a row rests on: they may belong to another matter, whose chain does not leave with this one's file."""
    if "evidence" not in kind.cites:
        return {}
    return {"cites": [{"sha256": piece.sha256} for piece in row.evidence.all()]}


def faults(
    dossier: Dossier,
    events: Iterable[Event],
    *,
    rows: Mapping[str, Iterable[Any]],
    terms: Iterable[Term],
    officers: Iterable[Assignment],
) -> Iterator[Where]:
    """Every row of the dossier that is not as its events tell, as where and what.

    `dossier` is of its own kind; `rows` by the kinds of `KEPT`; terms and officers in the order made.
    """
    happened = list(events)
    yield from _joined("dossier", happened, MATTER_FOUND, MATTER_TOLD, matter_digest(dossier))
    yield from _joined("terms", happened, TERMS_FOUND, TERMS_TOLD, rows_digest(terms))
    yield from _joined("officers", happened, OFFICERS_FOUND, OFFICERS_TOLD, officers_digest(officers))
    standing = {(kind, row.pk): row for kind, found in rows.items() for row in found}
    last = {where: digest for event in happened for where, digest in _rows_told(event.facts)}
    first: dict[tuple[str, int], str] = {}
    for event in happened:
        for told_of in _within(event.facts):
            if "row_of" in told_of and "fixed" in told_of:
                first.setdefault((told_of["row_of"], told_of["id"]), told_of["fixed"])
    for kind, key in sorted({*standing, *last}):
        row = standing.get((kind, key))
        if row is None:
            if last[kind, key] != GONE["row"]:
                yield f"{kind} {key}", "row removed"
            continue
        where = f"{kind} {KEPT[kind].name(row)}"
        if (kind, key) not in last:
            yield where, "no event tells of this row"
        elif last[kind, key] != KEPT[kind].digest(row) or _refixed(first.get((kind, key)), KEPT[kind], row):
            yield where, "row altered"


def _refixed(first: str | None, kind: Kept, row: Any) -> bool:
    return first is not None and first != kind.fixed_told(row).get("fixed")


def _joined(where: str, events: Iterable[Event], found: str, told: str, now: str) -> Iterator[Where]:
    """Where what an event found is not what was told before it, and where what stands now is not what was told last."""
    last = ""
    for event in events:
        if last and event.facts.get(found, last) != last:
            yield where, f"altered before event {event.seq}"
        last = event.facts.get(told, last)
    if last and last != now:
        yield where, "altered"


def _rows_told(facts: Any) -> Iterator[tuple[tuple[str, int], str]]:
    """Kind and key, and digest, of every row that these facts tell of."""
    for told_of in _within(facts):
        if "row_of" in told_of:
            yield (told_of["row_of"], told_of["id"]), told_of["row"]


def files_told(facts: Any) -> Iterator[dict[str, Any]]:
    """Every stored file that the facts of an event keep, as `intake.take_in` told of it."""
    return (told_of for told_of in _within(facts) if set(KEYS) <= set(told_of))


def _within(facts: Any) -> Iterator[dict[str, Any]]:
    """Every mapping among these facts, however deep."""
    if isinstance(facts, dict):
        yield facts
        facts = list(facts.values())
    if isinstance(facts, list):
        for value in facts:
            yield from _within(value)
