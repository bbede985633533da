"""Legal review and collective discussion (HY-40, PP-37…40, PP-44): both come before the head decides."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import step
from supervision.procedure.rules import not_extended_before, term_runs
from supervision.records.rules import legal_review_passed, reviewer_is_independent, statements_answered

from .. import rules
from .states import HEAD, OFFICER, REVIEWER, State


class Review:
    """The case is reviewed, and discussed when it is major."""

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
        target=State.REVIEWED, by=REVIEWER, law=("HY-40", "PP-37", "PP-38", "PP-39"), needs=[reviewer_is_independent],
        meets=["legal_review"], paper="legal_review_opinion", form="PassReviewForm", keeps="legal_review",
    )  # fmt: skip
    def pass_legal_review(self, **facts):
        """PP-38, PP-39: the reviewer, who did not investigate, finds every point in order and agrees."""

    @step(
        label=_("Return for correction"), done=_("Returned by legal review for correction"),
        source=State.IN_LEGAL_REVIEW, target=State.REEXAMINING, by=REVIEWER, law=("HY-40", "PP-38", "PP-39"),
        needs=[reviewer_is_independent], meets=["legal_review"], paper="legal_review_opinion",
        form="ReturnReviewForm", keeps="legal_review",
    )  # fmt: skip
    def return_for_correction(self, **facts):
        """PP-39: procedure or handling must be corrected and reviewed again."""

    @step(
        label=_("Return for investigation"), done=_("Returned by legal review for investigation"),
        source=State.IN_LEGAL_REVIEW, target=State.INVESTIGATING, by=REVIEWER, law=("HY-40", "PP-38", "PP-39"),
        needs=[reviewer_is_independent], meets=["legal_review"], paper="legal_review_opinion",
        form="ReturnReviewForm", keeps="legal_review",
    )  # fmt: skip
    def return_for_investigation(self, **facts):
        """PP-39: facts are not clear or evidence is short; notice is given anew afterwards."""

    @step(
        label=_("Record the collective discussion"), done=_("Discussed collectively"), source=State.REVIEWED,
        target=State.DELIBERATED, by=HEAD, law=("HY-40", "PP-44"),
        needs=[legal_review_passed, rules.discussed_after_review],
        paper="deliberation_record", form="DiscussCaseForm", keeps="deliberation",
    )  # fmt: skip
    def deliberate(self, **facts):
        """HY-40: competence, facts and evidence, law, procedure and discretion are discussed; dissent is recorded."""

    @step(
        label=_("Send back after discussion"), done=_("Sent back after discussion"), source=State.DELIBERATED,
        target=State.REEXAMINING, by=HEAD, law=("HY-40", "PP-44"), form="ReasonForm",
    )  # fmt: skip
    def send_back_after_discussion(self, **facts):
        """A discussion that did not carry the proposal sends it back; legal review follows again."""
