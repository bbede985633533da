"""How a reversed decision is undone everywhere (HY-25).

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
from supervision.records.rows import told

from .. import verbs

Reason = SettlementHold.Reason


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
        facts = {
            "party": hold.party,
            "department": hold.department,
            "since": first,
            "restored_on": day,
            "kept": told(hold),
        }
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
