"""The facts of a case's inner forms: what is proposed, reviewed, discussed, heard and closed, and by whom."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from funds.selectors import receivables_of, standing_receipts
from supervision.parties.models import Certificate
from supervision.procedure.declare import Context
from supervision.records.models import LegalReview
from supervision.records.papers import discussion, named_with_certificate, office
from supervision.records.selectors import newest_paper, reviews_of

from .discretion import Tier, fine_range
from .forms import CloseForm, SuspendForm
from .models import EnforcementCase
from .paper_facts import base, inner
from .phases.states import State

Told = dict[str, Any]


def filing(case: EnforcementCase, context: Context) -> Told:
    """The proposal to file and what the head decides on it (PP-14, PP-15)."""
    return {**inner(case, context), "reason": context.facts.get("reason", ""), "note": context.facts.get("note", "")}


def suspension(case: EnforcementCase, context: Context) -> Told:
    """On which ground the procedure rests, and who approved it (PP-42)."""
    ground = str(dict(SuspendForm.GROUNDS)[context.facts["ground"]])
    return {**inner(case, context), "ground": ground, "reason": context.facts["reason"]}


def review_request(case: EnforcementCase, context: Context) -> Told:
    """What is put before the legal reviewer (PP-37)."""
    low, high = fine_range(case, Tier(case.tier), context.today)
    return {
        **inner(case, context),
        "tier": str(Tier(case.tier).label),
        "band": [low, high],
        "proposed_fine": case.proposed_fine or Decimal(0),
    }


def review_opinion(case: EnforcementCase, context: Context) -> Told:
    """The opinion of the reviewer with its reasons and the reviewer's qualification (PP-39)."""
    asked = reviews_of(case)
    user = context.actor.user
    legal = Certificate.objects.filter(user=user, kind=Certificate.Kind.LEGAL, valid__contains=context.today).first()
    return {
        **inner(case, context),
        "asked_on": timezone.localdate(asked[-1].requested_at) if asked else None,
        "review": str(LegalReview.Opinion(context.facts["opinion"]).label),
        "points": [[str(point.label), point in context.facts["sound"]] for point in LegalReview.Point],
        "reasons": context.facts.get("reasons", ""),
        "qualification": legal.number if legal else "",
    }


def deliberation(case: EnforcementCase, context: Context) -> Told:
    """The record of the discussion (PP-44, HY-40): of what is to be decided, or of more time to decide it (PP-45)."""
    facts = base(case, context)
    parts: list[Told] = [
        {
            "title": gettext("The case as reported"),
            "text": gettext("The investigators reported the course of the case, facts, evidence and proposal."),
            "head": [gettext("Duty breached"), gettext("Violation and facts"), gettext("Loss of the funds (yuan)")],
            "columns": [2, 4, 2],
            "rows": [
                [one["duty"], f"{one['act'].rstrip('。')}：{one['description']}", f"{one['amount']:,.2f}"]
                for one in facts["findings"]
            ],
        }
    ]
    if case.state != State.DELIBERATED:
        subject = gettext("More time to decide: %(case)s") % {"case": case.title}
        return discussion(case, context, subject=subject, told={"party": facts["party"]["name"], "parts": parts})
    parts += [
        {"title": gettext("The handling proposed"), "text": _proposal(case)},
        {
            "title": gettext("Matters discussed"),
            "text": gettext(
                "Competence of the authority, facts and evidence, application of the law, procedure, discretion."
            ),
        },
    ]
    told = discussion(case, context, subject=case.title, told={"party": facts["party"]["name"], "parts": parts})
    fine = context.facts["fine"]
    if fine != (case.proposed_fine or Decimal(0)):
        resolved = gettext("Fine resolved: %(yuan)s yuan.") % {"yuan": f"{fine:,.2f}"}
        told["resolution"] = f"{told['resolution']}\n{resolved}"
    return told


def _proposal(case: EnforcementCase) -> str:
    lines = []
    if case.loss:
        lines.append(gettext("Refund of the loss of the funds: %(yuan)s yuan.") % {"yuan": f"{case.loss:,.2f}"})
    if case.proposed_fine:
        lines.append(gettext("Fine: %(yuan)s yuan.") % {"yuan": f"{case.proposed_fine:,.2f}"})
    lines.append(gettext("Opinion of the investigators: %(opinion)s") % {"opinion": case.opinion})
    return "\n".join(lines)


def hearing(case: EnforcementCase, context: Context) -> Told:
    """The transcript of the hearing, for the signatures of all who took part (PL-64)."""
    said = context.facts
    asked = case.events.filter(verb="request_hearing").order_by("-seq").first()
    return {
        **inner(case, context),
        "held_on": said["held_on"],
        "place": asked.facts.get("place", "") if asked else "",
        "host": named_with_certificate(case.hearing_host, said["held_on"]),
        "present": said["present"],
        "absent": bool(said.get("absent")),
        "transcript": said["transcript"],
    }


def closing(case: EnforcementCase, context: Context) -> Told:
    """How the decision was performed, payment by payment with day and voucher (PP-56)."""
    number = newest_paper(case, "penalty_decision" if case.is_penalty else "no_penalty_decision")
    owed = list(receivables_of(case))
    standing = set(standing_receipts(case.subject).values_list("pk", flat=True)) if case.subject else set()
    return {
        **inner(case, context),
        "outcome": str(case.get_outcome_display()),
        "penalty": case.is_penalty,
        "decided_fine": case.fine or Decimal(0),
        "decision": number.number if number else "",
        "decided_on": case.decided_on,
        "decision_served_on": case.decision_served_on,
        "published_on": case.published_on,
        "claims": [
            {
                "what": str(claim.get_kind_display()),
                "fund": str(claim.get_fund_display()) if claim.fund else str(claim.get_route_display()),
                "amount": claim.amount,
                "received": claim.received,  # type: ignore[attr-defined]
                "state": str(claim.get_state_display()),
                "payments": [
                    {"on": one.paid_on, "amount": one.amount, "voucher": one.voucher}
                    for one in claim.receipts.all()
                    if one.pk in standing
                ],
            }
            for claim in owed
        ],
        "correction": _corrected(case, context),
        "reason": context.facts["reason"],
    }


def _corrected(case: EnforcementCase, context: Context) -> Told | None:
    """The order to correct, its service, and what became of it; None where no order is in force (PP-13)."""
    order = newest_paper(case, "correction_order")
    if order is None:
        return None
    result = context.facts.get("correction")
    return {
        "number": order.number,
        "on": case.correction_ordered_on,
        "served_on": min((one.served_on for one in order.services.all()), default=None),
        "by": case.correct_by,
        "result": str(dict(CloseForm.CORRECTIONS)[result]) if result else "",
        "checked": context.facts.get("correction_checked") or "",
    }


def referral(case: EnforcementCase, context: Context) -> Told:
    """To the police: what was found, why a crime is suspected, who decided it, and what is enclosed (CR-2, CR-3)."""
    said, report = context.facts, newest_paper(case, "investigation_report")
    return {
        **inner(case, context),
        "organ": said["organ"],
        "reason": said["reason"],
        "referred_on": said["decided_on"],
        "report": report.number if report else "",
        "office": office(case, context),
    }


def lowered(case: EnforcementCase, context: Context) -> Told:
    """To the party: by what the fine was lowered and what it is now (PP-46, PL-73)."""
    said, decided = context.facts, newest_paper(case, "penalty_decision")
    return {
        **base(case, context),
        "decision": decided.number if decided else "",
        "body": said["body"],
        "document": said["document"],
        "document_of": said["document_of"],
        "fine_before": said["fine_before"],
    }
