"""How an agency handles a breach of the agreement (HY-18 … HY-24), with the path of termination (HY-21).

Read beside the articles. The whole must keep HY-21's last sentence: without a legal review that passed, nothing that
needs one is decided.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.law.values import amount, integer
from supervision.parties.models import Authority
from supervision.parties.roles import Role
from supervision.procedure.declare import Context, Procedure, TermSpec, Where, opening, rule, step
from supervision.records.rules import (
    legal_review_passed,
    paper_served,
    reviewer_is_independent,
    statement_window_closed,
    statements_answered,
)
from supervision.records.selectors import deliberations_of, reviews_of, statements_of

from .measures import BY_HAND, Ground

OFFICERS = (Role.AGENCY_CLERK, Role.AUDITOR)


@rule(_("No measure has been chosen"), law="HY-18")
def measures_chosen(case: Any) -> bool:
    return bool(case.planned)


@rule(_("No earlier suspensions within the term, or they were corrected: this ground does not hold"), law="HY-20")
def ground_holds(case: Any, context: Context) -> bool:
    """A termination has its ground; of the first ground the system knows the facts itself."""
    if not case.terminates:
        return True
    if case.ground == Ground.REPEATED_SUSPENSION:
        due = integer("HY-20/suspensions", scope=case.authority.scope, on=context.today)
        return case.not_corrected and case.earlier_suspensions >= due
    return case.ground in Ground.values


@rule(_("A termination or suspension needs an agreement in force"), law=["HY-19", "HY-20"])
def agreement_known(case: Any) -> bool:
    return case.breached_agreement is not None or not (case.terminates or "suspend_agreement" in case.kinds)


@rule(_("A statement was made; it has to be answered and re-examined"), law="HY-22")
def nothing_stated(case: Any) -> bool:
    return not statements_of(case)


@rule(_("A statement was made after all, or the period has not ended: this is no waiver"), law="HY-22")
def silence_is_waiver(case: Any, context: Context) -> bool:
    return not statements_of(case) and statement_window_closed(case, context)


notice_served = paper_served("breach_notice")


def collective_due(case: Any, on: Any) -> bool:
    """Whether HY-21 asks for the agency's collective discussion: by the kind of measure, or by the sum."""
    threshold = amount("HY-21/collective_threshold", scope=case.authority.scope, on=on)
    return case.suspends or case.terminates or case.counted_amount >= threshold


def carried(case: Any, purpose: str) -> bool:
    """Whether the newest discussion recorded by that step was of the present proposal and carried."""
    held = [one for one in deliberations_of(case) if one.purpose == purpose and one.pk > case.discussions_before]
    return bool(held) and held[-1].carried


@rule(_("The agency has to discuss this collectively first, and carry it"), law="HY-21")
def collective_discussion_carried_when_due(case: Any, context: Context) -> bool:
    return not collective_due(case, context.today) or carried(case, "deliberate")


@rule(_("A termination is decided by the city agency, after legal review and the city bureau's consent"), law="HY-21")
def not_terminating(case: Any) -> bool:
    return not case.terminates


@rule(_("The case does not propose to terminate the agreement"), law="HY-21")
def terminating(case: Any) -> bool:
    return bool(case.terminates)


@rule(_("The county agency has to refer the case to the city agency first"), law="HY-21")
def referred_or_own(case: Any) -> bool:
    return case.authority.level == Authority.Level.CITY or case.referred_on is not None


@rule(_("The case is the city agency's own; nothing is to be referred"), law="HY-21")
def of_a_county(case: Any) -> bool:
    return bool(case.authority.level == Authority.Level.COUNTY)


@rule(_("The city agency has to discuss the termination collectively first, and carry it"), law="HY-21")
def city_discussion_carried(case: Any) -> bool:
    return carried(case, "deliberate_termination")


@rule(_("The city bureau has to consent by collective discussion first"), law="HY-21")
def bureau_consented(case: Any) -> bool:
    return carried(case, "deliberate_consent")


@rule(_("The legal review must have agreed to the termination"), law=["HY-21", "PP-37"])
def review_of_round_passed(case: Any, context: Context) -> bool:
    """The newest review was of the present proposal and passed."""
    return legal_review_passed(case, context) and reviews_of(case)[-1].pk > case.reviews_before


