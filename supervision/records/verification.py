"""Whether everything on record is still as it was recorded: chains, seals, rows, files, numbers, declared moves."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max

from supervision.parties.roles import Role
from supervision.procedure import chain, seals, transitions
from supervision.procedure.declare import Procedure
from supervision.procedure.models import Assignment, Counter, Dossier, Event, Term, Transition
from supervision.procedure.own_row import MATTER_TOLD
from supervision.procedure.registry import models_by_kind

from . import rows, store
from .models import Paper

BATCH = 200


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was recorded. `dossier` is its number, empty for what belongs to none."""

    dossier: str
    where: str
    what: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.dossier, f"{self.where}: {self.what}")))


Check = Callable[[], Iterable[tuple[str, str]]]
BESIDE: list[Check] = []


def beside(check: Check) -> Check:
    """Have `verify` ask this too: (where, what) of every fault among rows that belong to no dossier."""
    BESIDE.append(check)
    return check


@dataclass
class Verification:
    """What was looked at, and every fault found."""

    dossiers: int = 0
    events: int = 0
    papers: int = 0
    evidence: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


def verify(dossier: Dossier | None = None) -> Verification:
    """Check one dossier, or all of them with the seals, the numbers and the declared moves. Changes nothing.

    Others may go on working meanwhile: what belongs together is read as it stood at one moment.
    """
    result = Verification()
    keys = [dossier.pk] if dossier else list(Dossier.objects.order_by("pk").values_list("pk", flat=True))
    allowed = {(row.kind, row.version, row.step, row.source, row.target) for row in Transition.objects.all().iterator()}
    for start in range(0, len(keys), BATCH):
        with _one_moment():
            _verify_batch(keys[start : start + BATCH], allowed, result)
    if dossier is None:
        with _one_moment():
            result.faults += [Fault("", *_split(what)) for what in seals.faults()]
            result.faults += _moves()
            result.faults += _numbers()
            result.faults += [Fault("", *found) for check in BESIDE for found in check()]
    return result


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every query of the block sees the records as they stood at its first; in a transaction that runs, as it does.

    A step that came between the reading of a matter and of its events would look like events removed.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _split(sentence: str) -> tuple[str, str]:
    where, _, what = sentence.partition(": ")
    return where, what


def _verify_batch(keys: list[int], allowed: set[tuple[Any, ...]], result: Verification) -> None:
    recorded = Event.objects.filter(dossier__in=keys).order_by("dossier", "seq").iterator(chunk_size=2000)
    events = {pk: list(found) for pk, found in groupby(recorded, key=lambda event: event.dossier_id)}
    kept = {kind: _by_dossier(each.of(keys), attrgetter("of_dossier")) for kind, each in rows.KEPT.items()}
    terms = _by_dossier(Term.objects.filter(dossier__in=keys).order_by("pk"))
    officers = _by_dossier(Assignment.objects.filter(dossier__in=keys).order_by("pk"))
    for dossier in _of_their_kinds(keys):
        own = events.get(dossier.pk, [])
        result.dossiers += 1
        result.events += len(own)
        name = dossier.number
        result.faults += [Fault(name, f"event {fault.seq}", fault.what) for fault in chain.faults(dossier, own)]
        result.faults += [Fault(name, where, what) for where, what in _course(dossier, own, allowed)]
        found = {kind: by_dossier.get(dossier.pk, []) for kind, by_dossier in kept.items()}
        own_terms, in_charge = terms.get(dossier.pk, []), officers.get(dossier.pk, [])
        faults = rows.faults(dossier, own, rows=found, terms=own_terms, officers=in_charge)
        result.faults += [Fault(name, where, what) for where, what in faults]
        papers, evidence = found["paper"], found["evidence"]
        told = {value for event in own for value in hashes_told(event.facts)}
        for paper in papers:
            result.papers += 1
            result.faults += _file(name, f"paper {paper.number}", paper.sha256, told)
        for piece in evidence:
            result.evidence += 1
            result.faults += _file(name, f"evidence {piece.pk} {piece.title}", piece.sha256, told)
        known = {row.sha256 for row in (*papers, *evidence)}
        for event in own:
            for file in rows.files_told(event.facts):
                if file["sha256"] not in known and (what := store.fault(file["sha256"])):
                    result.faults.append(Fault(name, f"event {event.seq}: {file['name']}", f"file {what}"))


