"""What must hold before a decision is disputed, mediated, reversed, paid back (HY-25, HY-26)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import Context, rule
from supervision.records.rules import paper_served
from supervision.records.selectors import deliberations_of

from .measures import BINDING, Outcome
from .rules import collective_due

UNDOING = (Outcome.REVOKED, Outcome.CHANGED)

reversal_served = paper_served("reversal_notice")


@rule(_("The decision was reversed already"), law="HY-25", moot=True)
def decision_stands(case: Any) -> bool:
    return case.decided_on is not None and case.reversed_as_of is None


@rule(_("A dispute about the decision is running"), law="HY-25")
def no_dispute_runs(case: Any) -> bool:
    return case.dispute is None or not case.dispute.is_open


@rule(_("No mediation was asked for, or it was accepted already"), law="HY-26", moot=True)
def mediation_asked(case: Any) -> bool:
    dispute = case.dispute
    return dispute is not None and dispute.is_mediation and dispute.is_open and dispute.mediator_id is None


@rule(_("No mediation is running"), law="HY-26", moot=True)
def mediation_runs(case: Any) -> bool:
    dispute = case.dispute
    return dispute is not None and dispute.is_mediation and dispute.is_open and dispute.mediator_id is not None


@rule(_("Only the mediator the bureau named may do this"), law="HY-26")
def is_the_mediator(case: Any, context: Context) -> bool:
    user = context.actor.user
    return case.dispute is not None and user is not None and case.dispute.mediator_id == user.pk


@rule(_("No negotiation, reconsideration or suit is running"), law="HY-25", moot=True)
def dispute_elsewhere(case: Any) -> bool:
    return case.dispute is not None and case.dispute.is_open and not case.dispute.is_mediation


@rule(_("No dispute ended with the decision revoked or to be changed"), law="HY-25", moot=True)
def reversal_due(case: Any) -> bool:
    """Only what ended a dispute reverses a decision, and only the one that was disputed."""
    return case.dispute is not None and case.dispute.outcome in UNDOING and decision_stands(case)


@rule(_("What was to be decided collectively is reversed only after a collective discussion"), law=["HY-12", "HY-21"])
def reversal_discussed_when_due(case: Any, context: Context) -> bool:
    """Where the agency agrees of its own accord; a reconsideration decision or a judgment needs no vote."""
    dispute = case.dispute
    if dispute is None or dispute.is_open or dispute.route in BINDING or not collective_due(case, case.decided_on):
        return True
    purpose = "deliberate_reinstatement" if case.terminates else "deliberate_reversal"
    held = [one for one in deliberations_of(case) if one.purpose == purpose and one.entered_at >= dispute.settled_at]
    return bool(held) and held[-1].carried


@rule(_("The reversal was served already"), law="HY-25", moot=True)
def reversal_not_served(case: Any, context: Context) -> bool:
    return not reversal_served(case, context)


@rule(_("Nothing is to be paid back"), law=["HY-25", "HY-47"], moot=True)
def repayment_due(case: Any) -> bool:
    return bool(case.repayments_due)


@rule(_("The decision was revoked, not to be changed: it is not taken up anew"), law="HY-25", moot=True)
def to_be_changed(case: Any) -> bool:
    return case.dispute is not None and case.dispute.outcome == Outcome.CHANGED
