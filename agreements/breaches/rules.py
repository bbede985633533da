"""What must hold before a breach case may move on: one named rule per condition, with its article."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.paying import all_named, paying
from funds.selectors import is_owed
from supervision.law.values import amount, integer
from supervision.parties.models import Authority
from supervision.procedure.declare import Context, rule
from supervision.records.rules import legal_review_passed, paper_served, statement_window_closed
from supervision.records.selectors import deliberations_of, reviews_of, statements_of
from supervision.records.services.paper import issuing_authority

from .measures import BY_HAND, Ground


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


@rule(_("More is refused and recovered than the violating fees found"), law=["HY-18", "HY-21"])
def within_fees_found(case: Any) -> bool:
    """HY-18: what is refused or recovered are the violating fees, and no more."""
    return case.counted_amount <= (case.fees_found or 0)


@rule(_("A termination, a suspension and damages need an agreement in force"), law=["HY-18", "HY-19", "HY-20"])
def agreement_known(case: Any) -> bool:
    """What the agreement provides for takes an agreement."""
    by_agreement = {"suspend_agreement", "terminate_agreement", "damages"}
    return case.breached_agreement is not None or case.kinds.isdisjoint(by_agreement)


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


REEXAMINED_BY = ("waive_statement", "record_waiver", "reexamine")


def reexamined_on(case: Any) -> date | None:
    """The day the party's defence was done with: re-examined, or waived expressly or by silence (HY-22)."""
    event = case.events.filter(verb__in=REEXAMINED_BY).order_by("-seq").first()
    return timezone.localdate(event.at) if event else None


def decidable_from(case: Any) -> date | None:
    """The first day a decision may bear: that of the last act of this round it rests on (HY-21, HY-22)."""
    reviews = [one.decided_at for one in reviews_of(case) if one.decided_at and one.pk > case.reviews_before]
    held = [one.held_on for one in deliberations_of(case) if one.pk > case.discussions_before]
    days = [case.notice_served_on, reexamined_on(case), *held, *(timezone.localdate(at) for at in reviews)]
    return max((day for day in days if day), default=None)


@rule(_("The agency has to discuss this collectively first, and carry it"), law="HY-21")
def collective_discussion_carried_when_due(case: Any, context: Context) -> bool:
    return not collective_due(case, context.today) or carried(case, "deliberate")


@rule(
    _("The account what is to be paid goes to is not entered; the system administrator enters it"),
    law=["HY-47", "HY-25"],
    page="funds:accounts",
)
def accounts_known(case: Any, context: Context) -> bool:
    """HY-47: the decision says into which account of which fund it is paid."""
    return all_named(paying(issuing_authority(case, context.actor), context.today, case.payable_by_fund))


@rule(_("A termination is decided by the city agency, after legal review and the city bureau's consent"), law="HY-21")
def not_terminating(case: Any) -> bool:
    return not case.terminates


@rule(_("The case does not propose to terminate the agreement"), law="HY-21", moot=True)
def terminating(case: Any) -> bool:
    return bool(case.terminates)


@rule(_("The county agency has to refer the case to the city agency first"), law="HY-21")
def referred_or_own(case: Any) -> bool:
    return case.authority.level == Authority.Level.CITY or case.referred_on is not None


@rule(_("The case is the city agency's own; nothing is to be referred"), law="HY-21", moot=True)
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


@rule(_("The legal review agreed; it needs no second one"), law="HY-21", moot=True)
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


@rule(_("Settlement is paused already"), law="HY-19", moot=True)
def settlement_runs(case: Any) -> bool:
    return case.settlement_pause is None


@rule(_("Settlement is not paused"), law="HY-19", moot=True)
def settlement_paused(case: Any) -> bool:
    return case.settlement_pause is not None


@rule(_("Only a county agency's own decision is reviewed and filed"), law="HY-24", moot=True)
def county_decision(case: Any) -> bool:
    """A termination is the city agency's decision, to which the city bureau has consented already."""
    return case.authority.level == Authority.Level.COUNTY and not case.terminates


@rule(_("The decision has to be reviewed and agreed to by the county bureau first"), law="HY-24")
def agreed_in_review(case: Any) -> bool:
    return case.review_agreed is True


@rule(_("The bureau of the same region has reviewed the decision"), law="HY-24", moot=True)
def not_reviewed(case: Any) -> bool:
    return case.review_agreed is not True


@rule(_("The county bureau did not disagree with the decision"), law="HY-24", moot=True)
def review_disagreed(case: Any) -> bool:
    return case.review_agreed is False


@rule(_("The decision has been filed"), law="HY-24", moot=True)
def not_filed(case: Any) -> bool:
    return case.filed_on is None


@rule(_("The decision has to be filed with the city bureau first"), law="HY-24")
def filed_when_due(case: Any) -> bool:
    return not county_decision(case) or case.filed_on is not None


@rule(_("Money of this case is still to be paid"), law="HY-23")
def money_settled(case: Any) -> bool:
    return bool(case.money_settled)


@rule(_("Nothing is owed any more"), law=["HY-23", "HY-47"])
def money_is_owed(case: Any) -> bool:
    return is_owed(case)


@rule(_("A reminder or interview has not been carried out"), law="HY-18")
def measures_carried_out(case: Any) -> bool:
    return all(measure.done_on for measure in case.planned if measure.kind in BY_HAND)


@rule(_("Every reminder and interview has been carried out"), law="HY-18", moot=True)
def something_to_carry_out(case: Any) -> bool:
    return not measures_carried_out(case)


@rule(_("The bureau has been told already"), law="HY-18", moot=True)
def not_reported(case: Any) -> bool:
    return case.reported_on is None
