"""The rows a breach case's steps leave on record, of which their events tell: measures and disputes (HY-18, HY-25)."""

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from supervision.parties.models import SettlementHold
from supervision.procedure.declare import Context
from supervision.records.rows import Kept, declare

from .measures import BY_HAND, FOR_MONTHS, MONEY, MeasureKind, Outcome, Route
from .models import Dispute, Measure

Kind = MeasureKind

declare(
    Kept("measure", Measure, at="case", fixed=("case_id", "kind", "fund", "amount", "months")),
    Kept("dispute", Dispute, at="case"),
    # The floor of parties knows no dossiers: a hold names the matter that ordered it by its number.
    Kept("settlement hold", SettlementHold, by_number="matter", fixed=("party_id", "department_id", "reason")),
)


def keep_pause(case: Any, step: str, context: Context) -> list[Model]:
    """Stop settlement with the party from today until it is restored (HY-19)."""
    held = SettlementHold.objects.create(
        party_id=case.subject_id,
        reason=SettlementHold.Reason.INVESTIGATION,
        days=DateRange(context.today, None),
        matter=case.number,
    )
    case.forget()
    return [held]


def keep_measures(case: Any, step: str, context: Context) -> list[Model]:
    """Put the measures of a `MeasuresForm` in the place of those before, which stay on record as dropped."""
    facts = context.facts
    rows: list[Measure] = []
    for kind in facts["measures"]:
        months = facts["months"] if kind in FOR_MONTHS else None
        if kind in MONEY:
            rows += [
                Measure(case=case, kind=kind, fund=fund, amount=yuan) for fund, yuan in facts["amounts"][kind].items()
            ]
        elif kind == Kind.SUSPEND_DEPARTMENT:
            rows += [Measure(case=case, kind=kind, months=months, department=one) for one in facts["departments"]]
        elif kind in (Kind.SUSPEND_PERSON, Kind.CANCEL_PERSON):
            rows += [Measure(case=case, kind=kind, months=months, practitioner=one) for one in facts["practitioners"]]
        else:
            rows.append(Measure(case=case, kind=kind, months=months))
    return _replace(case, rows)


def propose_anew(case: Any, step: str, context: Context) -> list[Model]:
    """The measures of the reversed decision stay as dropped; the same are the proposal that may become lighter."""
    anew = [
        Measure(
            case=case, kind=one.kind, fund=one.fund, amount=one.amount, months=one.months,
            department_id=one.department_id, practitioner_id=one.practitioner_id,
        )
        for one in case.planned
    ]  # fmt: skip
    return _replace(case, anew)


def _replace(case: Any, rows: list[Measure]) -> list[Model]:
    before = list(case.measures.filter(dropped=False))
    for measure in before:
        measure.dropped = True
        measure.save(update_fields=["dropped"])
    made = Measure.objects.bulk_create(rows)
    case.forget(("planned",))
    return [*before, *made]


def keep_carried_out(case: Any, step: str, context: Context) -> list[Model]:
    """How a reminder or an interview was carried out."""
    facts = context.facts
    done = list(case.measures.filter(kind=facts["measure"], dropped=False, done_on=None))
    for measure in done:
        measure.done_on, measure.done_note = facts["done_on"], facts["record"]
        measure.save(update_fields=["done_on", "done_note"])
    case.forget(("planned",))
    return [*done]


def keep_taking_effect(case: Any, step: str, context: Context) -> list[Model]:
    """What needs nobody's hand is carried out by the service of the decision."""
    done = list(case.measures.filter(dropped=False).exclude(kind__in=BY_HAND))
    for measure in done:
        measure.done_on = context.facts["served_on"]
        measure.save(update_fields=["done_on"])
    case.forget(("planned",))
    return [*done]


def keep_dispute(case: Any, step: str, context: Context) -> list[Model]:
    """A dispute of a `DisputeForm`, or the mediation the party itself asks for."""
    facts = context.facts
    dispute = Dispute.objects.create(
        case=case,
        route=facts.get("route") or Route.MEDIATION,
        raised_on=facts.get("raised_on") or context.today,
        raised_by=facts.get("raised_by") or str(context.actor),
        claim=facts["claim"],
        body=facts.get("body", ""),
    )
    case.forget()
    return [dispute]


def keep_mediator(case: Any, step: str, context: Context) -> list[Model]:
    """The mediation is accepted; the one named presides (HY-26)."""
    dispute, facts = case.dispute, context.facts
    dispute.mediator, dispute.qualification = facts["mediator"], facts["qualification"]
    dispute.accepted_on = facts["accepted_on"]
    dispute.save(update_fields=["mediator", "qualification", "accepted_on"])
    return [dispute]


def settle_dispute(case: Any, step: str, context: Context) -> list[Model]:
    """The dispute ended as the form says."""
    facts = context.facts
    signed = {name: facts.get(name, "") for name in ("signed_by_party", "signed_by_agency", "reference")}
    return _end(case, facts["outcome"], facts["result"], facts["settled_on"], context, **signed)


def decline_dispute(case: Any, step: str, context: Context) -> list[Model]:
    return _end(case, Outcome.DECLINED, context.facts["reason"], context.today, context)


def fail_dispute(case: Any, step: str, context: Context) -> list[Model]:
    return _end(case, Outcome.FAILED, context.facts["reason"], context.today, context)


def _end(case: Any, outcome: str, result: str, day: date, context: Context, **more: str) -> list[Model]:
    dispute = case.dispute
    dispute.outcome, dispute.result = outcome, result
    dispute.settled_on, dispute.settled_at = day, context.now
    for name, value in more.items():
        setattr(dispute, name, value)
    dispute.save()
    return [dispute]
