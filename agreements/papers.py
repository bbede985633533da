"""The papers of agreements and breaches: what each says, taken from the matter's own facts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from funds.paying import paying
from funds.selectors import receivables_of, totals
from supervision.law.catalogue import cite_where_it_holds
from supervision.law.values import period
from supervision.parties.models import Authority
from supervision.procedure.declare import Context
from supervision.records import defence
from supervision.records.paper_types import PaperType, register
from supervision.records.papers import DISCUSSION, discussion, local_law, office, remedies
from supervision.records.selectors import newest_paper, statements_of
from supervision.records.services.paper import issuing_authority
from supervision.workdays import Period, Unit, calendar_end

from .breaches.measures import Ground, MeasureKind, Outcome
from .designation.procedure import Clause

TEMPLATES = "agreements/papers"
LOCAL = ("HY-20", "HY-22", "HY-24", "HY-26")


def _measure_line(measure: Any) -> dict[str, str]:
    """One measure in words and figures."""
    of_what = measure.department or measure.practitioner
    extent = ""
    if measure.amount is not None:
        extent = f"{measure.amount:.2f}"
    elif measure.months:
        extent = str(Period(measure.months, Unit.MONTHS))
    return {
        "measure": str(MeasureKind(measure.kind).label),
        "object": str(of_what) if of_what else "",
        "fund": str(Fund(measure.fund).label) if measure.fund else "",
        "extent": extent,
        "money": "yes" if measure.amount is not None else "",
    }


def _ground(ground: int, authority: Authority) -> str:
    """The item of HY-20 by which an agreement is terminated, where it holds, and what it says."""
    item = cite_where_it_holds("HY-20", authority.region.code, int(ground))
    return f"{item}：{Ground(ground).label}" if item else str(Ground(ground).label)


def _case(case: Any) -> dict[str, Any]:
    """What every paper of a breach case may name."""
    return {
        "party": case.subject.name,
        "person": case.against_person,
        "provider": case.provider.name,
        "provider_code": case.provider.code,
        "agreement": case.breached_agreement.number if case.breached_agreement else "",
        "findings": case.facts_text,
        "fees_found": case.fees_found,
        "basis": case.basis,
        "measures": [_measure_line(measure) for measure in case.planned],
        "ground": _ground(case.ground, case.authority) if case.ground and case.terminates else "",
        "local": local_law(case, *LOCAL),
    }


def breach_notice(case: Any, context: Context) -> dict[str, Any]:
    """Content, facts, reasons, basis and the right to be heard (HY-22)."""
    days = period("HY-22/statement", scope=case.authority.scope, on=context.today)
    return {**_case(case), "days": str(days), "where": case.authority.name, "office": office(case, context)}


def statement_record(case: Any, context: Context) -> dict[str, Any]:
    """The statement: an oral one as its transcript, a written one as it was received (HY-22)."""
    return {**_case(case), **defence.statement_record(case, context, "breach_notice")}


def statement_waiver(case: Any, context: Context) -> dict[str, Any]:
    """The waiver in writing, or the silence to the end of the period (HY-22)."""
    return {**_case(case), **defence.statement_waiver(case, context, "breach_notice")}


def reexamination_opinion(case: Any, context: Context) -> dict[str, Any]:
    """Every point with its answer, and the result (HY-22)."""
    return {
        **_case(case),
        "statements": [
            {
                "made_by": statement.made_by,
                "made_on": statement.made_on,
                "points": [
                    {
                        "text": point.text,
                        "answer": point.answer,
                        "verdict": "采纳" if point.accepted else "不予采纳",
                    }
                    for point in statement.points.all()
                ],
            }
            for statement in statements_of(case)
        ],
        "conclusion": context.facts["conclusion"],
        "panel": context.facts.get("panel", ""),
    }


def deliberation_minutes(case: Any, context: Context) -> dict[str, Any]:
    """Who discussed, what each said and how each voted, who dissented, what was resolved (HY-21)."""
    told = _case(case)
    subject = gettext("Handling of the breach of the service agreement by %(party)s") % {"party": told["party"]}
    parts = [
        {"title": gettext("The case"), "text": f"{case.facts_text}\n{case.basis}"},
        {
            "title": gettext("The handling proposed"),
            "text": told["ground"],
            "head": [gettext("Measure"), gettext("Object"), gettext("Fund"), gettext("Amount (yuan) or period")],
            "columns": [4, 5, 5, 4],
            "rows": [[row["measure"], row["object"], row["fund"], _extent(row)] for row in told["measures"]],
        },
    ]
    return discussion(case, context, subject=subject, told={**told, "parts": parts})


def _extent(row: dict[str, str]) -> str:
    return f"{Decimal(row['extent']):,.2f}" if row["money"] else row["extent"]


def breach_decision(case: Any, context: Context) -> dict[str, Any]:
    """The decision with its reasons, the way it was reached, and the remedies (HY-21, HY-25)."""
    notice = newest_paper(case, "breach_notice")
    return {
        **_case(case),
        "notice_number": notice.number if notice else "",
        "notice_served_on": case.notice_served_on,
        "heard": str(case.get_waived_display()) if case.waived else "",
        **defence.cited(case, "statement_record", "reexamination_opinion", "statement_waiver"),
        "conclusion": case.conclusion,
        "reasons": case.decision_text,
        "decided_on": case.decided_on,
        "pay_by": case.pay_by or "",
        "bureau": _bureau_of(case).name,
        "accounts": paying(issuing_authority(case, context.actor), context.today, case.payable_by_fund),
        "remedies": remedies(case, context),
    }


def filing_slip(case: Any, context: Context) -> dict[str, Any]:
    """What is filed with the city bureau, and when the county bureau agreed to it (HY-24)."""
    decision = newest_paper(case, "breach_decision")
    return {
        **_case(case),
        "decision_number": decision.number if decision else "",
        "decided_on": case.decided_on,
        "reviewed_on": case.reviewed_on,
        "review_opinion": case.review_opinion,
        "filed_on": context.facts["filed_on"],
        "receiver": _city_bureau_of(case).name,
        "bureau": _bureau_of(case).name,
    }


def restoration_notice(case: Any, context: Context) -> dict[str, Any]:
    """Settlement is restored, from when and why (HY-19)."""
    held = case.settlement_pause
    return {
        **_case(case),
        "reason": context.facts["reason"],
        "paused_since": held.days.lower if held else "",
        "restored_on": context.today,
    }


def mediation_notice(case: Any, context: Context) -> dict[str, Any]:
    """The agency is told that the mediation was accepted, what is asked for, and who presides (HY-26)."""
    facts, dispute = context.facts, case.dispute
    return {
        **_case(case),
        **_disputed(case),
        "agency": case.authority.name,
        "raised_on": dispute.raised_on,
        "claim": dispute.claim,
        "accepted_on": facts["accepted_on"],
        "mediator": str(facts["mediator"]),
        "office": office(case, context),
    }


def mediation_agreement(case: Any, context: Context) -> dict[str, Any]:
    """What both sides agreed, for the signatures of both and of the mediator and the bureau's seal (HY-26)."""
    facts, dispute = context.facts, case.dispute
    return {
        **_case(case),
        **_disputed(case),
        "agency": case.authority.name,
        "claim": dispute.claim,
        "outcome": str(Outcome(facts["outcome"]).label),
        "result": facts["result"],
        "signed_on": facts["settled_on"],
        "signed_by_party": facts["signed_by_party"],
        "signed_by_agency": facts["signed_by_agency"],
        "mediator": str(dispute.mediator),
    }


