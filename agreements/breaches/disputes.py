"""A decision disputed, mediated, reversed and undone (HY-25, HY-26). Nothing is deleted: every correction is an event.

A dispute does not stop the execution. The decision is reversed only by what ended a dispute; then the status of
provider, departments and persons, the claims and the credit events it caused are corrected, and money is paid back.
"""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import Where, step

from . import dispute_rules as rules
from .rules import money_settled, not_terminating, terminating
from .states import IN_EFFECT, OFFICERS, State

MEDIATORS = (Role.BUREAU_OFFICER, Role.LEGAL_REVIEWER)

# A termination is discussed and reversed as any decision is, but at the agency that decided it.
discussing = partial(
    step,
    source=IN_EFFECT,
    target=None,
    by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
    law=["HY-12", "HY-25"],
    form="DeliberationForm",
    paper="deliberation_minutes",
    keeps="deliberation",
)
reversing = partial(
    step,
    source=IN_EFFECT,
    target=State.REVERSED,
    by=Role.AGENCY_HEAD,
    law="HY-25",
    lapses=["filing"],
    form="ReversalForm",
    paper="reversal_notice",
    then=["undo", "void_decision"],
)


class Disputes:
    """From a dispute to the reversal, the repayment, and the end or a new decision."""

    # Columns of the case that `take_up_anew` empties; their types are the model's.
    closed_at: Any
    decided_on: Any
    pay_by: Any
    decision_served_on: Any
    review_agreed: bool | None
    reviewed_on: Any
    filed_on: Any
    referred_on: Any
    reversed_as_of: Any

    @step(
        label=_("Record a dispute"),
        done=_("Dispute recorded"),
        source=IN_EFFECT,
        target=None,
        by=OFFICERS,
        law="HY-25",
        needs=[rules.decision_stands, rules.no_dispute_runs],
        form="DisputeForm",
        keeps="keep_dispute",
        help=_("Negotiation, mediation by the bureau, reconsideration or a suit; the execution goes on meanwhile."),
    )
    def raise_dispute(self, **facts: Any) -> None:
        """HY-25: the party may negotiate, ask the bureau, apply for reconsideration or sue."""

    @step(
        label=_("Ask the bureau to mediate"),
        done=_("Mediation asked for by the party"),
        source=IN_EFFECT,
        target=None,
        by=Role.PROVIDER_REP,
        at=Where.SUBJECT,
        law=["HY-25", "HY-26"],
        needs=[rules.decision_stands, rules.no_dispute_runs],
        form="MediationRequestForm",
        keeps="keep_dispute",
    )
    def ask_mediation(self, **facts: Any) -> None:
        """HY-25: the party itself asks the bureau of the same region."""

    @step(
        label=_("Accept the mediation and name the mediator"),
        done=_("Mediation accepted"),
        source=IN_EFFECT,
        target=None,
        by=Role.BUREAU_HEAD,
        at=Where.SAME_BUREAU,
        law="HY-26",
        needs=[rules.mediation_asked],
        form="MediatorForm",
        paper="mediation_notice",
        keeps="keep_mediator",
    )
    def accept_mediation(self, **facts: Any) -> None:
        """HY-26: examined, accepted, the other side told; a person of legal and professional knowledge presides."""

    @step(
        label=_("Decline the mediation"),
        done=_("Mediation declined"),
        source=IN_EFFECT,
        target=None,
        by=Role.BUREAU_HEAD,
        at=Where.SAME_BUREAU,
        law="HY-26",
        needs=[rules.mediation_asked],
        form="ReasonForm",
        keeps="decline_dispute",
    )
    def decline_mediation(self, **facts: Any) -> None:
        """HY-26: the conditions are not met; the other ways of HY-25 stay open."""

    @step(
        label=_("Record the mediation agreement"),
        done=_("Mediation agreement signed"),
        source=IN_EFFECT,
        target=None,
        by=MEDIATORS,
        at=Where.SAME_BUREAU,
        law="HY-26",
        needs=[rules.mediation_runs, rules.is_the_mediator],
        form="MediationAgreementForm",
        paper="mediation_agreement",
        keeps="settle_dispute",
    )
    def record_mediation(self, **facts: Any) -> None:
        """HY-26: signed by both sides and the mediator, sealed by the bureau."""

    @step(
        label=_("End the mediation without agreement"),
        done=_("Mediation ended without agreement"),
        source=IN_EFFECT,
        target=None,
        by=MEDIATORS,
        at=Where.SAME_BUREAU,
        law="HY-26",
        needs=[rules.mediation_runs, rules.is_the_mediator],
        form="ReasonForm",
        keeps="fail_dispute",
    )
    def end_mediation(self, **facts: Any) -> None:
        """HY-25: whoever did not agree may still apply for reconsideration or sue."""

    @step(
        label=_("Record how the dispute ended"),
        done=_("Dispute ended"),
        source=IN_EFFECT,
        target=None,
        by=OFFICERS,
        law="HY-25",
        needs=[rules.dispute_elsewhere],
        form="OutcomeForm",
        keeps="settle_dispute",
        then=["keep_document"],
    )
    def record_outcome(self, **facts: Any) -> None:
        """HY-25: what was negotiated, or what the reconsideration organ or the court decided."""

    @discussing(
        label=_("Record the discussion of the reversal"),
        done=_("Reversal discussed collectively"),
        needs=[not_terminating, rules.reversal_due],
    )
    def deliberate_reversal(self, **facts: Any) -> None:
        """HY-12: what was decided collectively is not given up by one person in a negotiation."""

    @discussing(
        label=_("Record the city agency's discussion of the reversal"),
        done=_("Reversal of the termination discussed by the city agency"),
        at=Where.CITY_AGENCY,
        needs=[terminating, rules.reversal_due],
    )
    def deliberate_reinstatement(self, **facts: Any) -> None:
        """The same of a termination, by whom it was decided."""

    @reversing(
        label=_("Reverse the decision"),
        done=_("Decision reversed"),
        needs=[not_terminating, rules.reversal_due, rules.reversal_discussed_when_due],
    )
    def reverse_decision(self, **facts: Any) -> None:
        """HY-25: undone as of the day told: settlement, agreement, eligibility, claims, credit."""
        self._undone_as_of(**facts)

    @reversing(
        label=_("Reverse the termination"),
        done=_("Termination reversed"),
        at=Where.CITY_AGENCY,
        needs=[terminating, rules.reversal_due, rules.reversal_discussed_when_due],
    )
    def reverse_termination(self, **facts: Any) -> None:
        """HY-21, HY-25: by whom it was decided; the agreement binds again and the bar is lifted."""
        self._undone_as_of(**facts)

    def _undone_as_of(self, *, effective_on: Any, **facts: Any) -> None:
        self.reversed_as_of, self.closed_at = effective_on, None

    @step(
        label=_("Record the service of the reversal"),
        done=_("Reversal served on the party"),
        source=State.REVERSED,
        target=None,
        by=OFFICERS,
        law=["HY-25", "PP-59"],
        needs=[rules.reversal_not_served],
        serves="reversal_notice",
        form="ServeForm",
        assigned=True,
    )
    def serve_reversal(self, **facts: Any) -> None:
        """The party is told as it was told of the decision."""

    @step(
        label=_("Record a repayment"),
        done=_("Paid back to the party"),
        source=State.REVERSED,
        target=None,
        by=(Role.FINANCE, Role.AGENCY_CLERK),
        law=["HY-25", "HY-47"],
        needs=[rules.repayment_due],
        form="RepaymentForm",
        then=["pay_back"],
    )
    def record_repayment(self, **facts: Any) -> None:
        """HY-47: from the fund the money had gone to."""

    @step(
        label=_("Take the matter up anew"),
        done=_("Taken up anew"),
        source=State.REVERSED,
        target=State.REEXAMINED,
        by=Role.AGENCY_HEAD,
        law="HY-25",
        needs=[rules.to_be_changed, rules.reversal_served, money_settled],
        keeps="propose_anew",
        then=["begin_anew"],
        help=_("Where the decision is to be changed: measures are lightened, then discussed and decided again."),
    )
    def take_up_anew(self, **facts: Any) -> None:
        """HY-25: a changed decision goes its way again, under HY-21 and never heavier."""
        self.decided_on, self.decision_text, self.pay_by, self.decision_served_on = None, "", None, None
        self.review_agreed, self.reviewed_on, self.review_opinion = None, None, ""
        self.filed_on, self.referred_on, self.reversed_as_of = None, None, None

    @step(
        label=_("Close the reversed case"),
        done=_("Reversed case closed"),
        source=State.REVERSED,
        target=State.CLOSED,
        by=Role.AGENCY_HEAD,
        law="HY-25",
        needs=[rules.reversal_served, money_settled],
    )
    def close_reversed(self, **facts: Any) -> None:
        """Told and paid back: nothing of the decision is left."""
