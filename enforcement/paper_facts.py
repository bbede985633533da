"""The facts the papers of a case are made from: what every one tells, and what only inner ones and decisions do."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from funds.models import Fund
from funds.paying import paying
from supervision.law.catalogue import cite, cite_formally, cite_together, rule
from supervision.law.values import period, value
from supervision.parties.models import User
from supervision.procedure.declare import Context
from supervision.records import defence
from supervision.records.papers import certificates, local_law, named_with_certificate, office, remedies
from supervision.records.selectors import newest_paper, statements_of

from .discretion import CENT, Tier, fine_range, ranges
from .models import EnforcementCase

PERSONS = ("insured", "practitioner")
# What the templates cite in full, so that no name of a law stands in them.
CITED = (
    "PP-13", "PP-14", "PP-15", "PP-36", "PP-37", "PP-39", "PP-42", "PP-43", "PP-44", "PP-56",
    "CR-2", "CR-3", "CR-5", "CR-6",
    "PL-28.1", "PL-32", "PL-33", "PL-44", "PL-45", "PL-63", "PL-64", "PL-66", "PL-67", "PL-72.1.1",
)  # fmt: skip
# The papers on the party's defence: the record of a statement, its re-examination, the record of a waiver.
NOTICE = "penalty_notice"
DEFENCE = ("case_statement_record", "case_statement_review", "case_statement_waiver")
LOCAL = ("HY-39", "HY-41", "HY-42")


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
            "evidence": [f"{one.get_kind_display()}：{one.title}" for one in fact.verified_evidence],
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


def evidence(case: EnforcementCase) -> list[dict[str, Any]]:
    """Each piece once: what it is, when and where it was taken, and which of the facts, by place, it proves (PL-59)."""
    proves: dict[Any, list[int]] = {}
    for place, fact in enumerate(case.standing_facts, start=1):
        for one in fact.evidence.all():
            proves.setdefault(one, []).append(place)
    return [
        {
            "kind": str(one.get_kind_display()),
            "title": one.title,
            "source": one.source,
            "collected_on": timezone.localdate(one.collected_at),
            "proves": places,
        }
        for one, places in proves.items()
    ]


def investigators(case: EnforcementCase) -> list[User]:
    """Who has charge of the case or assists now."""
    held = case.assignments.filter(until__isnull=True).exclude(duty="review").select_related("user")
    return [one.user for one in held]


def officers(case: EnforcementCase, on: date) -> list[str]:
    """Investigators in charge with the numbers of their certificates."""
    people = investigators(case)
    numbers = certificates(people, on)
    return [f"{one.name}（{numbers.get(one.pk, '—')}）" for one in people]


def course(case: EnforcementCase) -> dict[str, Any]:
    """Where the matter came from and what was done since: origin, discovery, filing, orders, hearings (PP-36)."""
    filing, order, origin = case.term("filing"), newest_paper(case, "correction_order"), case.origin
    proposed = case.events.order_by("seq").first()
    return {
        "origin": f"{origin.procedure.label}（{origin.number}）" if origin else "",
        "discovered_on": filing.start if filing else None,
        "conduct_ended_on": case.conduct_ended_on,
        "proposed_on": timezone.localdate(proposed.at) if proposed else None,
        "decide_by": filing.due if filing else None,
        "correction": {"number": order.number, "on": case.correction_ordered_on, "by": case.correct_by}
        if order
        else None,
        "suspended": case.suspension_ground,
        "evidence_count": _evidence_count(case),
    }


def _evidence_count(case: EnforcementCase) -> int:
    """Pieces that stand in the case's file, and those of the inspection its facts rest on."""
    own = set(case.evidence.exclude(state="rejected").values_list("pk", flat=True))
    return len(own.union(one.pk for fact in case.standing_facts for one in fact.evidence.all()))


def heard(case: EnforcementCase, on: date) -> dict[str, Any]:
    """How the party was told and heard: the notice and its service, the statement waived, what became of a hearing."""
    notice = newest_paper(case, "penalty_notice")
    told = case.events.filter(verb__in=("serve_notice", "waive_statement")).order_by("-seq").first()
    return {
        "notice": notice.number if notice else "",
        "served_on": case.notice_served_on,
        **defence.cited(case, *DEFENCE),
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
        "evidence": evidence(case),
        "office": office(case, context),
        "law": {
            **{rule_id: cite_formally(rule_id) for rule_id in CITED},
            "discretion": str(rule("DS-1").source.formal),
        },
        "local": local_law(case, *LOCAL),
        "surcharge_percent": f"{value('PP-55/surcharge_daily', scope=scope, on=today).value:f}".rstrip("0").rstrip("."),
        "payment_period": str(period("PP-52/payment", scope=scope, on=today)),
        "facts": dict(context.facts),
    }


def statement_record(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """A statement of the party, oral or written (PP-41, PL-45)."""
    return {"party": case.subject.name, **defence.statement_record(case, context, NOTICE)}  # type: ignore[union-attr]


def statement_review(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """The re-examination of what the party stated, point by point (PP-41, PL-45)."""
    return {
        **base(case, context),
        **defence.told_by(case, NOTICE),
        **defence.statement_review(case, context, DEFENCE[0]),
        "rechecked": context.facts["rechecked"],
    }


def statement_waiver(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """That the party states nothing, or nothing more (PP-41, PL-62)."""
    return {"party": case.subject.name, **defence.statement_waiver(case, context, NOTICE)}  # type: ignore[union-attr]


def inner(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """What an inner paper tells beside: where the matter came from, what the officers make of it, and who acts."""
    return {
        **base(case, context),
        "cause": case.cause,
        "nature": case.nature,
        "opinion": case.opinion,
        "course": course(case),
        "on": context.today,
        "by": str(context.actor),
        "by_officer": named_with_certificate(context.actor.user, context.today),
    }


def decision(case: EnforcementCase, context: Context) -> dict[str, Any]:
    """A decision: beside what every paper tells, into which accounts to pay and where it is contested (PL-59)."""
    told = base(case, context)
    rows = paying(case.authority, context.today, case.loss_by_fund, context.facts.get("fine") or Decimal(0))
    fine, proposed = context.facts.get("fine"), case.proposed_fine or Decimal(0)
    return {
        **told,
        "accounts": rows,
        "remedies": remedies(case, context),
        "discussed": _discussed(case),
        "proposed_fine": proposed,
        "fine_reason": context.facts.get("fine_reason", "") if fine is not None and fine < proposed else "",
    }


def _discussed(case: EnforcementCase) -> bool:
    """Whether what the newest legal review passed was discussed; a discussion sent back is reviewed anew."""
    newest = case.events.filter(verb__in=("deliberate", "pass_legal_review")).order_by("-seq").first()
    return newest is not None and newest.verb == "deliberate"


def _hearing_record(case: EnforcementCase) -> str:
    """Number of the transcript a decision after a hearing rests on (PL-65); '' where none was held."""
    record = newest_paper(case, "hearing_record") if case.hearing_held_on else None
    return record.number if record else ""


def _labels(case: EnforcementCase, field: str) -> list[Any]:
    choices = dict(case._meta.get_field(field).base_field.choices)  # type: ignore[union-attr]
    return [choices[value] for value in getattr(case, field)]