def reversal_notice(case: Any, context: Context) -> dict[str, Any]:
    """Which decision is reversed, by what, as of when, and what is undone with it (HY-25)."""
    facts, dispute = context.facts, case.dispute
    return {
        **_case(case),
        **_disputed(case),
        "route": str(dispute.get_route_display()),
        "body": dispute.body,
        "reference": dispute.reference,
        "outcome": str(dispute.get_outcome_display()),
        "settled_on": dispute.settled_on,
        "reason": facts["reason"],
        "effective_on": facts["effective_on"],
        "changed": "yes" if dispute.outcome == Outcome.CHANGED else "",
        "repaid": [
            {"fund": one.label, "amount": f"{one.received:.2f}"} for one in totals(receivables_of(case)) if one.received
        ],
    }


def _disputed(case: Any) -> dict[str, Any]:
    """The decision in dispute."""
    decision = newest_paper(case, "breach_decision")
    return {
        "decision_number": decision.number if decision else "",
        "decided_on": case.decided_on,
        "decision_served_on": case.decision_served_on,
    }


def _bureau_of(dossier: Any) -> Authority:
    """The bureau that guides the owning agency."""
    authority: Authority = dossier.authority
    return authority.parent if authority.is_agency and authority.parent else authority


def _city_bureau_of(dossier: Any) -> Authority:
    bureau = _bureau_of(dossier)
    while bureau.parent is not None:
        bureau = bureau.parent
    return bureau