@rule(_("The legal review agreed; it needs no second one"), law="HY-21")
def review_not_passed(case: Any, context: Context) -> bool:
    return not review_of_round_passed(case, context)


@rule(_("After a statement the handling may become lighter, never heavier"), law=["HY-22", "PP-41"], on_facts=True)
def not_heavier(case: Any, context: Context) -> bool:
    """No measure that was not in the notice, no fund charged more, no suspension longer."""
    facts = context.facts
    if set(facts["measures"]) - case.kinds or (facts["serious"] and not case.serious):
        return False
    for kind, by_fund in facts["amounts"].items():
        before = case.amounts.get(kind, {})
        if any(yuan > before.get(fund, 0) for fund, yuan in by_fund.items()):
            return False
    longest = max((measure.months or 0 for measure in case.planned), default=0)
    departments = {measure.department_id for measure in case.planned}
    people = {measure.practitioner_id for measure in case.planned}
    return (
        (facts["months"] or 0) <= longest
        and {department.pk for department in facts["departments"]} <= departments
        and {person.pk for person in facts["practitioners"]} <= people
    )


@rule(_("Settlement is paused already"), law="HY-19")
def settlement_runs(case: Any) -> bool:
    return case.settlement_pause is None


@rule(_("Settlement is not paused"), law="HY-19")
def settlement_paused(case: Any) -> bool:
    return case.settlement_pause is not None


@rule(_("Only a county agency's own decision is reviewed and filed"), law="HY-24")
def county_decision(case: Any) -> bool:
    """A termination is the city agency's decision, to which the city bureau has consented already."""
    return case.authority.level == Authority.Level.COUNTY and not case.terminates


@rule(_("The decision has to be reviewed and agreed to by the county bureau first"), law="HY-24")
def agreed_in_review(case: Any) -> bool:
    return case.review_agreed is True


@rule(_("The bureau of the same region has reviewed the decision"), law="HY-24")
def not_reviewed(case: Any) -> bool:
    return case.review_agreed is not True


@rule(_("The county bureau did not disagree with the decision"), law="HY-24")
def review_disagreed(case: Any) -> bool:
    return case.review_agreed is False


@rule(_("The decision has been filed"), law="HY-24")
def not_filed(case: Any) -> bool:
    return case.filed_on is None


@rule(_("The decision has to be filed with the city bureau first"), law="HY-24")
def filed_when_due(case: Any) -> bool:
    return not county_decision(case) or case.filed_on is not None


@rule(_("Money of this case is still to be paid"), law="HY-23")
def money_settled(case: Any) -> bool:
    return bool(case.money_settled)


@rule(_("A reminder or interview has not been carried out"), law="HY-18")
def measures_carried_out(case: Any) -> bool:
    return all(measure.done_on for measure in case.planned if measure.kind in BY_HAND)


@rule(_("Every reminder and interview has been carried out"), law="HY-18")
def something_to_carry_out(case: Any) -> bool:
    return not measures_carried_out(case)


@rule(_("The bureau has been told already"), law="HY-18")
def not_reported(case: Any) -> bool:
    return case.reported_on is None


