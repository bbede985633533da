"""The papers of a case (the national model forms) and the facts each is made from."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from funds.paying import paying
from supervision.law.catalogue import cite, cite_together, rule
from supervision.law.values import period, value
from supervision.parties.models import Certificate
from supervision.procedure.declare import Context
from supervision.records.models import LegalReview
from supervision.records.paper_types import PaperType, register
from supervision.records.papers import remedies
from supervision.records.selectors import newest_paper, statements_of

from .discretion import CENT, Tier, fine_range, ranges
from .models import EnforcementCase

PERSONS = ("insured", "practitioner")
Rows = list[tuple[str, Any]]


def party(case: EnforcementCase) -> dict[str, Any]:
    """The respondent as a paper names it."""
    subject = case.subject
    provider = getattr(subject, "provider", None)
    return {
        "name": subject.name if subject else "",
        "person": subject is not None and provider is None and subject.kind in PERSONS,
        "kind": subject.kind if subject else "",
        "code": subject.code if subject else "",
        "uscc": provider.uscc if provider else "",
        "address": provider.address if provider else "",
        "representative": provider.legal_representative if provider else "",
    }


def facts(case: EnforcementCase) -> list[dict[str, Any]]:
    """Standing facts: the duty breached, the article that sanctions it, conduct and its days, fund, loss, evidence."""
    return [
        {
            "duty": cite_together(rule(fact.act).breaches),
            "article": cite(fact.act),
            "act": fact.act_label,
            "description": fact.description,
            "from": fact.period_from,
            "to": fact.period_to,
            "fund": fact.get_fund_display(),
            "amount": fact.amount,
            "evidence": [f"{one.get_kind_display()}：{one.title}" for one in fact.evidence.all()],
        }
        for fact in case.standing_facts
    ]


def statements(case: EnforcementCase) -> list[dict[str, Any]]:
    """What the party stated, when, and point by point what became of it (PP-41, PL-45)."""
    return [
        {
            "made_on": one.made_on.isoformat(),
            "points": [
                {"text": point.text, "accepted": point.accepted, "answer": point.answer} for point in one.points.all()
            ],
        }
        for one in statements_of(case)
    ]


def officers(case: EnforcementCase, on: date) -> list[str]:
    """Investigators in charge with the numbers of their certificates."""
    held = case.assignments.filter(until__isnull=True).exclude(duty="review").select_related("user")
    numbers = dict(
        Certificate.objects.filter(
            kind=Certificate.Kind.ENFORCEMENT, valid__contains=on, user__in=[one.user_id for one in held]
        ).values_list("user", "number")
    )
    return [f"{one.user.name}（{numbers.get(one.user_id, '—')}）" for one in held]


def heard(case: EnforcementCase, on: date) -> dict[str, Any]:
    """How the party was told and heard: the notice and its service, the statement waived, what became of a hearing."""
    notice = newest_paper(case, "penalty_notice")
    told = case.events.filter(verb__in=("serve_notice", "waive_statement")).order_by("-seq").first()
    return {
        "notice": notice.number if notice else "",
        "served_on": case.notice_served_on,
        "statement_waived_on": told.facts["declared_on"] if told and told.verb == "waive_statement" else None,
        "hearing_due": case.is_large_penalty(on),
        "hearing_waived_on": case.hearing_waived_on,
        "hearing_requested_on": case.hearing_requested_on,
        "hearing_held_on": case.hearing_held_on,
    }


def discretion(case: EnforcementCase, on: date, fine: Decimal | None) -> dict[str, Any]:
    """Why this much: what the law lets the acts cost, the tier with its circumstances and band, the multiple.

    The multiple of the loss is told of one basis alone, since a sum over several is a multiple of nothing.
    """
    scope, tier = case.authority.scope, Tier(case.tier)
    allowed = ranges((fact.act for fact in case.standing_facts), scope, on)
    multiples = len(allowed) == 1 and allowed[0]["unit"] == "ratio" and case.loss and fine is not None
    exact = fine / case.loss if multiples and fine is not None else None
    return {
        "tier": tier.value,
        "lenient": [str(label) for label in _labels(case, "lenient_factors")],
        "aggravating": [str(label) for label in _labels(case, "heavier_factors")],
        "ranges": [
            {
                **one,
                "acts": cite_together(one["acts"]),
                "least": f"{one['least'].normalize():,f}",
                "greatest": f"{one['greatest'].normalize():,f}",
            }
            for one in allowed
        ],
        "band": [str(end) for end in fine_range(case, tier, on)],
        "multiple": f"{exact.quantize(CENT).normalize():f}" if exact is not None else "",
        "exact": exact is not None and exact == exact.quantize(CENT),
    }


def base(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """What every paper of a case tells."""
    scope, today = case.authority.scope, context.today
    acts = [fact.act for fact in case.standing_facts]
    filed = case.events.filter(verb="file").order_by("-seq").first()
    fine = context.facts.get("fine", case.proposed_fine)
    return {
        "party": party(case),
        "case_title": case.title,
        "filed_on": timezone.localdate(filed.at) if filed else None,
        "officers": officers(case, today),
        "findings": facts(case),
        "loss": case.loss,
        "loss_by_fund": [[str(Fund(fund).label), amount] for fund, amount in case.loss_by_fund.items()],
        "laws": list(dict.fromkeys(str(rule(act).source.name) for act in acts)),
        "duties": cite_together(duty for act in acts for duty in rule(act).breaches),
        "basis": cite_together(acts),
        "discretion": discretion(case, today, fine),
        "fine": fine,
        "statement_period": str(period("PP-41/statement", scope=scope, on=today)),
        "hearing_period": str(period("PL-63/request", scope=scope, on=today)),
        "heard": heard(case, today),
        "statements": statements(case),
        "hearing_record": _hearing_record(case),
        "surcharge_percent": f"{value('PP-55/surcharge_daily', scope=scope, on=today).value:f}".rstrip("0").rstrip("."),
        "payment_period": str(period("PP-52/payment", scope=scope, on=today)),
        "facts": dict(context.facts),
    }


def inner(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """What an inner paper tells beside: where the matter came from, and what the officers make of it."""
    return {**base(case, context), "cause": case.cause, "nature": case.nature, "opinion": case.opinion}


def decision(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """A decision: beside what every paper tells, into which accounts to pay and where it is contested (PL-59)."""
    told = base(case, context)
    rows = paying(case.authority, context.today, case.loss_by_fund, context.facts.get("fine") or Decimal(0))
    return {**told, "accounts": rows, "remedies": remedies(case, context)}


def _hearing_record(case: EnforcementCase) -> str:
    """Number of the transcript a decision after a hearing rests on (PL-65); '' where none was held."""
    record = newest_paper(case, "hearing_record") if case.hearing_held_on else None
    return record.number if record else ""


def _labels(case: EnforcementCase, field: str) -> list[Any]:
    choices = dict(case._meta.get_field(field).base_field.choices)  # type: ignore[union-attr]
    return [choices[value] for value in getattr(case, field)]


def sheet(rows: Callable[[EnforcementCase, Context], Rows]) -> Callable[[EnforcementCase, Context], dict[str, Any]]:
    """An inner form: the case's common rows, then its own."""

    def build(case: EnforcementCase, context: Context) -> dict[str, Any]:
        told = inner(case, context)
        common: Rows = [
            (gettext("Cause of the case"), case.title),
            (gettext("Party"), told["party"]["name"]),
            (gettext("Source and cause"), told["cause"]),
            (gettext("Officers in charge"), "、".join(told["officers"])),
        ]
        return {**told, "rows": [[label, value] for label, value in (*common, *rows(case, context))]}

    return build


