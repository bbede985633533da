"""What a dispute leaves behind, and how a reversed decision is undone everywhere (HY-25, HY-26).

The mirror of `effects.execute`: what that opened is closed here, each by a recorded correction of the room it is in.
"""

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from credit.services import correct_matter
from funds.repayments import pay_back as paid_back
from funds.repayments import undo_claims
from supervision.parties.actors import Actor
from supervision.parties.models import SettlementHold
from supervision.procedure.declare import Context
from supervision.procedure.models import Event
from supervision.procedure.services import advance, record

from .. import verbs
from .measures import Outcome, Route
from .models import Dispute, Measure

Reason = SettlementHold.Reason


def keep_dispute(case: Any, event: Event, context: Context) -> None:
    """A dispute of a `DisputeForm`, or the mediation the party itself asks for."""
    facts = context.facts
    Dispute.objects.create(
        case=case,
        route=facts.get("route") or Route.MEDIATION,
        raised_on=facts.get("raised_on") or context.today,
        raised_by=facts.get("raised_by") or str(context.actor),
        claim=facts["claim"],
        body=facts.get("body", ""),
    )
    case.forget()


def keep_mediator(case: Any, event: Event, context: Context) -> None:
    """The mediation is accepted; the one named presides (HY-26)."""
    dispute, facts = case.dispute, context.facts
    dispute.mediator, dispute.qualification = facts["mediator"], facts["qualification"]
    dispute.accepted_on = facts["accepted_on"]
    dispute.save(update_fields=["mediator", "qualification", "accepted_on"])


def settle_dispute(case: Any, event: Event, context: Context) -> None:
    """The dispute ended as the form says."""
    facts = context.facts
    signed = {name: facts.get(name, "") for name in ("signed_by_party", "signed_by_agency", "reference")}
    _end(case, facts["outcome"], facts["result"], facts["settled_on"], context, **signed)


def decline_dispute(case: Any, event: Event, context: Context) -> None:
    _end(case, Outcome.DECLINED, context.facts["reason"], context.today, context)


def fail_dispute(case: Any, event: Event, context: Context) -> None:
    _end(case, Outcome.FAILED, context.facts["reason"], context.today, context)


def _end(case: Any, outcome: str, result: str, day: date, context: Context, **more: str) -> None:
    dispute = case.dispute
    dispute.outcome, dispute.result = outcome, result
    dispute.settled_on, dispute.settled_at = day, context.now
    for name, value in more.items():
        setattr(dispute, name, value)
    dispute.save()


def undo(case: Any, event: Event, context: Context) -> None:
    """Undo the decision as of the day told: settlement, agreement, credit, money; its paper is void with the reason."""
    day, reason = context.facts["effective_on"], context.facts["reason"]
    _restore_agreement(case, reason)
    _restore_settlement(case, day, event, context)
    correct_matter(case, Actor.system(case.authority), reason=reason)
    undo_claims(case, reason=reason)
    case.forget()


def _restore_settlement(case: Any, day: date, event: Event, context: Context) -> None:
    """Every hold of the decision ends as of the day; one undone from its beginning holds on no day at all."""
    ordered = SettlementHold.objects.select_for_update(of=("self",)).filter(matter=case.number, days__isempty=False)
    for hold in ordered.select_related("party", "department").order_by("pk"):
        first, after = hold.days.lower, hold.days.upper
        if after is not None and after <= day:
            continue
        hold.days = DateRange(first, day) if day > first else DateRange(empty=True)
        hold.ended_because = str(event.label)
        hold.save(update_fields=["days", "ended_because"])
        facts = {"party": hold.party, "department": hold.department, "since": first, "restored_on": day}
        record(case, verbs.SETTLEMENT_RESTORED, context.actor, facts, law=["HY-25"])


def _restore_agreement(case: Any, reason: str) -> None:
    """The agreement this decision suspended or ended binds again; a suspension that was over counts no longer."""
    agreement = case.breached_agreement
    if agreement is None:
        return
    agreement.refresh_from_db()
    ended = SettlementHold.objects.filter(
        party=case.provider_id, matter=case.number, reason=Reason.TERMINATION, days__isempty=False
    ).exists()
    suspended = agreement.suspensions.filter(ordered_by=case.pk, reversed_on__isnull=True).first()
    step = ""
    if ended and agreement.state == agreement.State.TERMINATED:
        step = "reinstate"
    elif suspended:
        runs = agreement.state == agreement.State.SUSPENDED and agreement.open_suspension == suspended
        step = "reinstate" if runs else "void_suspension"
    if step:
        advance(agreement, step, Actor.system(), order=case.pk, reason=reason)


def pay_back(case: Any, event: Event, context: Context) -> None:
    """Money goes back to the party from the fund it had gone to (HY-47)."""
    facts = context.facts
    paid_back(facts["repayment"], context.actor, paid_on=facts["paid_on"], voucher=facts["voucher"])
    case.forget()


def propose_anew(case: Any, event: Event, context: Context) -> None:
    """The measures of the reversed decision stay as dropped; the same are the proposal that may become lighter."""
    anew = [
        Measure(
            case=case, kind=one.kind, fund=one.fund, amount=one.amount, months=one.months,
            department_id=one.department_id, practitioner_id=one.practitioner_id,
        )
        for one in case.planned
    ]  # fmt: skip
    case.measures.filter(dropped=False).update(dropped=True)
    Measure.objects.bulk_create(anew)
    case.forget()
