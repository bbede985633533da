"""What must hold before a bureau's case may move on: one named rule per condition, with its article."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.paying import all_named, paying
from funds.selectors import fine_claimed, is_owed, repayments_due
from supervision.law.values import integer
from supervision.procedure.declare import rule
from supervision.records.rules import deliberation_carried_for
from supervision.records.selectors import deliberations_of, papers_of, reviews_of

from .discretion import Tier, fine_range


@rule(_("Name the party: the respondent must be identified"), law="PP-15")
def respondent_identified(case):
    """PP-15: there is an identified respondent."""
    return case.subject_id is not None


@rule(_("The party is outside this bureau's area"), law=("PP-9", "PP-15"))
def own_jurisdiction(case):
    """PP-9, PP-15: the case lies in the bureau's own area."""
    return case.subject_id is not None and case.subject.region.path.startswith(case.authority.region.path)


@rule(_("Two officers with valid enforcement certificates must be in charge"), law=("PP-16", "HY-32"))
def two_certified_officers(case, context):
    """PP-16, HY-32: the number of certified investigators is a setting."""
    least = integer("PP-16/officers", scope=case.authority.scope, on=context.today)
    return len(case.certified_investigators(context.today)) >= least


@rule(
    _("The conduct ended longer ago than the limitation when it was discovered; no penalty can follow, so do not file"),
    law=("PP-6", "PL-36"),
)
def filed_within_limitation(case):
    """PP-6, PL-36: beyond the limitation only not filing remains."""
    return not case.is_barred(case.conduct_ended_on, harms_health=case.harms_health)


@rule(_("A fact lies beyond the limitation and cannot be punished; withdraw it"), law=("PP-6", "PL-36"))
def facts_within_limitation(case):
    """PP-6, PL-36: counted from the end of the conduct of each fact to its discovery."""
    return not any(case.is_barred(fact.period_to, harms_health=fact.harms_health) for fact in case.standing_facts)


@rule(_("No fact has been established yet"), law=("PP-36", "PL-54"))
def facts_established(case):
    """PP-36: the report states at least one established fact."""
    return bool(case.standing_facts)


@rule(_("A fact rests on evidence that is not verified; verify or reject each piece it cites"), law="HY-37")
def facts_on_verified_evidence(case):
    """HY-37: evidence is verified before it supports a fact; what was rejected supports none."""
    return all(fact.verified_evidence and not fact.unverified_evidence for fact in case.standing_facts)


@rule(_("A fact rests on expert opinion alone; other evidence must corroborate it"), law="HY-37")
def expert_opinion_corroborated(case):
    """HY-37: a medical review's conclusion is confirmed by other evidence."""
    return all(fact.is_corroborated for fact in case.standing_facts)


@rule(_("The statement period has not ended"), law=("PP-41", "HY-22"))
def statement_window_closed(case):
    """PP-41: the window closed by its end or by an express waiver."""
    return (term := case.term("statement")) is not None and term.closed


@rule(
    _("The party may still ask for a hearing: it was not held, not expressly waived, and its days have not ended"),
    law=("PL-63", "PL-64"),
)
def hearing_right_settled(case, context):
    """PL-63: a right of its own, which a waived statement leaves standing; one asked for is held first."""
    if case.hearing_requested_on is not None:
        return case.hearing_held_on is not None and case.hearing_held_on >= case.hearing_requested_on
    if not case.is_large_penalty(context.today) or case.hearing_waived_on is not None:
        return True
    term = case.term("hearing_request")
    return term is not None and (term.closed or context.today > term.due)


@rule(_("The proposed fine does not reach the threshold of a hearing"), law="PL-63", moot=True)
def hearing_is_due(case, context):
    """PL-63: the party may ask for a hearing when the proposed penalty is large."""
    return case.is_large_penalty(context.today)


@rule(_("The days in which a hearing may be asked for are over"), law="PL-63", moot=True)
def hearing_request_in_time(case, context):
    """PL-63: the right to ask runs from the service of the notice, as long as its term is open.

    Of a hearing that was asked for or waived it says nothing: its days did not run out.
    """
    if not hearing_not_settled_yet(case):
        return True
    term = case.term("hearing_request")
    return term is not None and term.is_open and context.today <= term.due


@rule(_("The hearing was asked for or waived already"), law="PL-63", moot=True)
def hearing_not_settled_yet(case):
    """PL-63: a round of notice and statement has one hearing; who waived it expressly does not ask for it again."""
    return case.hearing_requested_on is None and case.hearing_waived_on is None


@rule(_("The party did not ask between the service of the notice and the last day to ask"), law="PL-63", on_facts=True)
def hearing_asked_in_time(case, context):
    """PL-63: the day on which the party asked counts, though it be entered after the days are over."""
    term = case.term("hearing_request")
    return term is not None and case.notice_served_on <= context.facts["requested_on"] <= term.due


@rule(_("A major case needs a collective discussion that carried the decision"), law=("HY-40", "PP-44"))
def deliberation_carried_if_major(case, context):
    """HY-40, PP-44: major cases are decided after collective discussion, held on what the legal review passed.

    Only the state says that the newest discussion is of this round and not of one that was sent back.
    """
    return not case.is_major(context.today) or (is_discussed(case) and discussion_carried(case))


