"""Notice, statement and hearing (PP-41, PL-44, PL-45, PL-62…65): nothing is decided the party was not heard on."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import Where, step
from supervision.procedure.rules import last_day_over
from supervision.records.rules import office_known, stated_in_time, statement_unanswered

from .. import rules
from .referral import referral_settled
from .states import HEAD, OFFICER, State


class Notice:
    """The party is told and heard."""

    # Columns of the case; their types are the model's.
    has_statement: bool
    proposed_fine: Decimal | None

    @step(
        label=_("Approve and issue the notice"), done=_("Penalty notice issued"), source=State.REPORTED,
        target=State.NOTICE_ISSUED, by=HEAD, law=("PP-41", "PL-44"),
        needs=[rules.ordered_to_correct, office_known, referral_settled], paper="penalty_notice",
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
        label=_("Record a statement"), done=_("Statement recorded"), source=(State.IN_STATEMENT, State.IN_HEARING),
        target=None, by=OFFICER, law=("PP-41", "PL-45"), form="StatementForm", keeps="statement",
        paper="case_statement_record", then=["keep_statement_document"],
    )  # fmt: skip
    def record_statement(self, **facts):
        """PL-45: the authority hears the party fully; an oral statement is written down."""
        self.has_statement = True

    @step(
        label=_("Record a statement that arrived late"), done=_("Statement made in time and received later recorded"),
        source=(State.REEXAMINING, State.IN_LEGAL_REVIEW, State.REVIEWED, State.DELIBERATED), target=State.REEXAMINING,
        by=OFFICER, law=("PP-41", "PL-45", "PP-58"), assigned=True, needs=[stated_in_time], meets=["legal_review"],
        form="LateStatementForm", keeps="statement", paper="case_statement_record",
        then=["keep_statement_document", "void_waiver"],
        help=_("Made or posted by the last day, it is heard: what was reviewed or discussed without it is done again."),
    )  # fmt: skip
    def record_late_statement(self, **facts):
        """PP-58: the way of a letter does not count into the days; PL-45: it is answered before anything goes on."""
        self.has_statement = True

    @step(
        label=_("Make a statement"), done=_("Statement made by the party"), source=State.IN_STATEMENT, target=None,
        by=Role.PROVIDER_REP, at=Where.SUBJECT, law=("PP-41", "PL-45"), form="StatementForm", keeps="statement",
        paper="case_statement_record", then=["keep_statement_document"],
    )  # fmt: skip
    def make_statement(self, **facts):
        """The party states and defends by itself."""
        self.has_statement = True

    @step(
        label=_("Record that the party has finished or waives its statement"), done=_("Statement finished or waived"),
        source=State.IN_STATEMENT, target=State.REEXAMINING, by=OFFICER, law=("PP-41", "PL-62"), meets=["statement"],
        form="StatementWaiverForm", paper="case_statement_waiver", then=["keep_document", "waive_hearing_too"],
    )  # fmt: skip
    def waive_statement(self, *, on_paper, **facts):
        """PL-62: unless the party expressly waives; the waiver is in writing. The hearing is a right of its own."""
        self.waiver_on_paper = on_paper

    @step(
        label=_("End the statement period"), done=_("Statement period over"), source=State.IN_STATEMENT,
        target=State.REEXAMINING, by=Role.SYSTEM, law=("PP-41",), needs=[last_day_over("statement", "PP-41")],
        lapses=["statement"], then=["record_silence"],
    )  # fmt: skip
    def record_waiver(self, **facts):
        """Silence to the end of the period counts as waiver; a statement already made is still answered."""

    @step(
        label=_("Record that the party waives the hearing"), done=_("Hearing waived"),
        source=(State.IN_STATEMENT, State.REEXAMINING), target=None, by=OFFICER, law="PL-63",
        needs=[rules.hearing_is_due, rules.hearing_not_settled_yet, rules.hearing_request_in_time],
        meets=["hearing_request"], form="WaiverForm", then=["keep_document"],
    )  # fmt: skip
    def waive_hearing(self, *, declared_on, on_paper, **facts):
        """PL-63: the party may waive the hearing expressly; having nothing to state does not waive it."""
        self.hearing_waived_on, self.waiver_on_paper = declared_on, on_paper

    @step(
        label=_("End the period to ask for a hearing"), done=_("Period to ask for a hearing over"),
        source=(State.IN_STATEMENT, State.REEXAMINING), target=None, by=Role.SYSTEM, law="PL-63",
        needs=[last_day_over("hearing_request", "PL-63")], lapses=["hearing_request"],
    )  # fmt: skip
    def end_hearing_request(self, **facts):
        """PL-63: who did not ask within the days no longer may."""

    @step(
        label=_("Accept the request for a hearing"), done=_("Hearing requested"),
        source=(State.IN_STATEMENT, State.REEXAMINING), target=State.IN_HEARING, by=OFFICER, law="PL-63",
        needs=[rules.hearing_is_due, rules.hearing_not_settled_yet, rules.hearing_asked_in_time],
        meets=["hearing_request"], pauses=["decision", "statement"], form="HearingRequestForm", paper="hearing_notice",
        help=_("The day on which the party asked counts, also where it is entered later."),
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
        by=OFFICER, law=("PP-41", "HY-22"), needs=[statement_unanswered], form="AnswerCaseForm", keeps="answers",
        paper="case_statement_review",
    )  # fmt: skip
    def answer_statement(self, **facts):
        """PL-45: facts, reasons and evidence put forward are re-examined and answered point by point."""

    @step(
        label=_("Re-open the investigation"), done=_("Investigation re-opened"), source=State.REEXAMINING,
        target=State.INVESTIGATING, by=HEAD, law="PP-41", lapses=["hearing_request"], form="ReasonForm",
    )  # fmt: skip
    def reopen_investigation(self, **facts):
        """New facts go back through report and notice before anything is decided on them."""