class BreachProcedure(Procedure):
    """From the register to the closed case; a termination goes up to the city agency and its bureau."""

    review_agreed: bool | None

    kind, label, word = "breach", _("breach case"), "违"

    class State(TextChoices):
        REGISTERED = "registered", _("registered")
        NOTICE_ISSUED = "notice_issued", _("notice issued")
        IN_STATEMENT = "in_statement", _("statement and defence")
        HEARD = "heard", _("to be re-examined")
        REEXAMINED = "reexamined", _("re-examined")
        REFERRED = "referred", _("referred to the city agency")
        IN_REVIEW = "in_review", _("legal review")
        REVIEWED = "reviewed", _("reviewed")
        DECIDED = "decided", _("decision made")
        EXECUTING = "executing", _("in execution")
        CLOSED = "closed", _("closed")
        DISMISSED = "dismissed", _("dismissed, nothing found")

    initial = State.REGISTERED
    final = frozenset({State.CLOSED, State.DISMISSED})
    rail = (
        State.REGISTERED,
        State.NOTICE_ISSUED,
        State.IN_STATEMENT,
        State.REEXAMINED,
        State.DECIDED,
        State.EXECUTING,
        State.CLOSED,
    )
    opens = opening(label=_("Breach registered"), by=OFFICERS, law="HY-18")
    terms: ClassVar[Mapping[str, TermSpec]] = {
        "statement": TermSpec(
            _("Statement and defence"), law="HY-22", setting="HY-22/statement", on_lapse="end_statement_period"
        ),
        "filing": TermSpec(_("Filing with the city bureau"), law="HY-24", setting="HY-24/filing"),
    }

    UNDECIDED = (
        State.REGISTERED,
        State.NOTICE_ISSUED,
        State.IN_STATEMENT,
        State.HEARD,
        State.REEXAMINED,
        State.REFERRED,
        State.IN_REVIEW,
        State.REVIEWED,
    )

    @step(
        label=_("Choose measures"),
        done=_("Measures chosen"),
        source=State.REGISTERED,
        target=None,
        by=OFFICERS,
        law=["HY-18", "HY-19", "HY-20"],
        form="MeasuresForm",
        then=["keep_measures"],
        assigned=True,
    )
    def choose_measures(self, *, serious: bool, ground: int | None, not_corrected: bool, **facts: Any) -> None:
        self.serious, self.ground, self.not_corrected = serious, ground, not_corrected

    @step(
        label=_("Issue the notice"),
        done=_("Notice issued"),
        source=State.REGISTERED,
        target=State.NOTICE_ISSUED,
        by=OFFICERS,
        law="HY-22",
        needs=[measures_chosen, ground_holds, agreement_known],
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
        then=["keep_statement"],
        help=_("An oral statement is written down as its transcript. Hearing one is never refused."),
    )
    def record_statement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Make a statement"),
        done=_("Statement made by the party"),
        source=State.IN_STATEMENT,
        target=None,
        by=Role.PROVIDER_REP,
        at=Where.SUBJECT,
        law="HY-22",
        form="StatementForm",
        then=["keep_statement"],
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
        needs=[nothing_stated],
        meets=["statement"],
        form="WaiverForm",
        assigned=True,
    )
    def waive_statement(self, **facts: Any) -> None:
        self.waived = "express"

    @step(
        label=_("End the statement period"),
        done=_("Statement period ended"),
        source=State.IN_STATEMENT,
        target=State.HEARD,
        by=Role.SYSTEM,
        law="HY-22",
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
        needs=[silence_is_waiver],
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
        form="AnswerStatementForm",
        then=["keep_answers"],
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
        needs=[not_heavier],
        form="MeasuresForm",
        then=["keep_measures", "begin_anew"],
        assigned=True,
    )
    def lighten_measures(self, *, serious: bool, ground: int | None, not_corrected: bool, **facts: Any) -> None:
        self.serious, self.ground, self.not_corrected = serious, ground, not_corrected

    @step(
        label=_("Record the collective discussion"),
        done=_("Discussed collectively"),
        source=State.REEXAMINED,
        target=None,
        by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
        law="HY-21",
        needs=[statement_window_closed, statements_answered],
        form="DeliberationForm",
        paper="deliberation_minutes",
        then=["keep_deliberation"],
    )
    def deliberate(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Decide"),
        done=_("Decision made"),
        source=State.REEXAMINED,
        target=State.DECIDED,
        by=Role.AGENCY_HEAD,
        law=["HY-18", "HY-21", "HY-22"],
        needs=[
            notice_served,
            statement_window_closed,
            statements_answered,
            measures_chosen,
            not_terminating,
            collective_discussion_carried_when_due,
        ],
        form="DecisionForm",
        paper="breach_decision",
    )
    def decide(self, *, decided_on: Any, decision_text: str, pay_by: Any, **facts: Any) -> None:
        self.decided_on, self.decision_text, self.pay_by = decided_on, decision_text, pay_by

    @step(
        label=_("Refer to the city agency"),
        done=_("Referred to the city agency"),
        source=State.REEXAMINED,
        target=State.REFERRED,
        by=Role.AGENCY_HEAD,
        law="HY-21",
        needs=[terminating, of_a_county, statement_window_closed, statements_answered],
        form="ReferralForm",
    )
    def refer_to_city(self, *, referred_on: Any, **facts: Any) -> None:
        self.referred_on = referred_on

    @step(
        label=_("Record the city agency's discussion"),
        done=_("Discussed by the city agency"),
        source=(State.REEXAMINED, State.REFERRED),
        target=None,
        by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
        at=Where.CITY_AGENCY,
        law="HY-21",
        needs=[terminating, referred_or_own, statement_window_closed, statements_answered],
        form="DeliberationForm",
        paper="deliberation_minutes",
        then=["keep_deliberation"],
    )
    def deliberate_termination(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Submit for legal review"),
        done=_("Submitted for legal review"),
        source=(State.REEXAMINED, State.REFERRED, State.REVIEWED),
        target=State.IN_REVIEW,
        by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
        at=Where.CITY_AGENCY,
        law="HY-21",
        needs=[terminating, referred_or_own, city_discussion_carried, review_not_passed],
        then=["request_legal_review"],
    )
    def submit_for_review(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Give the legal opinion"),
        done=_("Legal opinion given"),
        source=State.IN_REVIEW,
        target=State.REVIEWED,
        by=Role.LEGAL_REVIEWER,
        at=Where.CITY_AGENCY,
        law=["HY-21", "PP-37", "PP-39"],
        needs=[reviewer_is_independent],
        form="LegalReviewForm",
        then=["keep_legal_review"],
    )
    def give_opinion(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Send back to the handling agency"),
        done=_("Sent back without termination"),
        source=(State.REFERRED, State.REVIEWED),
        target=State.REEXAMINED,
        by=Role.AGENCY_HEAD,
        at=Where.CITY_AGENCY,
        law="HY-21",
        form="ReasonForm",
        then=["begin_anew"],
        help=_("Where the termination was not carried, did not pass the review or was not consented to."),
    )
    def send_back(self, **facts: Any) -> None:
        self.referred_on = None

    @step(
        label=_("Record the city bureau's discussion"),
        done=_("Discussed by the city bureau"),
        source=State.REVIEWED,
        target=None,
        by=(Role.BUREAU_HEAD, Role.BUREAU_OFFICER),
        at=Where.CITY_BUREAU,
        law="HY-21",
        needs=[review_of_round_passed],
        form="DeliberationForm",
        paper="deliberation_minutes",
        then=["keep_deliberation"],
    )
    def deliberate_consent(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Decide the termination"),
        done=_("Termination decided"),
        source=State.REVIEWED,
        target=State.DECIDED,
        by=Role.AGENCY_HEAD,
        at=Where.CITY_AGENCY,
        law=["HY-20", "HY-21", "HY-22"],
        needs=[
            notice_served,
            statement_window_closed,
            statements_answered,
            terminating,
            ground_holds,
            city_discussion_carried,
            review_of_round_passed,
            bureau_consented,
        ],
        form="DecisionForm",
        paper="breach_decision",
    )
    def decide_termination(self, *, decided_on: Any, decision_text: str, pay_by: Any, **facts: Any) -> None:
        self.decided_on, self.decision_text, self.pay_by = decided_on, decision_text, pay_by

    @step(
        label=_("Record the service of the decision"),
        done=_("Decision served on the party"),
        source=State.DECIDED,
        target=State.EXECUTING,
        by=OFFICERS,
        law=["HY-18", "HY-23"],
        serves="breach_decision",
        form="ServeForm",
        then=["execute"],
        assigned=True,
    )
    def serve_decision(self, *, served_on: Any, **facts: Any) -> None:
        self.decision_served_on = served_on

    @step(
        label=_("Agree to the decision"),
        done=_("Bureau agreed to the decision"),
        source=(State.DECIDED, State.EXECUTING),
        target=None,
        by=(Role.BUREAU_OFFICER, Role.BUREAU_HEAD),
        at=Where.SAME_BUREAU,
        law="HY-24",
        needs=[county_decision, not_reviewed],
        starts={"filing": "reviewed_on"},
        form="ReviewForm",
    )
    def agree_to_decision(self, *, reviewed_on: Any, opinion: str = "", **facts: Any) -> None:
        self.review_agreed, self.reviewed_on, self.review_opinion = True, reviewed_on, opinion

    @step(
        label=_("Object to the decision"),
        done=_("Bureau objected to the decision"),
        source=State.DECIDED,
        target=None,
        by=(Role.BUREAU_OFFICER, Role.BUREAU_HEAD),
        at=Where.SAME_BUREAU,
        law="HY-24",
        needs=[county_decision, not_reviewed],
        form="ReasonForm",
    )
    def object_to_decision(self, *, reason: str, **facts: Any) -> None:
        self.review_agreed, self.review_opinion = False, reason

    @step(
        label=_("Withdraw the decision"),
        done=_("Decision withdrawn before service"),
        source=State.DECIDED,
        target=State.REEXAMINED,
        by=Role.AGENCY_HEAD,
        law="HY-24",
        needs=[review_disagreed],
        form="ReasonForm",
        then=["void_decision", "begin_anew"],
    )
    def withdraw_decision(self, **facts: Any) -> None:
        self.decided_on, self.decision_text, self.review_agreed = None, "", None
        self.referred_on = None

    @step(
        label=_("File with the city bureau"),
        done=_("Filed with the city bureau"),
        source=(State.DECIDED, State.EXECUTING),
        target=None,
        by=OFFICERS,
        law="HY-24",
        needs=[county_decision, agreed_in_review, not_filed],
        meets=["filing"],
        form="FilingForm",
        paper="filing_slip",
    )
    def file_with_city(self, *, filed_on: Any, **facts: Any) -> None:
        self.filed_on = filed_on

    @step(
        label=_("Record how a measure was carried out"),
        done=_("Measure carried out"),
        source=State.EXECUTING,
        target=None,
        by=OFFICERS,
        law="HY-18",
        needs=[something_to_carry_out],
        form="CarriedOutForm",
        then=["keep_carried_out"],
    )
    def carry_out(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Pause settlement"),
        done=_("Settlement paused"),
        source=UNDECIDED,
        target=None,
        by=Role.AGENCY_HEAD,
        law="HY-19",
        needs=[settlement_runs],
        form="ReasonForm",
        then=["pause"],
        help=_("While it is investigated; it ends by itself when nothing is found."),
    )
    def pause_settlement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Restore settlement"),
        done=_("Settlement restored"),
        source=(*UNDECIDED, State.DECIDED, State.EXECUTING),
        target=None,
        by=Role.AGENCY_HEAD,
        law="HY-19",
        needs=[settlement_paused],
        form="ReasonForm",
        paper="restoration_notice",
        then=["restore"],
    )
    def restore_settlement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Report to the bureau"),
        done=_("Reported to the bureau"),
        source=(*UNDECIDED, State.DECIDED, State.EXECUTING),
        target=None,
        by=(*OFFICERS, Role.AGENCY_HEAD),
        law=["HY-18", "HY-24"],
        needs=[not_reported],
        form="ReportForm",
        then=["report"],
        help=_("A suspected violation of law, a major breach, or one that may attract public attention."),
    )
    def report_to_bureau(self, *, reported_on: Any, **facts: Any) -> None:
        self.reported_on = reported_on

    @step(
        label=_("Dismiss: nothing found"),
        done=_("Case dismissed"),
        source=UNDECIDED,
        target=State.DISMISSED,
        by=Role.AGENCY_HEAD,
        law="HY-19",
        form="ReasonForm",
        lapses=["statement"],
        then=["restore"],
    )
    def dismiss(self, *, reason: str, **facts: Any) -> None:
        self.dismissed_because = reason

    @step(
        label=_("Close the case"),
        done=_("Case closed"),
        source=State.EXECUTING,
        target=State.CLOSED,
        by=Role.AGENCY_HEAD,
        law=["HY-18", "HY-23", "HY-24"],
        needs=[money_settled, measures_carried_out, filed_when_due],
        then=["restore"],
    )
    def close(self, **facts: Any) -> None:
        pass