def _of_their_kinds(keys: Iterable[int]) -> list[Dossier]:
    """The dossiers of these keys with the columns of their kinds, in the order of their keys; one query a kind.

    One whose own row is gone comes without it, which its events then deny.
    """
    found = {dossier.pk: dossier for dossier in Dossier.objects.filter(pk__in=keys)}
    models = models_by_kind()
    for kind in models.keys() & {dossier.kind for dossier in found.values()}:
        found |= {row.pk: row for row in models[kind]._base_manager.filter(pk__in=keys)}
    return [found[key] for key in sorted(found)]


def _by_dossier(found: Iterable[Any], key: Callable[[Any], int] = attrgetter("dossier_id")) -> Mapping[int, list[Any]]:
    sorted_out: dict[int, list[Any]] = {}
    for row in found:
        sorted_out.setdefault(key(row), []).append(row)
    return sorted_out


def _file(dossier: str, where: str, sha256: str, told: set[str]) -> Iterator[Fault]:
    if what := store.fault(sha256):
        yield Fault(dossier, where, f"file {what}")
    if sha256 not in told:
        yield Fault(dossier, where, "no event tells of this content")


def hashes_told(facts: Any) -> Iterator[str]:
    """Every SHA-256 that the facts of an event tell of a file."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            if name == "sha256" and isinstance(value, str):
                yield value
            else:
                yield from hashes_told(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from hashes_told(value)


def _course(dossier: Dossier, events: Iterable[Event], allowed: set[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """Moves no procedure declares, moves that do not join, and a state the events do not lead to.

    And steps that lack what every step through the door leaves, as one written into the chain by hand would.
    """
    state = ""
    for event in events:
        yield from ((f"event {event.seq}", what) for what in _lacking(dossier, event))
        if not event.target:
            continue
        if event.source != state:
            yield f"event {event.seq}", f"moves from {event.source!r}, but the matter stood at {state!r}"
        move = (dossier.kind, dossier.procedure_version, event.verb, event.source, event.target)
        if move not in allowed:
            yield f"event {event.seq}", f"{event.source!r} → {event.target!r} by {event.verb!r} is no declared move"
        state = event.target
    if state != dossier.state:
        yield "state", f"stands at {dossier.state!r}, its events lead to {state!r}"


def _lacking(dossier: Dossier, event: Event) -> Iterator[str]:
    """What a step's event does not tell though its declaration says so."""
    procedure = Procedure.registry.get(dossier.kind)
    if procedure is None or procedure.version != dossier.procedure_version:
        return
    if (declared := procedure.steps.get(event.verb)) is None:
        return
    left = {"paper": declared.paper, "served": declared.serves, "kept": declared.keeps, MATTER_TOLD: True}
    if missing := [name for name, due in left.items() if due and name not in event.facts]:
        yield f"{event.verb!r} tells nothing of {', '.join(missing)}"
    if event.user_id is None and Role.SYSTEM not in declared.by:
        yield f"{event.verb!r} was taken by nobody"


def _moves() -> Iterator[Fault]:
    """Where the table of declared moves, by which the database judges, differs from what the code declares."""
    rows: dict[tuple[str, int], set[tuple[str, str, str]]] = {}
    for row in Transition.objects.all().iterator():
        rows.setdefault((row.kind, row.version), set()).add((row.step, row.source, row.target))
    for kind, procedure in sorted(Procedure.registry.items()):
        declared = set(transitions.declared(procedure))
        published = rows.get((kind, procedure.version), set())
        for move in sorted(declared - published):
            yield Fault("", f"moves of {kind}", f"{move} is declared and not in the table")
        for move in sorted(published - declared):
            yield Fault("", f"moves of {kind}", f"{move} is in the table and not declared")


def _numbers() -> Iterator[Fault]:
    """Gaps among the numbers of papers, and counters that do not stand at the last number."""
    last = {
        (row["authority"], row["word"], row["year"]): row["last"]
        for row in Counter.objects.values("authority", "word", "year", "last")
    }
    runs = Paper.objects.values("authority", "word", "year").annotate(
        name=F("authority__name"), newest=Max("seq"), count=Count("pk")
    )
    for run in runs.order_by("authority", "word", "year"):
        where = f"numbers {run['name']} {run['word']}〔{run['year']}〕"
        if run["newest"] != run["count"]:
            yield Fault("", where, f"{run['newest'] - run['count']} missing below {run['newest']}")
        if last.get((run["authority"], run["word"], run["year"])) != run["newest"]:
            yield Fault("", where, f"counter does not stand at {run['newest']}")