def _approval(case: EnforcementCase, context: Context) -> Rows:
    return [
        (
            gettext("Opinion of the head"),
            context.facts.get("reason") or context.facts.get("note") or gettext("Approved"),
        ),
        (gettext("Approved by"), str(context.actor)),
    ]


def _suspension(case: EnforcementCase, context: Context) -> Rows:
    return [(gettext("Ground of suspension"), context.facts["reason"]), (gettext("Approved by"), str(context.actor))]


def _referral(case: EnforcementCase, context: Context) -> Rows:
    """CR-3: to whom, on what grounds, and what is enclosed."""
    said = context.facts
    report = newest_paper(case, "investigation_report")
    return [
        (gettext("Public security organ"), said["organ"]),
        (gettext("Nature of the conduct"), case.nature),
        (gettext("Why a crime is suspected"), said["reason"]),
        (gettext("Decided on"), said["decided_on"].isoformat()),
        (
            gettext("Enclosures"),
            gettext("Investigation report %(number)s, list of property, appraisal")
            % {"number": report.number if report else "—"},
        ),
    ]


def _review_request(case: EnforcementCase, context: Context) -> Rows:
    low, high = fine_range(case, Tier(case.tier), context.today)
    return [
        (gettext("Loss of the funds (yuan)"), f"{case.loss:,.2f}"),
        (gettext("Proposed handling"), case.opinion),
        (gettext("Discretion"), f"{Tier(case.tier).label}：{low:,.2f}–{high:,.2f}"),
        (gettext("Proposed fine (yuan)"), f"{case.proposed_fine or Decimal(0):,.2f}"),
        (gettext("Statement of the party"), gettext("made and answered") if case.has_statement else gettext("none")),
    ]


def _review(case: EnforcementCase, context: Context) -> Rows:
    return [
        (gettext("Proposed handling"), case.opinion),
        (gettext("Opinion of the legal review"), LegalReview.Opinion(context.facts["opinion"]).label),
        (gettext("Reasons"), context.facts.get("reasons") or "—"),
        (gettext("Reviewed by"), str(context.actor)),
    ]


