"""From the register to the re-examination: measures, notice, statement and defence (HY-18, HY-22)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import Where, step
from supervision.procedure.rules import last_day_over
from supervision.records.rules import (
    office_known,
    stated_in_time,
    statement_unanswered,
    statement_window_closed,
    statements_answered,
)

from . import rules
from .states import OFFICERS, State


class Notice:
    """The party is told and heard."""

    fees_found: Decimal | None
    referred_on: date | None
    waiver_on_paper: bool | None

    @step(
        label=_("Choose measures"),
        done=_("Measures chosen"),
        source=State.REGISTERED,
        target=None,
        by=OFFICERS,
        law=["HY-18", "HY-19", "HY-20"],
        form="MeasuresForm",
        keeps="keep_measures",
        assigned=True,
    )
    def choose_measures(self, *, serious: bool, ground: int | None, not_corrected: bool, **facts: Any) -> None:
        self.serious, self.ground, self.not_corrected = serious, ground, not_corrected
        self.fees_found = facts["fees_found"]

    @step(
        label=_("Issue the notice"),
        done=_("Notice issued"),
        source=State.REGISTERED,
        target=State.NOTICE_ISSUED,
        by=OFFICERS,
        law="HY-22",
        needs=[
            rules.measures_chosen,
            rules.within_fees_found,
            rules.ground_holds,
            rules.agreement_known,
            office_known,
        ],
        paper="breach_notice",
        assigned=True,
        help=_("Content, facts, reasons, basis and the right to be heard."),
    )
    def issue_notice(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Record the service of the notice"),
        done=_("Notice served"),
        source=State.NOTICE_ISSUED,
        target=State.IN_STATEMENT,
        by=OFFICERS,
        law="HY-22",
        starts={"statement": "served_on"},
        serves="breach_notice",
        form="ServeForm",
        then=["open_to_party"],
        assigned=True,
    )
    def serve_notice(self, *, served_on: Any, **facts: Any) -> None:
        self.notice_served_on = served_on

    @step(
        label=_("Record a statement"),
        done=_("Statement recorded"),
        source=(State.IN_STATEMENT, State.HEARD),
        target=None,
        by=OFFICERS,
        law="HY-22",
        form="StatementForm",
        paper="statement_record",
        keeps="statement",
        then=["keep_statement_document"],
        help=_("An oral statement is written down as its transcript. Hearing one is never refused."),
    )
    def record_statement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Record a statement that arrived late"),
        done=_("Statement made in time and received later recorded"),
        source=(State.REEXAMINED, State.REFERRED, State.IN_REVIEW, State.REVIEWED),
        target=State.HEARD,
        by=OFFICERS,
        law=["HY-22", "PP-58"],
        needs=[stated_in_time],
        form="LateStatementForm",
        paper="statement_record",
        keeps="statement",
        then=["begin_anew", "keep_statement_document", "void_waiver"],
        help=_("Made or posted by the last day, it is heard: what was reviewed or discussed without it is done again."),
    )
    def record_late_statement(self, **facts: Any) -> None:
        """PP-58: the way of a letter does not count into the days, so silence was no waiver."""
        self.waived, self.waiver_on_paper = "", None
        self.referred_on = None

    @step(
        label=_("Make a statement"),
        done=_("Statement made by the party"),
        source=State.IN_STATEMENT,
        target=None,
        by=Role.PROVIDER_REP,
        at=Where.SUBJECT,
        law="HY-22",
        form="StatementForm",
        paper="statement_record",
        keeps="statement",
        then=["keep_statement_document"],
        help=_("Say what you disagree with, one point a line; each is answered before anything is decided."),
    )
    def make_statement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Record an express waiver"),
        done=_("Right to be heard waived in writing"),
        source=State.IN_STATEMENT,
        target=State.REEXAMINED,
        by=OFFICERS,
        law="HY-22",
        needs=[rules.nothing_stated],
        meets=["statement"],
        form="WaiverForm",
        paper="statement_waiver",
        then=["keep_document"],
        assigned=True,
    )
    def waive_statement(self, *, on_paper: bool, **facts: Any) -> None:
        self.waived, self.waiver_on_paper = "express", on_paper

    @step(
        label=_("End the statement period"),
        done=_("Statement period ended"),
        source=State.IN_STATEMENT,
        target=State.HEARD,
        by=Role.SYSTEM,
        law="HY-22",
        needs=[last_day_over("statement", "HY-22")],
        lapses=["statement"],
        then=["take_silence_as_waiver"],
    )
    def end_statement_period(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Record the waiver"),
        done=_("No statement within the period: right to be heard waived"),
        source=State.HEARD,
        target=State.REEXAMINED,
        by=Role.SYSTEM,
        law="HY-22",
        needs=[rules.silence_is_waiver],
        paper="statement_waiver",
    )
    def record_waiver(self, **facts: Any) -> None:
        self.waived = "lapse"

    @step(
        label=_("Answer the statement"),
        done=_("Statement answered"),
        source=(State.IN_STATEMENT, State.HEARD),
        target=None,
        by=OFFICERS,
        law="HY-22",
        needs=[statement_unanswered],
        form="AnswerStatementForm",
        keeps="answers",
        assigned=True,
    )
    def answer_statement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Conclude the re-examination"),
        done=_("Re-examined"),
        source=State.HEARD,
        target=State.REEXAMINED,
        by=OFFICERS,
        law="HY-22",
        needs=[statement_window_closed, statements_answered],
        form="ReexaminationForm",
        paper="reexamination_opinion",
        assigned=True,
    )
    def reexamine(self, *, conclusion: str, panel: str = "", **facts: Any) -> None:
        self.conclusion, self.panel = conclusion, panel

    @step(
        label=_("Lighten the measures"),
        done=_("Measures lightened"),
        source=State.REEXAMINED,
        target=None,
        by=OFFICERS,
        law=["HY-22", "HY-18"],
        needs=[rules.not_heavier],
        form="MeasuresForm",
        keeps="keep_measures",
        then=["begin_anew"],
        assigned=True,
    )
    def lighten_measures(self, *, serious: bool, ground: int | None, not_corrected: bool, **facts: Any) -> None:
        self.serious, self.ground, self.not_corrected = serious, ground, not_corrected
        self.fees_found = facts["fees_found"]