def _agreement(agreement: Any) -> dict[str, Any]:
    provider = agreement.provider
    return {
        "party": provider.name,
        "provider": provider.name,
        "provider_code": provider.code,
        "provider_class": f"{provider.get_sort_display()} · {provider.get_level_display()}",
        "legal_representative": provider.legal_representative,
        "address": provider.address,
        "agreement": agreement.number,
        "first_day": agreement.first_day,
        "last_day": agreement.last_day,
    }


def service_agreement(agreement: Any, context: Context) -> dict[str, Any]:
    """The text both sides sign, with its six groups of clauses (HY-16)."""
    return {
        **_agreement(agreement),
        "clauses": [str(Clause(clause).label) for clause in Clause.values if clause in agreement.clauses],
        "text": agreement.terms_text,
        "signed_on": context.facts["signed_on"],
    }


def suspension_notice(agreement: Any, context: Context) -> dict[str, Any]:
    """Which days the agreement is suspended, and by which decision (HY-19)."""
    first: date = context.facts["first_day"]
    months = Period(context.facts["months"], Unit.MONTHS)
    return {
        **_agreement(agreement),
        "order": context.facts["order"].number,
        "from": first,
        "local": local_law(agreement, *LOCAL),
        "months": str(months),
        "restored_on": calendar_end(first, months),
    }


def termination_notice(agreement: Any, context: Context) -> dict[str, Any]:
    """From when, on which ground, and until when no new agreement is made (HY-20)."""
    ended: date = context.facts["ended_on"]
    bar = period("HY-20/bar", scope=agreement.authority.scope, on=ended)
    return {
        **_agreement(agreement),
        "order": context.facts["order"].number,
        "ended_on": ended,
        "ground": _ground(context.facts["ground"], agreement.authority),
        "local": local_law(agreement, *LOCAL),
        "barred_until": calendar_end(ended, bar),
    }


SHARED = {
    "deliberation_minutes": DISCUSSION, "statement_record": defence.STATEMENT, "statement_waiver": defence.WAIVER,
}  # fmt: skip

for code, title, word, build, law in (
    ("breach_notice", _("Notice of breach handling"), "违告", breach_notice, ("HY-22",)),
    ("statement_record", _("Record of statement and defence"), "违陈", statement_record, ("HY-22",)),
    (
        "statement_waiver", _("Record of the waiver of statement and defence"), "违弃", statement_waiver, ("HY-22",),
    ),
    ("reexamination_opinion", _("Re-examination opinion"), "违复", reexamination_opinion, ("HY-22",)),
    ("deliberation_minutes", _("Minutes of collective discussion"), "集议", deliberation_minutes, ("HY-21",)),
    ("breach_decision", _("Decision on breach handling"), "违处", breach_decision, ("HY-18", "HY-21", "HY-25")),
    ("filing_slip", _("Filing slip"), "违备", filing_slip, ("HY-24",)),
    ("restoration_notice", _("Notice of restored settlement"), "复结", restoration_notice, ("HY-19",)),
    ("mediation_notice", _("Notice of mediation"), "调告", mediation_notice, ("HY-26",)),
    ("mediation_agreement", _("Mediation agreement"), "调协", mediation_agreement, ("HY-26",)),
    ("reversal_notice", _("Notice of reversal"), "违撤", reversal_notice, ("HY-25",)),
    ("service_agreement", _("Service agreement"), "服协", service_agreement, ("HY-16",)),
    ("suspension_notice", _("Notice of suspension"), "中止", suspension_notice, ("HY-19",)),
    ("termination_notice", _("Notice of termination"), "解除", termination_notice, ("HY-20",)),
):  # fmt: skip
    template = SHARED.get(code, f"{TEMPLATES}/{code}.typ")
    register(PaperType(code, title, word=word, template=template, context=build, law=law))
