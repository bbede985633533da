"""A bureau's case from filing to archive (HY-34…42, national procedure PP-14…57), readable beside the articles.

Lead → filing → investigation by two → report → notice → service → statement or hearing → re-examination → legal
review → collective discussion when major → decision → service → performance → closure → archive; publication on the
way.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, TermSpec, Where, opening, step
from supervision.procedure.rules import extended_once, not_extended_before, term_runs
from supervision.records.rules import (
    discussion_carries,
    legal_review_passed,
    reviewer_is_independent,
    statements_answered,
)

from . import rules

OFFICER, HEAD, REVIEWER = Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.LEGAL_REVIEWER


class CaseProcedure(Procedure):
    """The law of one enforcement case."""

    round: int

    kind, label, word = "case", _("enforcement case"), "案"

    class State(TextChoices):
        PROPOSED = "proposed", _("filing proposed")
        NOT_FILED = "not_filed", _("not filed")
        INVESTIGATING = "investigating", _("under investigation")
        SUSPENDED = "suspended", _("procedure suspended")
        REPORTED = "reported", _("investigation reported")
        NOTICE_ISSUED = "notice_issued", _("penalty notice issued")
        IN_STATEMENT = "in_statement", _("statement and defence")
        IN_HEARING = "in_hearing", _("hearing")
        REEXAMINING = "reexamining", _("re-examination")
        IN_LEGAL_REVIEW = "in_legal_review", _("legal review")
        REVIEWED = "reviewed", _("legal review passed")
        DELIBERATED = "deliberated", _("discussed collectively")
        DECIDED = "decided", pgettext_lazy("state", "decided")
        PERFORMING = "performing", _("in performance")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")
        TRANSFERRED = "transferred", pgettext_lazy("state", "transferred")
        TERMINATED = "terminated", _("terminated")

    initial = State.PROPOSED
    final = frozenset({State.NOT_FILED, State.ARCHIVED, State.TRANSFERRED, State.TERMINATED})
    rail = (
        State.PROPOSED, State.INVESTIGATING, State.REPORTED, State.NOTICE_ISSUED, State.IN_STATEMENT, State.REEXAMINING,
        State.IN_LEGAL_REVIEW, State.REVIEWED, State.DELIBERATED, State.DECIDED, State.PERFORMING, State.CLOSED,
        State.ARCHIVED,
    )  # fmt: skip
    opens = opening(label=_("Filing proposed"), by=OFFICER, law=("PP-14", "HY-39"), starts={"filing": "discovered_on"})
    terms: ClassVar[Mapping[str, TermSpec]] = {
        "filing": TermSpec(_("Decide on filing"), law="PP-14", setting="PP-14/verification"),
        "decision": TermSpec(_("Make the decision"), law="PP-45", setting="PP-45/decision"),
        "statement": TermSpec(
            _("Statement and defence"), law="PP-41", setting="PP-41/statement", on_lapse="record_waiver"
        ),
        "hearing_request": TermSpec(
            _("Ask for a hearing"), law="PL-63", setting="PL-63/request", on_lapse="end_hearing_request"
        ),
        "legal_review": TermSpec(_("Legal review"), law="PP-40", setting="PP-40/review"),
        "service": TermSpec(_("Serve the decision"), law="PP-59", setting="PP-59/service"),
        "payment": TermSpec(_("Pay"), law="PP-52", setting="PP-52/payment"),
        "publication": TermSpec(_("Publish the decision"), law="PB-1", setting="PB-1/penalty"),
    }

    # --- filing -------------------------------------------------------------------------------------------------

    @step(
        label=_("Approve filing"), done=_("Filed"), source=State.PROPOSED, target=State.INVESTIGATING, by=HEAD,
        law=("PP-14", "PP-15"),
        needs=[rules.respondent_identified, rules.own_jurisdiction, rules.two_certified_officers],
        meets=["filing"], starts=["decision"], paper="filing_approval",
    )  # fmt: skip
    def file(self, **facts):
        """PP-14, PP-15: the head approves filing; the 90 days to decide begin."""

    @step(
        label=_("Do not file"), done=_("Not filed"), source=State.PROPOSED, target=State.NOT_FILED, by=HEAD,
        law=("PP-14", "PP-15"), meets=["filing"], paper="no_filing", form="ReasonForm",
    )  # fmt: skip
    def refuse_filing(self, *, reason, **facts):
        """PP-15: a condition of filing is missing."""
        self.closing_reason = reason

    @step(
        label=_("Extend the time to decide on filing"), done=_("Time to decide on filing extended"),
        source=State.PROPOSED, target=None, by=HEAD, law="PP-14",
        needs=[term_runs("filing", "PP-14"), not_extended_before("filing", "PP-14")],
        extends={"filing": "PP-14/extension"}, form="ReasonForm",
    )  # fmt: skip
    def extend_filing(self, **facts):
        """PP-14: the principal head may add a second period."""

    # --- investigation ------------------------------------------------------------------------------------------

    @step(
        label=_("Establish a fact"), done=_("Fact established"), source=State.INVESTIGATING, target=None, by=OFFICER,
        law=("HY-37", "PL-54"), assigned=True, form="FactForm", then=["keep_fact"],
    )  # fmt: skip
    def establish_fact(self, **facts):
        """HY-37: a fact names its act, its loss by fund and the evidence it rests on."""

    @step(
        label=_("Withdraw a fact"), done=_("Fact withdrawn"), source=State.INVESTIGATING, target=None, by=OFFICER,
        law=("HY-37",), assigned=True, needs=[rules.facts_established], form="WithdrawFactForm", then=["drop_fact"],
    )  # fmt: skip
    def withdraw_fact(self, **facts):
        """A fact that does not stand is withdrawn with its reason; it stays on record."""

    @step(
        label=_("Order to correct"), done=_("Ordered to correct"), source=State.INVESTIGATING, target=None, by=OFFICER,
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
            rules.expert_opinion_corroborated, rules.ordered_to_correct, rules.heavier_when_the_law_says_so,
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
        target=State.INVESTIGATING, by=HEAD, law="PL-57", form="ReasonForm",
    )  # fmt: skip
    def send_back(self, **facts):
        """PL-57: the head examines the result of the investigation."""

    @step(
        label=_("Transfer to the handling agency"), done=_("Transferred to the handling agency"),
        source=State.REPORTED, target=State.TRANSFERRED, by=HEAD, law="PP-43", meets=["decision"],
        paper="case_handover", form="ReasonForm", then=["hand_to_agency"],
    )  # fmt: skip
    def transfer_to_agency(self, *, reason, **facts):
        """PP-43: a matter of the agreement goes to the agency."""
        self.closing_reason = reason

    # --- notice, statement, hearing -----------------------------------------------------------------------------

    @step(
        label=_("Approve and issue the notice"), done=_("Penalty notice issued"), source=State.REPORTED,
        target=State.NOTICE_ISSUED, by=HEAD, law=("PP-41", "PL-44"), needs=[rules.ordered_to_correct],
        paper="penalty_notice",
    )  # fmt: skip
    def notify(self, **facts):
        """PL-44: content, facts, reasons, basis and the right to state, defend and be heard are told beforehand."""
        self.notified_fine = self.proposed_fine
        self.notified_loss = self.loss  # type: ignore[attr-defined]

    @step(
        label=_("Record service of the notice"), done=_("Notice served"), source=State.NOTICE_ISSUED,
        target=State.IN_STATEMENT, by=OFFICER, law=("PP-41", "PP-59"), assigned=True, serves="penalty_notice",
        starts={"statement": "served_on", "hearing_request": "served_on"}, form="ServeForm", then=["open_to_party"],
    )  # fmt: skip
    def serve_notice(self, *, served_on, **facts):
        """PP-41: the window opens with service, not with issue; what was waived before was another notice's."""
        self.notice_served_on = served_on
        self.hearing_requested_on = self.hearing_waived_on = None

    @step(
        label=_("Record a statement"), done=_("Statement recorded"), source=State.IN_STATEMENT, target=None,
        by=OFFICER, law=("PP-41", "PL-45"), form="StatementForm", keeps="statement",
    )  # fmt: skip
    def record_statement(self, **facts):
        """PL-45: the authority hears the party fully; an oral statement is written down."""
        self.has_statement = True

    @step(
        label=_("Make a statement"), done=_("Statement made by the party"), source=State.IN_STATEMENT, target=None,
        by=Role.PROVIDER_REP, at=Where.SUBJECT, law=("PP-41", "PL-45"), form="StatementForm", keeps="statement",
    )  # fmt: skip
    def make_statement(self, **facts):
        """The party states and defends by itself."""
        self.has_statement = True

    @step(
        label=_("Record that the party has finished or waives its statement"), done=_("Statement finished or waived"),
        source=State.IN_STATEMENT, target=State.REEXAMINING, by=OFFICER, law=("PP-41", "PL-62"), meets=["statement"],
        form="WaiverForm", then=["waive_hearing_too"],
    )  # fmt: skip
    def waive_statement(self, **facts):
        """PL-62: unless the party expressly waives; the waiver is in writing. The hearing is a right of its own."""

    @step(
        label=_("Statement period over"), done=_("Statement period over"), source=State.IN_STATEMENT,
        target=State.REEXAMINING, by=Role.SYSTEM, law=("PP-41",), needs=[rules.statement_days_over],
        lapses=["statement"],
    )  # fmt: skip
    def record_waiver(self, **facts):
        """Silence to the end of the period counts as waiver; a statement already made is still answered."""

    @step(
        label=_("Record that the party waives the hearing"), done=_("Hearing waived"),
        source=(State.IN_STATEMENT, State.REEXAMINING), target=None, by=OFFICER, law="PL-63",
        needs=[rules.hearing_is_due, rules.hearing_request_in_time], meets=["hearing_request"],
        form="HearingWaiverForm",
    )  # fmt: skip
    def waive_hearing(self, *, declared_on, **facts):
        """PL-63: the party may waive the hearing expressly; having nothing to state does not waive it."""
        self.hearing_waived_on = declared_on

    @step(
        label=_("Period to ask for a hearing over"), done=_("Period to ask for a hearing over"),
        source=(State.IN_STATEMENT, State.REEXAMINING), target=None, by=Role.SYSTEM, law="PL-63",
        needs=[rules.hearing_days_over], lapses=["hearing_request"],
    )  # fmt: skip
    def end_hearing_request(self, **facts):
        """PL-63: who did not ask within the days no longer may."""

    @step(
        label=_("Accept the request for a hearing"), done=_("Hearing requested"),
        source=(State.IN_STATEMENT, State.REEXAMINING), target=State.IN_HEARING, by=OFFICER, law="PL-63",
        needs=[rules.hearing_is_due, rules.hearing_request_in_time], meets=["hearing_request"],
        pauses=["decision", "statement"], form="HearingRequestForm", paper="hearing_notice",
    )  # fmt: skip
    def request_hearing(self, *, requested_on, hearing_on, host, **facts):
        """PL-63, PL-64: asked for in time; announced days ahead; not hosted by an investigator."""
        self.hearing_requested_on = requested_on
        self.hearing_held_on = None
        self.hearing_on = hearing_on
        self.hearing_host = host

    @step(
        label=_("Record the hearing"), done=_("Hearing held"), source=State.IN_HEARING, target=State.REEXAMINING,
        by=OFFICER, law=("PL-64", "PL-65"), resumes=["decision"], meets=["statement"], paper="hearing_record",
        form="HearingForm",
    )  # fmt: skip
    def hold_hearing(self, *, held_on, absent, **facts):
        """PL-64: absence without cause is waiver; the transcript is signed. PL-65: decide on the transcript."""
        self.hearing_held_on = held_on
        self.has_statement = self.has_statement or not absent

    @step(
        label=_("Answer the statement"), done=_("Statement answered"), source=State.REEXAMINING, target=None,
        by=OFFICER, law=("PP-41", "HY-22"), form="AnswerStatementForm", keeps="answers",
    )  # fmt: skip
    def answer_statement(self, **facts):
        """PL-45: facts, reasons and evidence put forward are re-examined and answered point by point."""

    @step(
        label=_("Re-open the investigation"), done=_("Investigation re-opened"), source=State.REEXAMINING,
        target=State.INVESTIGATING, by=HEAD, law="PP-41", lapses=["hearing_request"], form="ReasonForm",
    )  # fmt: skip
    def reopen_investigation(self, **facts):
        """New facts go back through report and notice before anything is decided on them."""

    # --- legal review, discussion, decision ---------------------------------------------------------------------

    @step(
        label=_("Submit for legal review"), done=_("Submitted for legal review"), source=State.REEXAMINING,
        target=State.IN_LEGAL_REVIEW, by=OFFICER, law=("HY-40", "PP-37"), assigned=True,
        needs=[
            rules.statement_window_closed, statements_answered, rules.hearing_right_settled,
            rules.facts_on_verified_evidence, rules.expert_opinion_corroborated,
        ],
        lapses=["hearing_request"], starts=["legal_review"], paper="legal_review_request",
        keeps="legal_review_request",
    )  # fmt: skip
    def submit_for_legal_review(self, **facts):
        """HY-40: before the head decides, the case goes to legal review."""

    @step(
        label=_("Extend the legal review"), done=_("Legal review extended"), source=State.IN_LEGAL_REVIEW, target=None,
        by=HEAD, law="PP-40", extends={"legal_review": "PP-40/extension"}, form="ReasonForm",
        needs=[term_runs("legal_review", "PP-40"), not_extended_before("legal_review", "PP-40")],
    )  # fmt: skip
    def extend_legal_review(self, **facts):
        """PP-40: once more as long, by the head."""

    @step(
        label=_("Pass the legal review"), done=_("Legal review passed"), source=State.IN_LEGAL_REVIEW,
        target=State.REVIEWED, by=REVIEWER, law=("HY-40", "PP-37", "PP-39"), needs=[reviewer_is_independent],
        meets=["legal_review"], paper="legal_review_opinion", form="PassReviewForm", keeps="legal_review",
    )  # fmt: skip
    def pass_legal_review(self, **facts):
        """PP-39: the reviewer, who did not investigate, agrees."""

    @step(
        label=_("Return for correction"), done=_("Returned by legal review for correction"),
        source=State.IN_LEGAL_REVIEW, target=State.REEXAMINING, by=REVIEWER, law=("HY-40", "PP-39"),
        needs=[reviewer_is_independent], meets=["legal_review"], paper="legal_review_opinion",
        form="ReturnReviewForm", keeps="legal_review",
    )  # fmt: skip
    def return_for_correction(self, **facts):
        """PP-39: procedure or handling must be corrected and reviewed again."""

    @step(
        label=_("Return for investigation"), done=_("Returned by legal review for investigation"),
        source=State.IN_LEGAL_REVIEW, target=State.INVESTIGATING, by=REVIEWER, law=("HY-40", "PP-39"),
        needs=[reviewer_is_independent], meets=["legal_review"], paper="legal_review_opinion",
        form="ReturnReviewForm", keeps="legal_review",
    )  # fmt: skip
    def return_for_investigation(self, **facts):
        """PP-39: facts are not clear or evidence is short; notice is given anew afterwards."""

    @step(
        label=_("Record the collective discussion"), done=_("Discussed collectively"), source=State.REVIEWED,
        target=State.DELIBERATED, by=HEAD, law=("HY-40", "PP-44"),
        needs=[legal_review_passed, rules.discussed_after_review],
        paper="deliberation_record", form="DeliberationForm", keeps="deliberation",
    )  # fmt: skip
    def deliberate(self, **facts):
        """HY-40: competence, facts and evidence, law, procedure and discretion are discussed; dissent is recorded."""

    @step(
        label=_("Send back after discussion"), done=_("Sent back after discussion"), source=State.DELIBERATED,
        target=State.REEXAMINING, by=HEAD, law=("HY-40", "PP-44"), form="ReasonForm",
    )  # fmt: skip
    def send_back_after_discussion(self, **facts):
        """A discussion that did not carry the proposal sends it back; legal review follows again."""

    @step(
        label=_("Decide the penalty"), done=_("Penalty decided"), source=(State.REVIEWED, State.DELIBERATED),
        target=State.DECIDED, by=HEAD, law=("HY-40", "PL-57", "PP-43"),
        needs=[
            legal_review_passed, rules.hearing_right_settled, rules.deliberation_carried_if_major,
            rules.not_against_the_discussion, rules.decider_did_not_investigate, rules.facts_on_verified_evidence,
            rules.fine_in_range, rules.within_the_notice, rules.not_heavier_than_notified,
            rules.heavier_when_the_law_says_so, rules.lenience_has_its_circumstance, rules.penalty_is_not_exempt,
            rules.decided_after_review,
        ],
        meets=["decision"], starts=["service"], paper="penalty_decision", form="DecideForm",
    )  # fmt: skip
    def decide_penalty(self, *, tier, fine, **facts):
        """PL-57: the head decides after legal review, and after discussion when the case is major."""
        self.outcome = "penalty"
        self.tier, self.fine = tier, fine
        self.decided_on = facts["decided_on"]

    @step(
        label=_("Decide that there is no penalty"), done=_("No penalty decided"),
        source=(State.REVIEWED, State.DELIBERATED), target=State.DECIDED, by=HEAD, law=("PL-33", "HY-41", "PP-43"),
        needs=[
            legal_review_passed, rules.hearing_right_settled, rules.deliberation_carried_if_major,
            rules.not_against_the_discussion, rules.decider_did_not_investigate, rules.decided_after_review,
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
        by=HEAD, law="PP-47", meets=["decision"], lapses=["hearing_request"], form="ReasonForm",
    )  # fmt: skip
    def terminate(self, *, reason, **facts):
        """PP-47: party dead or dissolved without successor; transferred to justice; other."""
        self.closing_reason = reason

    # --- service, performance, closure --------------------------------------------------------------------------

    @step(
        label=_("Record service of the penalty decision"), done=_("Penalty decision served"), source=State.DECIDED,
        target=State.PERFORMING, by=OFFICER, law=("PP-59", "PL-61"), assigned=True, needs=[rules.penalty_was_decided],
        serves="penalty_decision", meets=["service"], starts={"payment": "served_on", "publication": "served_on"},
        form="ServeForm", then=["open_receivables", "tell_credit", "open_to_party"],
    )  # fmt: skip
    def serve_decision(self, *, served_on, **facts):
        """PP-59: on the spot or within seven working days; payment and publication run from service."""
        self.decision_served_on = served_on

    @step(
        label=_("Record service of the decision without penalty"), done=_("Decision without penalty served"),
        source=State.DECIDED, target=State.PERFORMING, by=OFFICER, law=("PP-59", "PL-61"), assigned=True,
        needs=[rules.no_penalty_was_decided], serves="no_penalty_decision", meets=["service"],
        starts={"payment": "served_on"}, form="ServeForm", then=["open_receivables", "open_to_party"],
    )  # fmt: skip
    def serve_no_penalty(self, *, served_on, **facts):
        """PP-59: what the fund lost is still due; nothing is published."""
        self.decision_served_on = served_on

    @step(
        label=_("Publish the decision"), done=_("Decision published"), source=(State.PERFORMING, State.CLOSED),
        target=None, by=OFFICER, law=("PP-46", "PB-1", "HY-43"),
        needs=[rules.penalty_was_decided, rules.decision_service_counts, rules.published_after_service],
        meets=["publication"], form="PublishForm",
    )  # fmt: skip
    def publish(self, *, digest, **facts):
        """PP-46, PL-48: the decision is open to the public; nothing personal leaks."""
        self.published_on = facts["published_on"]
        self.digest = digest

    @step(
        label=_("Close the case"), done=_("Case closed"), source=State.PERFORMING, target=State.CLOSED, by=HEAD,
        law="PP-56", needs=[rules.performed_in_full], meets=["payment"], paper="closing_report", form="ReasonForm",
    )  # fmt: skip
    def close(self, **facts):
        """PP-56: performed, or enforcement accepted by the court, or nothing to perform."""

    @step(
        label=_("Archive the file"), done=_("File archived"), source=State.CLOSED, target=State.ARCHIVED, by=OFFICER,
        law=("PP-57", "HY-34"), needs=[rules.published_if_due], assigned=True,
    )  # fmt: skip
    def archive(self, **facts):
        """PP-57: one case, one file, complete and in order."""