@rule(_("The collective discussion did not carry it; send it back"), law=("HY-40", "PP-44"))
def not_against_the_discussion(case):
    """PP-44: what was laid before a collective discussion is decided as the discussion carried it, major or not."""
    return not is_discussed(case) or discussion_carried(case)


discussion_carried = deliberation_carried_for("deliberate")


def is_discussed(case):
    return case.state == case.State.DELIBERATED


def resolved_fine(case):
    """The fine the newest discussion resolved, in yuan, as its event keeps it; the proposed one of minutes without."""
    told = case.events.filter(verb="deliberate").order_by("-seq").first()
    fine = told.facts.get("fine") if told else None
    return Decimal(fine) if fine is not None else case.proposed_fine or Decimal(0)


@rule(
    _("This is not the fine the collective discussion carried; another takes a new discussion, so send it back"),
    law=("PL-57", "PP-44"),
    on_facts=True,
)
def decided_as_discussed(case, context):
    """PL-57: what was discussed collectively is decided as carried, tier and fine; the head alone changes neither."""
    facts = context.facts
    as_carried = (case.tier, resolved_fine(case))
    return not is_discussed(case) or (facts.get("tier"), facts.get("fine")) == as_carried


@rule(
    _("The collective discussion carried a fine; that there is no penalty takes a new discussion, so send it back"),
    law=("PL-57", "PP-44"),
)
def spared_as_discussed(case):
    """PL-57: no penalty follows a discussion only where it carried none, a fine of 0."""
    return not is_discussed(case) or not resolved_fine(case)


@rule(_("The discussion lies before the legal review that passed the case"), law="HY-40", on_facts=True)
def discussed_after_review(case, context):
    """HY-40: what is discussed is what the legal review passed."""
    return context.facts["held_on"] >= _reviewed_on(case)


@rule(_("The decision lies before the legal review or the discussion it rests on"), law="HY-40", on_facts=True)
def decided_after_review(case, context):
    """HY-40: first reviewed, where major discussed, then decided; no decision is dated back."""
    held = deliberations_of(case) if is_discussed(case) else []
    return context.facts["decided_on"] >= max([_reviewed_on(case), *(one.held_on for one in held[-1:])])


def _reviewed_on(case):
    reviews = reviews_of(case)
    return timezone.localdate(reviews[-1].decided_at) if reviews and reviews[-1].decided_at else date.max


@rule(_("The person deciding may not be an investigator of this case"), law=("PL-57", "HY-40"))
def decider_did_not_investigate(case, context):
    """PL-57: the head decides, not those who investigated."""
    return context.actor.user is None or context.actor.user.pk not in case.investigators


@rule(
    _("The account the refund is to be paid into is not entered; the system administrator enters it"),
    law=("PL-59", "HY-47", "RG-45"),
    page="funds:accounts",
)
def refund_account_known(case, context):
    """PL-59, HY-47: a decision states how it is performed: into which account of which fund."""
    return all_named(paying(case.authority, context.today, case.loss_by_fund))


@rule(
    _("The account the fine is to be paid into is not entered; the system administrator enters it"),
    law=("PL-59", "PL-67", "HY-47"),
    page="funds:accounts",
)
def fine_account_known(case, context):
    """PL-67: the fine is paid into the treasury at a bank the decision names."""
    return all_named(paying(case.authority, context.today, {}, case.proposed_fine or Decimal(0)))


@rule(
    _("The fine lies outside the range of the law for these facts"),
    law=("RG-38", "RG-40", "RG-41", "DS-1", "DS-2"),
    on_facts=True,
)
def fine_in_range(case, context):
    """RG-38, RG-40, RG-41: least and greatest fine follow from the loss and the tier of discretion."""
    fine = context.facts.get("fine") or Decimal(0)
    tier = Tier(context.facts.get("tier") or case.tier)
    lowest, highest = fine_range(case, tier, context.today)
    return lowest <= fine <= highest


@rule(_("A party is never punished more heavily for having defended itself"), law=("PP-41", "PL-45"), on_facts=True)
def not_heavier_than_notified(case, context):
    """PL-45: after a statement the fine may not exceed what the notice proposed."""
    return not case.has_statement or (context.facts.get("fine") or Decimal(0)) <= (case.proposed_fine or Decimal(0))


@rule(_("Nothing new was found: who defended itself is not told of a heavier penalty"), law="PL-45", on_facts=True)
def not_heavier_for_defending(case, context):
    """PL-45: after a statement a new report goes above the earlier notice only on a greater loss or a new circumstance.

    Otherwise re-opening the investigation would be a way to punish more heavily for the defence.
    """
    if not case.has_statement or case.notified_fine is None:
        return True
    more = case.loss > case.notified_loss or set(context.facts["aggravating"]) - set(case.heavier_factors)
    return bool(more) or (context.facts.get("fine") or Decimal(0)) <= case.notified_fine


