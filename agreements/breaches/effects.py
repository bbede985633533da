"""What follows from the steps of a breach case: its measures, settlement, money, the agreement, credit."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from credit.services import tell_credit
from funds.models import Receivable
from funds.services import open_receivable
from inspections.models import Lead
from inspections.services import open_lead
from supervision.parties.actors import Actor
from supervision.parties.models import SettlementHold
from supervision.procedure.declare import Context, settles
from supervision.procedure.models import Event
from supervision.procedure.services import advance, record
from supervision.records.effects import keep_document, keep_statement_document, open_to_party
from supervision.records.models import Deliberation, LegalReview
from supervision.records.rows import told
from supervision.records.selectors import newest_paper, statements_of
from supervision.records.services import void_paper
from supervision.workdays import Period, Unit, calendar_end

from .. import verbs
from .keeping import keep_pause
from .measures import COLLECTIVE, MeasureKind
from .models import Measure
from .rules import collective_due
from .undo import pay_back, undo

Hold = SettlementHold
Kind = MeasureKind
CLAIMS = {
    Kind.RECOVER: Receivable.Kind.REFUND,
    Kind.DAMAGES: Receivable.Kind.DAMAGES,
}


def take_silence_as_waiver(case: Any, event: Event, context: Context) -> None:
    """When the period ended in silence, the waiver is recorded in the same breath (HY-22)."""
    if not statements_of(case):
        advance(case, "record_waiver", Actor.system())


@settles
def begin_anew(case: Any, context: Context) -> None:
    """What is proposed or known changed: what was discussed or reviewed before carries nothing for it.

    A review that is still open is given on what now stands, so it stays the one asked for.
    """
    done = {
        "discussions_before": Deliberation.objects.filter(dossier=case.pk),
        "reviews_before": LegalReview.objects.filter(dossier=case.pk, decided_at__isnull=False),
    }
    for column, rows in done.items():
        setattr(case, column, rows.aggregate(n=models.Max("pk"))["n"] or 0)
    case.save(update_fields=["discussions_before", "reviews_before"])


def void_decision(case: Any, event: Event, context: Context) -> None:
    """The paper of a decision withdrawn before service, or reversed after it, is void with the reason."""
    if paper := newest_paper(case, "breach_decision"):
        void_paper(paper, context.actor, reason=context.facts["reason"])


def void_waiver(case: Any, event: Event, context: Context) -> None:
    """What was posted in time was no waiver: the record of one is void once it arrives (HY-22, PP-58)."""
    if paper := newest_paper(case, "statement_waiver"):
        void_paper(paper, context.actor, reason=str(event.label))


def restore(case: Any, event: Event, context: Context) -> None:
    """End the pause of settlement, if one runs, and record the day it ended (HY-19)."""
    held = case.settlement_pause
    if held is None:
        return
    # The day it is restored is settled again; a pause of the same day leaves that one day held.
    held.days = DateRange(held.days.lower, max(context.today, held.days.lower + timedelta(days=1)))
    held.ended_because = str(event.label)
    held.save(update_fields=["days", "ended_because"])
    facts = {
        "party": case.subject,
        "since": held.days.lower,
        "restored_on": held.days.upper,
        "kept": told(held),
    }
    record(case, verbs.SETTLEMENT_RESTORED, context.actor, facts, law=["HY-19"])
    case.forget()


def report(case: Any, event: Event, context: Context) -> None:
    """Open a lead at the bureau that guides the agency (HY-18, HY-24); once per case."""
    bureau = case.authority.parent
    if bureau is None:
        return
    lead = open_lead(
        context.actor,
        authority=bureau,
        title=case.title,
        subject=case.subject,
        source=Lead.Source.AGENCY_REPORT,
        source_ref=case.number,
        facts=f"{case.facts_text}\n{context.facts['suspected']}",
        received_on=context.facts["reported_on"],
        suspected_amount=case.counted_amount or None,
        origin=case,
    )
    record(case, verbs.LEAD_OPENED, context.actor, {"lead": lead.number, "authority": bureau}, law=["HY-18", "HY-24"])


def execute(case: Any, event: Event, context: Context) -> None:
    """The decision takes effect with its service: money, settlement, agreement, credit."""
    day: date = context.facts["served_on"]
    if Kind.PAUSE_SETTLEMENT not in case.kinds:
        restore(case, event, context)
    elif case.settlement_pause is None:
        held = keep_pause(case, event.verb, context)
        facts = {"party": case.subject, "from": context.today, "kept": told(*held)}
        record(case, verbs.SETTLEMENT_HELD, context.actor, facts, law=["HY-19"])
    for measure in case.planned:
        _claim(case, measure, context)
        _hold(case, measure, day, context)
    _move_agreement(case, day, context)
    _tell_credit(case, day, context)
    case.forget()


def _claim(case: Any, measure: Measure, context: Context) -> None:
    kind = CLAIMS.get(Kind(measure.kind))
    if kind is not None and measure.amount is not None:
        open_receivable(
            case,
            context.actor,
            debtor=case.provider,
            kind=kind,
            amount=measure.amount,
            fund=measure.fund,
            due_on=case.pay_by,
            law=["HY-18", "HY-23"],
        )


def _hold(case: Any, measure: Measure, day: date, context: Context) -> None:
    """Settlement with a department or a practitioner stops for whole months, or for good (HY-19, HY-23)."""
    if measure.kind not in (Kind.SUSPEND_DEPARTMENT, Kind.SUSPEND_PERSON, Kind.CANCEL_PERSON):
        return
    end = calendar_end(day, Period(measure.months, Unit.MONTHS)) if measure.months else None
    of_person = measure.practitioner_id is not None
    hold = Hold.objects.create(
        party_id=measure.practitioner_id or case.provider_id,
        department=measure.department,
        reason=Hold.Reason.ELIGIBILITY if of_person else Hold.Reason.SUSPENSION,
        days=DateRange(day, end),
        matter=case.number,
    )
    facts = {
        "party": hold.party,
        "department": measure.department,
        "from": day,
        "before": end,
        "kept": told(hold),
    }
    record(case, verbs.SETTLEMENT_HELD, context.actor, facts, law=["HY-19", "HY-23"])


def _move_agreement(case: Any, day: date, context: Context) -> None:
    """Suspend or terminate the agreement by its own step; one that ended meanwhile is left as it is and told of."""
    states = case.breached_agreement.State if case.breached_agreement else None
    if states is None or not {Kind.SUSPEND_AGREEMENT, Kind.TERMINATE_AGREEMENT} & case.kinds:
        return
    agreement = case.breached_agreement
    agreement.refresh_from_db()
    if case.terminates and agreement.state in (states.SIGNED, states.SUSPENDED):
        advance(agreement, "terminate", Actor.system(), order=case.pk, ended_on=day, ground=case.ground)
    elif not case.terminates and agreement.state == states.SIGNED:
        months = next(m.months for m in case.planned if m.kind == Kind.SUSPEND_AGREEMENT)
        advance(agreement, "suspend", Actor.system(), order=case.pk, first_day=day, months=months)
    else:
        with translation.override(settings.LANGUAGE_CODE):
            facts = {"agreement": agreement.number, "state": agreement.state_label}
        record(case, verbs.AGREEMENT_ENDED_BEFORE, context.actor, facts, law=["HY-20"])


def _tell_credit(case: Any, day: date, context: Context) -> None:
    """One act counts once: the gravest measure against the provider, and each person's own (HY-11)."""
    people = [measure for measure in case.planned if measure.practitioner is not None]
    for measure in people:
        kind = "eligibility_cancelled" if measure.kind == Kind.CANCEL_PERSON else "eligibility_suspended"
        tell_credit(measure.practitioner, kind, case, context.actor, effective_on=day)
    if case.against_person:
        if not people:
            tell_credit(case.subject, "breach_handled", case, context.actor, effective_on=day)
        return
    if case.terminates:
        kind = "agreement_terminated"
    elif Kind.SUSPEND_AGREEMENT in case.kinds:
        kind = "agreement_suspended"
    elif case.kinds & COLLECTIVE:
        kind = "department_suspended"
    else:
        kind = "fees_recovered" if collective_due(case, day) else "breach_handled"
    tell_credit(case.provider, kind, case, context.actor, effective_on=day)


__all__ = [
    "begin_anew",
    "execute",
    "keep_document",
    "keep_statement_document",
    "open_to_party",
    "pay_back",
    "report",
    "restore",
    "take_silence_as_waiver",
    "undo",
    "void_decision",
    "void_waiver",
]
