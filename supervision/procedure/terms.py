"""How statutory terms start, stop, pause and end; the arithmetic itself is `workdays`."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from supervision.law.values import period
from supervision.workdays import Due, Period, Unit, hours_end
from supervision.workdays import due as compute
from supervision.workdays.services import calendar

from . import clock
from .chain import row_digest
from .declare import Context, Step, TermSpec
from .models import Dossier, Term

TERMS_TOLD, TERMS_FOUND = "terms_row", "terms_found"


def rows_digest(terms: Iterable[Term]) -> str:
    """SHA-256 over a dossier's terms in the order started, which the event that changes one of them keeps."""
    columns = [field.attname for field in Term._meta.concrete_fields]
    return hashlib.sha256("\n".join(row_digest(term, columns) for term in terms).encode()).hexdigest()


def told(dossier: Dossier, name: str = TERMS_TOLD) -> dict[str, str]:
    """What an event keeps of the dossier's terms as they now stand, or, by the other name, as it found them."""
    return {name: rows_digest(Term.objects.filter(dossier=dossier.pk).order_by("pk"))}


def start(dossier: Dossier, kind: str, first: date) -> Term:
    """Start a term: its length is the setting in force for the authority on its first day.

    Hours run from the moment of the step. Raises ValueError for hours that were to run from another day.
    """
    spec: TermSpec = dossier.procedure.terms[kind]
    length = period(spec.setting, scope=dossier.authority.scope, on=first)
    said: dict[str, Any] = {"what": "start", "on": first.isoformat(), "n": length.n, "unit": length.unit}
    ends: dict[str, Any]
    if length.unit is Unit.HOURS:
        if first != clock.today():
            raise ValueError(f"{spec.setting}: hours run from the moment of the step")
        begun = clock.now()
        until = hours_end(begun, length)
        ends = {"due": timezone.localdate(until), "until": until}
        said |= {"at": begun.isoformat(), "until": until.isoformat()}
    else:
        end = compute(first, length, calendar())
        ends = {"due": end.date, "provisional": end.provisional}
        said["skipped"] = [day.isoformat() for day in end.skipped]
    said["due"] = ends["due"].isoformat()
    return Term.objects.create(
        dossier=dossier,
        kind=kind,
        law=spec.law,
        setting=spec.setting,
        start=first,
        n=length.n,
        unit=length.unit,
        **ends,
        steps=[said],
    )


def in_days(term: Term) -> None:
    """Raise ValueError for a term in hours: no law stops, resumes or lengthens one, and days moved would be none."""
    if term.unit == Unit.HOURS:
        raise ValueError(f"{term.setting}: a term counted in hours runs through")


def end_told(term: Term) -> str:
    """What events and readers are told of its end: the last day, or the instant where hours are counted (ISO)."""
    return timezone.localtime(term.until).isoformat() if term.until else term.due.isoformat()


def end(term: Term, state: str, on: date) -> None:
    """Close a term as met or lapsed."""
    term.state = state
    term.ended_on = on
    term.save(update_fields=["state", "ended_on"])


def pause(term: Term, on: date) -> None:
    """Stop the clock of a running term, as while a test or an appraisal is made (PP-45); ValueError for hours."""
    in_days(term)
    if term.state == Term.State.RUNNING:
        term.state = Term.State.PAUSED
        term.paused_on = on
        term.save(update_fields=["state", "paused_on"])


def resume(term: Term, on: date) -> None:
    """Let a paused term run on; the days between are excluded and its end moves by as many."""
    if term.state != Term.State.PAUSED or term.paused_on is None:
        return
    term.excluded_days += (on - term.paused_on).days
    end = _end_of(term)
    term.due, term.provisional = end.date, end.provisional
    term.steps = [*term.steps, {"what": "resume", "excluded": term.excluded_days, "due": end.date.isoformat()}]
    term.state, term.paused_on = Term.State.RUNNING, None
    term.save()


def reopen(term: Term) -> None:
    """Let a term that was met by mistake run on, to the end it always had; past that the next sweep finds it."""
    if term.state == Term.State.MET:
        term.state, term.ended_on = Term.State.RUNNING, None
        term.save(update_fields=["state", "ended_on"])


def extend(term: Term, setting: str) -> None:
    """Lengthen a term by a second period that runs on from its present end; ValueError for hours."""
    in_days(term)
    length = period(setting, scope=term.dossier.authority.scope, on=term.due)
    end = compute(term.due, length, calendar())
    term.steps = [
        *term.steps,
        {
            "what": "extend",
            "setting": setting,
            "on": term.due.isoformat(),
            "n": length.n,
            "unit": length.unit,
            "skipped": [day.isoformat() for day in end.skipped],
            "due": end.date.isoformat(),
        },
    ]
    term.due, term.provisional = end.date, end.provisional
    term.save()


def _end_of(term: Term) -> Due:
    """The end computed anew from the first day: the excluded days, then every extension that was granted."""
    days = calendar()
    end = compute(term.start, Period(term.n, Unit(term.unit)), days, excluded_days=term.excluded_days)
    for part in term.steps:
        if part["what"] == "extend":
            end = compute(end.date, Period(part["n"], Unit(part["unit"])), days)
    return end


def apply(dossier: Dossier, step: Step, context: Context) -> dict[str, str]:
    """Carry out what a step says about terms; returns kind → end of those it started or moved."""
    today, facts = context.today, context.facts
    moved: dict[str, Term] = {}

    def standing(kinds: Iterable[str]) -> Iterator[tuple[str, Term]]:
        return ((kind, term) for kind in kinds if (term := dossier.term(kind)))

    for kinds, state in ((step.meets, Term.State.MET), (step.lapses, Term.State.LAPSED)):
        for _kind, term in standing(kinds):
            if term.is_open:
                end(term, state, today)
    for _kind, term in standing(step.pauses):
        pause(term, today)
    for kind, term in standing(step.resumes):
        resume(term, today)
        moved[kind] = term
    for kind, term in standing(step.reopens):
        reopen(term)
        moved[kind] = term
    for kind, term in standing(step.extends):
        extend(term, step.extends[kind])
        moved[kind] = term
    for kind, fact in step.starts.items():
        due_if = dossier.procedure.terms[kind].due_if
        if due_if is None or due_if.holds(dossier, context):
            moved[kind] = dossier.running[kind] = start(dossier, kind, facts[fact] if fact else today)
    return {kind: end_told(term) for kind, term in moved.items()}