def _deliberation(case: EnforcementCase, context: Context) -> Rows:
    said = context.facts
    votes = gettext("%(yes)s for, %(no)s against, %(abstained)s abstained") % {
        "yes": said["votes_for"],
        "no": said["votes_against"],
        "abstained": said["abstained"],
    }
    return [
        (gettext("Held on"), said["held_on"].isoformat()),
        (gettext("Chair"), str(said["chair"])),
        (
            gettext("Attended by"),
            gettext("%(names)s (%(present)s of %(entitled)s members)")
            % {
                "names": "、".join(str(one) for one in said["attendees"]),
                "present": len(said["attendees"]),
                "entitled": said["entitled"],
            },
        ),
        (gettext("Heard without a vote"), "、".join(str(one) for one in said["heard"]) or "—"),
        (
            gettext("Matters discussed"),
            gettext("competence, facts and evidence, application of law, procedure, discretion"),
        ),
        (gettext("Votes"), votes),
        (gettext("Dissent"), said.get("dissent") or "—"),
        (gettext("Resolution"), said["resolution"]),
    ]


def _hearing(case: EnforcementCase, context: Context) -> Rows:
    said = context.facts
    return [
        (gettext("Held on"), said["held_on"].isoformat()),
        (gettext("Host"), str(case.hearing_host)),
        (gettext("Present"), said["present"]),
        (gettext("Transcript"), said["transcript"]),
    ]


def _closing(case: EnforcementCase, context: Context) -> Rows:
    return [
        (gettext("Outcome"), case.get_outcome_display()),
        (gettext("Fine (yuan)"), f"{case.fine or Decimal(0):,.2f}"),
        (gettext("Decision served on"), case.decision_served_on.isoformat() if case.decision_served_on else "—"),
        (gettext("Performance"), context.facts["reason"]),
        (gettext("Approved by"), str(context.actor)),
    ]


def _lowered(case: EnforcementCase, context: Context) -> Rows:
    said, decision = context.facts, newest_paper(case, "penalty_decision")
    ruling = f"{said['body']} {said['document']} {said['document_of'].isoformat()}"
    return [
        (gettext("Penalty decision"), decision.number if decision else "—"),
        (gettext("Changed by"), ruling),
        (gettext("Fine decided (yuan)"), f"{said['fine_before']:,.2f}"),
        (gettext("Fine as changed (yuan)"), f"{said['fine']:,.2f}"),
        (
            gettext("Payment"),
            gettext("The day to pay stays the same; what was paid beyond the changed fine is paid back."),
        ),
    ]


SHEETS = (
    ("filing_approval", _("Filing approval"), "立审", _approval, ("PP-14",)),
    ("no_filing", _("Approval of not filing"), "不立", _approval, ("PP-15",)),
    ("suspension_of_procedure", _("Suspension of procedure"), "中", _suspension, ("PP-42",)),
    ("legal_review_request", _("Request for legal review"), "法送", _review_request, ("PP-37",)),
    ("legal_review_opinion", _("Opinion of legal review"), "法审", _review, ("HY-40", "PP-39")),
    ("deliberation_record", _("Record of collective discussion"), "集", _deliberation, ("PP-44",)),
    ("criminal_referral", _("Letter of criminal referral"), "涉罪移", _referral, ("CR-3",)),
    ("hearing_record", _("Record of hearing"), "听录", _hearing, ("PL-64",)),
    ("closing_report", _("Closing report"), "结", _closing, ("PP-56",)),
    ("lowered_fine_notice", _("Notice of the changed fine"), "罚变", _lowered, ("PP-46", "PL-73")),
)
LETTERS = (
    ("correction_order", _("Order to correct"), "责改", "correction", base, ("PP-13",)),
    ("investigation_report", _("Investigation report"), "调", "report", inner, ("PP-36",)),
    ("case_handover", _("Case handover letter"), "移", "handover", inner, ("PP-43",)),
    ("penalty_notice", _("Penalty notice"), "罚告", "notice", base, ("PP-41", "PL-44")),
    ("hearing_notice", _("Notice of hearing"), "听告", "hearing_notice", base, ("PL-64",)),
    ("penalty_decision", _("Penalty decision"), "罚", "decision", decision, ("PL-59", "PL-65", "RM-1", "RM-2")),
    ("no_penalty_decision", _("Decision not to punish"), "不罚", "no_penalty", decision, ("PL-33", "PL-65")),
)
for code, title, word, rows, law in SHEETS:
    register(PaperType(code, title, word, "enforcement/typ/sheet.typ", sheet(rows), law))
for code, title, word, template, told, articles in LETTERS:
    register(PaperType(code, title, word, f"enforcement/typ/{template}.typ", told, articles))
