"""Conditions of law about records, for any procedure's `needs=`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.law.values import ratio
from supervision.parties.roles import Role
from supervision.procedure.declare import Context, Rule, rule

from .keeping import is_carried
from .models import Evidence
from .selectors import (
    deliberations_of,
    evidence_of,
    investigators_of,
    is_qualified_reviewer,
    kept,
    papers_of,
    reviews_of,
    statements_of,
)
from .services.paper import issuing_authority


@rule(_("Every point of the party's statement must be answered first"), law=["HY-22", "PL-45"])
def statements_answered(case: Any) -> bool:
    """Every statement is answered point by point; holds when none was made."""
    return all(statement.answered for statement in statements_of(case))


@rule(
    _("The reconsideration organ and the court to be named are not entered; the system administrator enters them"),
    law=["PL-59", "HY-25"],
    page="web:remedies",
)
def remedies_known(case: Any, context: Context) -> bool:
    """PL-59: a decision states where it is contested; whose name nobody entered cannot be stated."""
    return issuing_authority(case, context.actor).redress_on(context.today) is not None


@rule(
    _("Address and telephone at which the party reaches the authority are not entered; the administrator enters them"),
    law=["PL-44", "HY-22"],
    page="web:offices",
)
def office_known(case: Any, context: Context) -> bool:
    """PL-44, HY-22: who is told of a right is told where to use it."""
    return issuing_authority(case, context.actor).office_on(context.today) is not None


@rule(_("No point of a statement waits for an answer"), law=["HY-22", "PL-45"], moot=True)
def statement_unanswered(case: Any) -> bool:
    """Something was stated that nobody has answered yet."""
    return any(not statement.answered for statement in statements_of(case))


@rule(_("The period for a statement has not ended"), law="HY-22")
def statement_window_closed(case: Any, context: Context) -> bool:
    """The term `statement` was started and has lapsed, was met by an express waiver, or its last day is over.

    A procedure lets only the step of an express waiver meet this term.
    """
    term = case.term("statement")
    return term is not None and (term.closed or context.today > term.due)


@rule(
    _("It was not made between the service of the notice and the last day to state"),
    law=["HY-22", "PP-41", "PP-58"],
    on_facts=True,
)
def stated_in_time(case: Any, context: Context) -> bool:
    """PP-58: the way does not count; what the party made or posted by the last day is in time, whenever it arrives."""
    term = case.term("statement")
    return term is not None and case.notice_served_on <= context.facts["made_on"] <= term.due


@rule(_("The collective discussion must have carried it"), law=["HY-21", "PP-44"])
def deliberation_carried(case: Any) -> bool:
    """The newest collective discussion of the dossier had its quorum and majority."""
    held = deliberations_of(case)
    return bool(held) and held[-1].carried


def deliberation_carried_for(purpose: str) -> Rule:
    """The same of the newest discussion with this purpose: the name of the step that recorded it."""

    @rule(_("The collective discussion must have carried it"), law=["HY-21", "PP-44"])
    def deliberation_carried(case: Any) -> bool:
        held = [one for one in deliberations_of(case) if one.purpose == purpose]
        return bool(held) and held[-1].carried

    return deliberation_carried


@rule(_("The collective discussion must have carried it"), law=["HY-21", "PP-44"], on_facts=True)
def discussion_carries(case: Any, context: Context) -> bool:
    """The discussion this very step records has its quorum and majority."""
    said = context.facts
    body = context.actor.authority or case.authority
    quorum = ratio("HY-21/quorum", scope=body.scope, on=said["held_on"])
    return is_carried(len(said["attendees"]), said["entitled"], said["votes_for"], quorum)


@rule(_("The legal review must have agreed"), law=["HY-40", "PP-37"])
def legal_review_passed(case: Any) -> bool:
    """The newest legal review is decided and agreed; one still open, or any other opinion, does not pass."""
    reviews = reviews_of(case)
    return bool(reviews) and reviews[-1].passed is True


@rule(
    _("The reviewer must not have investigated the case, and needs the legal qualification for a first review"),
    law=["PP-37", "PL-58"],
)
def reviewer_is_independent(case: Any, context: Context) -> bool:
    """The acting reviewer never had charge of the dossier and is qualified.

    Of somebody who reviews nothing it says nothing: the missing role speaks for itself.
    """
    user = context.actor.user
    if user is None or not context.actor.has(Role.LEGAL_REVIEWER):
        return True
    if user.pk in investigators_of(case):
        return False
    return kept(case, f"qualified-{user.pk}", lambda: is_qualified_reviewer(user, context.today))


@rule(_("At least one piece of verified evidence must support the facts"), law="HY-37")
def facts_rest_on_verified_evidence(case: Any) -> bool:
    """Something was verified, and nothing collected still waits to be verified or rejected."""
    states = [one.state for one in evidence_of(case)]
    return Evidence.State.VERIFIED in states and Evidence.State.COLLECTED not in states


@rule(_("An expert opinion must be corroborated by other verified evidence"), law="HY-37")
def expert_opinion_corroborated(case: Any) -> bool:
    """Where an expert opinion was verified, evidence of another kind was verified too."""
    kinds = {one.kind for one in evidence_of(case) if one.state == Evidence.State.VERIFIED}
    return Evidence.Kind.EXPERT not in kinds or len(kinds) > 1


def paper_served(type: str) -> Rule:
    """The newest paper of this type in force was served, and the day from which service counts has come."""

    @rule(_("The paper must have been served first"), law="PP-59")
    def paper_served(case: Any, context: Context) -> bool:
        issued = [paper for paper in papers_of(case) if paper.type == type and paper.is_in_force]
        return bool(issued) and any(service.served_on <= context.today for service in issued[-1].services.all())

    return paper_served