@rule(_("The fine exceeds what the notice told the party; a new notice must come first"), law="PL-44", on_facts=True)
def within_the_notice(case, context):
    """PL-44: nothing is decided that the party was not told beforehand; who defended itself is spoken of by PL-45."""
    return case.has_statement or (context.facts.get("fine") or Decimal(0)) <= (case.proposed_fine or Decimal(0))


@rule(_("Heavier circumstances were found; the tier must be “heavier”"), law="HY-42", on_facts=True)
def heavier_when_the_law_says_so(case, context):
    """HY-42: with one of its five circumstances the penalty must be heavier."""
    factors = context.facts.get("aggravating", case.heavier_factors)
    return not factors or context.facts.get("tier", case.tier) == Tier.HEAVIER


@rule(_("Name the circumstance of the leniency list first, in the report"), law=("HY-41", "DS-1"), on_facts=True)
def lenience_has_its_circumstance(case, context):
    """HY-41: below the ordinary tier only with a circumstance of the list on record."""
    return context.facts.get("tier") not in (Tier.LIGHTER, Tier.MITIGATED) or bool(case.lenient_factors)


@rule(_("Exempt means no penalty: decide that there is none"), law=("PL-33", "PP-43"), on_facts=True)
def penalty_is_not_exempt(case, context):
    """PP-43: a penalty and its absence are two outcomes, each with its paper."""
    return context.facts.get("tier") != Tier.EXEMPT


@rule(_("Money is still owed, or its enforcement has not been accepted"), law="PP-56")
def performed_in_full(case):
    """PP-56: closed when performed."""
    return case.money_is_settled


@rule(_("No payment is awaited"), law="PP-52", moot=True)
def payment_awaited(case):
    """PP-52: the term to pay is still open."""
    return (term := case.term("payment")) is not None and term.is_open


@rule(_("Nothing is owed any more"), law=("PP-52", "PP-56"))
def money_is_owed(case):
    """PP-56: a case is performed only while all its money is in."""
    return is_owed(case)


@rule(_("Money is still owed"), law="PP-52")
def nothing_is_owed(case):
    """PP-52: the party has paid; what is owed back to it keeps only the case open."""
    return not is_owed(case)


@rule(_("No fine is claimed in this case"), law=("PP-46", "PL-73"))
def a_fine_is_claimed(case):
    """PP-46: only a fine in force is lowered."""
    return fine_claimed(case) is not None


@rule(_("The decision is not public"), law="PP-46", moot=True)
def is_published(case):
    return case.published_on is not None


@rule(_("The decision is not public, or was not changed since"), law="PP-46", moot=True)
def changed_since_published(case):
    """PP-46: what is public is withdrawn once it is no longer what was decided."""
    newest = case.events.filter(verb__in=("publish", "lower_fine")).order_by("seq").last()
    return case.published_on is not None and newest is not None and newest.verb == "lower_fine"


@rule(_("Nothing is to be paid back"), law=("PP-46", "HY-47"), moot=True)
def repayment_is_due(case):
    return repayments_due(case).exists()


@rule(_("The payment is awaited already"), law="PP-52")
def payment_was_ended(case):
    """PP-52: the term to pay had been met."""
    return (term := case.term("payment")) is not None and term.closed


@rule(_("The case is not closed by its decision being published"), law=("PP-46", "PB-1"))
def published_if_due(case):
    """PP-46: a penalty with social effect is published."""
    return case.published_on is not None or not case.is_penalty


@rule(_("The decision has not been served yet"), law=("PP-46", "PP-59"))
def decision_service_counts(case, context):
    """PP-59: an announced decision counts as served only when its days are over."""
    return case.decision_served_on is not None and case.decision_served_on <= context.today


@rule(_("The decision is published already"), law="PP-46", moot=True)
def not_published_yet(case):
    """PP-46: a decision is published once."""
    return case.published_on is None


@rule(_("It cannot be published before it was served"), law=("PP-46", "PB-1"), on_facts=True)
def published_after_service(case, context):
    """PP-46: the party learns of its penalty before the public does."""
    return case.decision_served_on is not None and context.facts["published_on"] >= case.decision_served_on


@rule(_("The order to correct has not been issued"), law="PP-13")
def ordered_to_correct(case):
    """PP-13: a penalty always comes with an order to correct."""
    return case.correction_ordered_on is not None


@rule(_("The order to correct was never served; record its service beside it among the papers"), law=("PP-13", "PP-59"))
def orders_to_correct_served(case, context):
    """PP-13, PP-59: an order in force binds the party from its service; unserved, nobody can be held to it."""
    orders = [paper for paper in papers_of(case) if paper.type == "correction_order" and paper.is_in_force]
    return all(any(one.served_on <= context.today for one in order.services.all()) for order in orders)


@rule(_("No penalty was decided"), law="PP-43", moot=True)
def penalty_was_decided(case):
    """PP-43: the outcome of this case is a penalty."""
    return case.is_penalty


@rule(_("A penalty was decided"), law="PP-43", moot=True)
def no_penalty_was_decided(case):
    """PP-43: the outcome of this case is no penalty."""
    return not case.is_penalty
