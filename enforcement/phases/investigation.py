"""Investigation (HY-37, PP-13, PP-36, PP-42, PP-43): facts on evidence, the order to correct, the report."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import step

from .. import rules
from .referral import referral_settled
from .states import HEAD, OFFICER, State


class Investigation:
    """Two officers establish the facts and report."""

    # Columns of the case; their types are the model's.
    round: int

    @step(
        label=_("Establish a fact"), done=_("Fact established"), source=State.INVESTIGATING, target=None, by=OFFICER,
        law=("HY-37", "PL-54"), assigned=True, form="FactForm", keeps="keep_fact",
    )  # fmt: skip
    def establish_fact(self, **facts):
        """HY-37: a fact names its act, its loss by fund and the evidence it rests on."""

    @step(
        label=_("Withdraw a fact"), done=_("Fact withdrawn"), source=State.INVESTIGATING, target=None, by=OFFICER,
        law=("HY-37",), assigned=True, needs=[rules.facts_established], form="WithdrawFactForm", keeps="drop_fact",
    )  # fmt: skip
    def withdraw_fact(self, **facts):
        """A fact that does not stand is withdrawn with its reason; it stays on record."""

    @step(
        label=_("Issue the order to correct"), done=_("Ordered to correct"),
        source=State.INVESTIGATING, target=None, by=OFFICER,
        law=("PP-13", "RG-38"), assigned=True, needs=[rules.facts_established], paper="correction_order",
        form="CorrectionForm", then=["open_to_party"],
    )  # fmt: skip
    def order_correction(self, *, correct_by, **facts):
        """PP-13: a penalty always comes with an order to correct."""
        self.correction_ordered_on = facts["ordered_on"]
        self.correct_by = correct_by

    @step(
        label=_("Suspend the procedure"), done=_("Procedure suspended"), source=State.INVESTIGATING,
        target=State.SUSPENDED, by=HEAD, law="PP-42", pauses=["decision"], paper="suspension_of_procedure",
        form="SuspendForm",
    )  # fmt: skip
    def suspend(self, *, ground, **facts):
        """PP-42: awaiting a ruling, an interpretation; force majeure; party untraceable; other."""
        self.suspension_ground = ground

    @step(
        label=_("Resume the procedure"), done=_("Procedure resumed"), source=State.SUSPENDED,
        target=State.INVESTIGATING, by=HEAD, law="PP-42", resumes=["decision"], form="ReasonForm",
    )  # fmt: skip
    def resume(self, **facts):
        """PP-42: the ground has gone; the days between do not count."""

    @step(
        label=_("Submit the investigation report"), done=_("Investigation report submitted"),
        source=State.INVESTIGATING, target=State.REPORTED, by=OFFICER, law="PP-36", assigned=True,
        needs=[
            rules.two_certified_officers, rules.facts_established, rules.facts_on_verified_evidence,
            rules.facts_within_limitation, rules.expert_opinion_corroborated, rules.ordered_to_correct,
            rules.heavier_when_the_law_says_so,
            rules.fine_in_range, rules.not_heavier_for_defending,
        ],
        paper="investigation_report", form="ReportForm",
    )  # fmt: skip
    def submit_report(self, *, nature, tier, fine, opinion, **facts):
        """PP-36: party, course, facts and evidence, nature, proposal and basis, discretion."""
        self.nature, self.opinion = nature, opinion
        self.tier, self.proposed_fine = tier, fine
        self.lenient_factors, self.heavier_factors = facts["lenient"], facts["aggravating"]
        self.repeated_case = facts["repeated"]
        self.marked_major = facts["major"]
        self.round += 1

    @step(
        label=_("Send back to investigate"), done=_("Sent back to investigate"), source=State.REPORTED,
        target=State.INVESTIGATING, by=HEAD, law="PL-57", lapses=["police_decision"], form="ReasonForm",
    )  # fmt: skip
    def send_back(self, **facts):
        """PL-57: the head examines the result of the investigation."""

    @step(
        label=_("Transfer to the handling agency"), done=_("Transferred to the handling agency"),
        source=State.REPORTED, target=State.TRANSFERRED, by=HEAD, law="PP-43", needs=[referral_settled],
        meets=["decision"],
        paper="case_handover", form="ReasonForm", then=["hand_to_agency"],
    )  # fmt: skip
    def transfer_to_agency(self, *, reason, **facts):
        """PP-43: a matter of the agreement goes to the agency."""
        self.closing_reason = reason
