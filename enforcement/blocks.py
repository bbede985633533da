"""What the page of a case shows beside the course every matter has: facts, discretion, defence and review."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.procedure import clock
from supervision.records.selectors import beside, deliberations_of, reviews_of, statements_of
from supervision.web.format import yuan

from . import selectors
from .discretion import ACTS, Aggravating, Lenient, Tier, fine_range, statutory_range
from .forms import SuspendForm
from .models import EnforcementCase, Fact

CENT = Decimal("0.01")
TONES = {Tier.EXEMPT: "ok", Tier.MITIGATED: "ok", Tier.LIGHTER: "ok", Tier.ORDINARY: "", Tier.HEAVIER: "bad"}


@dataclass(frozen=True)
class Shown:
    """A fact and what is wrong with its evidence."""

    fact: Fact
    tone: str
    word: str | Promise


def standing(fact: Fact) -> tuple[str, str | Promise]:
    """Whether the fact may carry a decision (HY-37): tone and word."""
    if not fact.verified_evidence:
        return "warn", _("to be verified")
    if not fact.is_corroborated:
        return "bad", _("needs other evidence beside the expert opinion")
    return "ok", _("verified")


def facts_block(case: EnforcementCase, actor: Actor) -> Mapping[str, Any] | None:
    """Facts with basis, loss and evidence; the party reads them once the notice was served on it."""
    if actor.provider is not None and case.notice_served_on is None:
        return None
    facts = case.standing_facts
    by_fund: dict[str, Decimal] = {}
    for fact in facts:
        by_fund[fact.get_fund_display()] = by_fund.get(fact.get_fund_display(), Decimal(0)) + fact.amount
    officer = actor.provider is None
    return {
        "header": _("Loss of the funds: %(sum)s yuan") % {"sum": yuan(case.loss)} if facts else "",
        "case": case,
        "facts": [Shown(fact, *standing(fact)) for fact in facts],
        "by_fund": sorted(by_fund.items()) if len(by_fund) > 1 else [],
        "officer": officer,
        "withdrawn": case.facts.filter(withdrawn_at__isnull=False).order_by("pk") if officer else (),
        "findings": offered(case, actor),
    }


def offered(case: EnforcementCase, actor: Actor) -> Any:
    """Confirmed findings an officer of the case may still establish as facts."""
    if actor.user is None or case.state != case.State.INVESTIGATING or actor.user.pk not in case.investigators:
        return ()
    return selectors.findings_to_establish(case)


def discretion_block(case: EnforcementCase, actor: Actor) -> Mapping[str, Any] | None:
    """Range, circumstances, proposal and decision (HY-41, HY-42, DS)."""
    facts = case.standing_facts
    if not facts or actor.provider is not None:
        return None
    day = case.decided_on or clock.today()
    low, high = statutory_range(((fact.act, fact.amount) for fact in facts), case.authority.scope, day)
    fine = case.fine if case.fine is not None else case.proposed_fine
    return {
        "case": case,
        "header": _("by law %(low)s–%(high)s yuan") % {"low": yuan(low), "high": yuan(high)},
        "bases": sorted({ACTS[fact.act].basis for fact in facts}),
        "low": low,
        "high": high,
        "bands": [
            {"tier": tier, "least": least, "greatest": greatest, "chosen": bool(case.round) and tier == case.tier}
            for tier in Tier
            for least, greatest in [fine_range(case, tier, day)]
        ],
        "lenient": [Lenient(factor).label for factor in case.lenient_factors],
        "heavier": [
            {"label": Aggravating(factor).label, "found": factor == Aggravating.REPEATED and case.repeated_case_id}
            for factor in case.heavier_factors
        ],
        "repeated": case.repeated_case or (None if case.round else selectors.repeated_within_year(case, day)),
        "tier_tone": TONES[Tier(case.tier)],
        "multiple": multiple_of(case),
        "fine": fine,
        "likes": selectors.same_kind_cases(case),
    }


def multiple_of(case: EnforcementCase) -> Decimal | None:
    """The fine, decided or proposed, as a multiple of the loss."""
    fine = case.fine if case.fine is not None else case.proposed_fine
    return (fine / case.loss).quantize(CENT) if fine is not None and case.loss else None


def defence_block(case: EnforcementCase, actor: Actor) -> Mapping[str, Any] | None:
    """Statements with the answer to every point, and the hearing; the party reads its own."""
    statements = statements_of(case)
    if not (statements or case.hearing_requested_on or case.hearing_waived_on):
        return None
    points = [point for statement in statements for point in statement.points.all()]
    answered = sum(point.is_answered for point in points)
    return {
        "case": case,
        "statements": statements,
        "on_paper": beside(case).steps,
        "header": _("%(answered)s of %(points)s points answered") % {"answered": answered, "points": len(points)}
        if points
        else "",
    }


def review_block(case: EnforcementCase, actor: Actor) -> Mapping[str, Any] | None:
    """Legal reviews and collective discussions (HY-40)."""
    reviews, held = reviews_of(case), deliberations_of(case)
    if not reviews and not held:
        return None
    heard = beside(case).heard
    return {"reviews": reviews, "deliberations": [(one, heard.get(one.pk, ())) for one in held]}


def about_block(case: EnforcementCase, actor: Actor) -> Mapping[str, Any]:
    """Where the case comes from — which is not for the party to read —, what was ordered, how it ended."""
    return {
        "case": case,
        "officer": actor.provider is None,
        "ground": dict(SuspendForm.GROUNDS).get(case.suspension_ground, ""),
    }


def of_party(party: Party, actor: Actor) -> Mapping[str, Any] | None:
    """The cases against a party, the newest first, with what they cost it."""
    rows = list(selectors.cases(actor).filter(subject=party.pk).order_by("-opened_at", "-pk")[:20])
    if not rows:
        return None
    fines = sum((case.fine for case in rows if case.fine), Decimal(0))
    return {"cases": rows, "header": _("fines %(sum)s yuan") % {"sum": yuan(fines)} if fines else ""}
