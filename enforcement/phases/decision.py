"""The decision (HY-40, HY-41, PL-33, PL-57, PP-43), its time (PP-45) and the end without one (PP-47)."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import step
from supervision.procedure.rules import extended_once, not_extended_before, term_runs
from supervision.records.rules import discussion_carries, legal_review_passed, remedies_known

from .. import rules
from .police import not_sentenced, not_with_the_police
from .referral import referral_settled
from .states import HEAD, State


class Decision:
    """The head decides, in time."""

    @step(
        label=_("Decide the penalty"), done=_("Penalty decided"), source=(State.REVIEWED, State.DELIBERATED),
        target=State.DECIDED, by=HEAD, law=("HY-40", "PL-57", "PP-43"),
        needs=[
            legal_review_passed, rules.hearing_right_settled, rules.deliberation_carried_if_major,
            rules.not_against_the_discussion, rules.decider_did_not_investigate, rules.facts_on_verified_evidence,
            rules.fine_in_range, rules.within_the_notice, rules.not_heavier_than_notified,
            rules.heavier_when_the_law_says_so, rules.lenience_has_its_circumstance, rules.penalty_is_not_exempt,
            rules.decided_after_review, rules.decided_as_discussed, remedies_known, rules.refund_account_known,
            rules.fine_account_known, not_with_the_police, not_sentenced,
        ],
        meets=["decision"], starts={"service": None, "publication": "decided_on"}, paper="penalty_decision",
        form="DecideForm",
    )  # fmt: skip
    def decide_penalty(self, *, tier, fine, **facts):
        """PL-57: the head decides after legal review, and after discussion when the case is major.

        PB-1: from the decision on its publication is due.
        """
        self.outcome = "penalty"
        self.tier, self.fine = tier, fine
        self.decided_on = facts["decided_on"]

    @step(
        label=_("Decide that there is no penalty"), done=_("No penalty decided"),
        source=(State.REVIEWED, State.DELIBERATED), target=State.DECIDED, by=HEAD, law=("PL-33", "HY-41", "PP-43"),
        needs=[
            legal_review_passed, rules.hearing_right_settled, rules.deliberation_carried_if_major,
            rules.not_against_the_discussion, rules.spared_as_discussed, rules.decider_did_not_investigate,
            rules.decided_after_review, remedies_known, rules.refund_account_known,
        ],
        meets=["decision"], starts=["service"], paper="no_penalty_decision", form="NoPenaltyForm",
    )  # fmt: skip
    def decide_no_penalty(self, *, reason, **facts):
        """PL-33, HY-41: exempt, or not established; refunds are still due when the fund lost."""
        self.outcome = "no_penalty"
        self.tier, self.fine = "exempt", 0
        self.closing_reason = reason
        self.decided_on = facts["decided_on"]

    @step(
        label=_("Extend the time to decide"), done=_("Time to decide extended"),
        source=(State.INVESTIGATING, State.REPORTED, State.REEXAMINING, State.IN_LEGAL_REVIEW, State.REVIEWED),
        target=None, by=HEAD, law="PP-45",
        needs=[term_runs("decision", "PP-45"), not_extended_before("decision", "PP-45")],
        extends={"decision": "PP-45/extension"}, form="ReasonForm",
    )  # fmt: skip
    def extend_decision(self, **facts):
        """PP-45: more time once by the head."""

    @step(
        label=_("Extend the time to decide by collective discussion"),
        done=_("Time to decide extended by collective discussion"),
        source=(State.INVESTIGATING, State.REPORTED, State.REEXAMINING, State.IN_LEGAL_REVIEW, State.REVIEWED),
        target=None, by=HEAD, law="PP-45",
        needs=[term_runs("decision", "PP-45"), extended_once("decision", "PP-45"), discussion_carries],
        extends={"decision": "PP-45/collective_extension"}, paper="deliberation_record", form="DeliberationForm",
        keeps="deliberation",
    )  # fmt: skip
    def extend_decision_again(self, **facts):
        """PP-45: still not decidable, a last extension by collective discussion."""

    @step(
        label=_("Terminate the case"), done=_("Case terminated"),
        source=(State.INVESTIGATING, State.SUSPENDED, State.REPORTED, State.REEXAMINING), target=State.TERMINATED,
        by=HEAD, law="PP-47", needs=[referral_settled], meets=["decision"], lapses=["hearing_request"],
        form="ReasonForm",
    )  # fmt: skip
    def terminate(self, *, reason, **facts):
        """PP-47: party dead or dissolved without successor; transferred to justice; other."""
        self.closing_reason = reason
