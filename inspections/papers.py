"""The papers of leads and inspections, and the facts each is made from."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from inspections.leads.models import Lead
from inspections.officers import officers_of
from inspections.onsite.contradictions import contradictions
from inspections.onsite.models import Answer, Finding, InspectionTask
from supervision.law.catalogue import cite_formally, rule
from supervision.parties.models import Certificate
from supervision.procedure.declare import Context
from supervision.procedure.models import Dossier
from supervision.records.paper_types import PaperType, register
from supervision.records.papers import office, zh_moment
from supervision.records.signatures import drawn

FOLDER = "inspections/typ"


def _party(dossier: Dossier) -> dict[str, str]:
    subject = dossier.subject
    provider = getattr(subject, "provider", None) if subject else None
    return {
        "name": subject.name if subject else "",
        "code": subject.code if subject else "",
        "address": provider.address if provider else "",
        "representative": provider.legal_representative if provider else "",
        "phone": provider.phone if provider else "",
    }


def _officers(dossier: Dossier, context: Context) -> list[dict[str, str]]:
    """Names with the certificates valid on the day."""
    people = officers_of(dossier)
    held = Certificate.objects.filter(user__in=people, valid__contains=context.today).exclude(
        kind=Certificate.Kind.LEGAL
    )
    numbers: dict[int, str] = {}
    for certificate in held.order_by("kind"):
        numbers[certificate.user_id] = certificate.number
    return [{"name": user.name, "certificate": numbers.get(user.pk, "")} for user in people]


def _moment(value: Any) -> str:
    return zh_moment(value) if value else ""


def _counts(answer: Answer) -> str:
    """'42／35' where the books say something too, else what was counted, else nothing."""
    if answer.counted is None:
        return ""
    return str(answer.counted) if answer.expected is None else f"{answer.expected}／{answer.counted}"


def _local(dossier: Dossier) -> list[str]:
    """The local measures by name, where they hold."""
    source = rule("HY-32").source
    return [str(source.formal)] if source.holds_in(dossier.authority.region.code) else []


def lead_register(lead: Lead, context: Context) -> dict[str, Any]:
    """The register entry of a lead (PP-14)."""
    term = lead.term("verification")
    named = [user.name for user in context.facts.get("officers") or officers_of(lead)]
    return {
        "party": _party(lead),
        "source": lead.get_source_display(),
        "source_ref": lead.source_ref,
        "received_on": lead.received_on,
        "subject_line": lead.title,
        "description": lead.description,
        "amount": lead.suspected_amount,
        "officers": named,
        "due": term.due if term else None,
        "basis": cite_formally("PP-14"),
        "by": str(context.actor),
    }


def verification_conclusion(lead: Lead, context: Context) -> dict[str, Any]:
    """What the verification found and where the matter goes (PP-14, PP-15)."""
    agency, department = context.facts.get("agency"), context.facts.get("department")
    return {
        "party": _party(lead),
        "lead": lead.number,
        "source": lead.get_source_display(),
        "received_on": lead.received_on,
        "subject_line": lead.title,
        "verification": lead.verification,
        "conclusion": lead.state_label,
        "to": str(agency or department or ""),
        "reason": lead.reason,
        "officers": [each["name"] for each in _officers(lead, context)],
        "by": str(context.actor),
    }


def inspection_notice(task: InspectionTask, context: Context) -> dict[str, Any]:
    """What the party is told when the officers come (HY-32, HY-34)."""
    return {
        "party": _party(task),
        "kind": task.get_inspection_kind_display(),
        "checklist": task.checklist.checklist.name,
        "period": [task.examined_from, task.examined_to] if task.examined_from and task.examined_to else None,
        "officers": _officers(task, context),
        "laws": [str(rule("RG-27").source.formal), *_local(task)],
        "office": office(task, context),
        "shown_at": _moment(task.identity_shown_at),
        "received_by": task.received_by,
        "received_post": task.received_post,
    }


def site_record(task: InspectionTask, context: Context) -> dict[str, Any]:
    """The on-site record as signed, or refused before a witness (HY-32)."""
    facts, record = context.facts, task.site_record
    answers = task.answers.select_related("item").order_by("item__place")
    against = {each.answer.pk: list(each.findings) for each in contradictions(task)}
    return {
        "party": _party(task),
        "task": task.number,
        "kind": task.get_inspection_kind_display(),
        "checklist": str(task.checklist),
        "place": record.place,
        "begun_at": _moment(record.begun_at),
        "ended_at": _moment(record.ended_at),
        "received_by": task.received_by,
        "received_post": task.received_post,
        "officers": _officers(task, context),
        "text": record.text,
        "answers": [
            {
                "item": answer.item.text,
                "answer": answer.get_answer_display(),
                "counts": _counts(answer),
                "note": answer.note,
                "against": against.get(answer.pk, []),
            }
            for answer in answers
        ],
        "findings": [
            {
                "number": finding.number,
                "act": str(finding.act_rule.article) if finding.act_rule else finding.clause,
                "description": finding.description,
                "persons": finding.persons,
                "from": finding.period_from,
                "to": finding.period_to,
                "fund": finding.get_fund_display(),
                "amount": finding.amount,
            }
            for finding in task.findings.exclude(status=Finding.Status.DROPPED)
        ],
        "photos": [
            {"title": photo.evidence.title, "taken_at": _moment(photo.taken_at)}
            for photo in task.photos.select_related("evidence")
        ],
        "refused": "refused_because" in facts,
        "refused_because": facts.get("refused_because", ""),
        "witness": facts.get("witness", ""),
        "witness_post": facts.get("witness_post", ""),
        "remarks": facts.get("remarks", ""),
        "recording": (facts.get("recording") or {}).get("sha256", ""),
        "signatures": _signatures(task, context),
        "settled_at": _moment(context.now),
    }


def _signatures(task: InspectionTask, context: Context) -> list[dict[str, str]]:
    """Who signs, each with the picture of what was drawn, or with how else it stands on record (HY-32, PP-16)."""
    facts = context.facts
    on_paper = "签名在纸质笔录原件上" if facts.get("on_paper") else ""
    if "refused_because" in facts:
        who = " ".join(filter(None, (facts["witness"], facts.get("witness_post", ""))))
        others = [_signature("见证人", who, facts.get("witness_signature"), "本人到场见证，由检查人员登记")]
    else:
        who = " ".join(filter(None, (facts["signed_by"], facts.get("signed_post", ""))))
        others = [_signature("被检查单位", who, facts.get("signature"), on_paper)]
    files = {each["officer"].pk: each["file"] for each in facts["officer_signatures"]}
    numbers = {each["name"]: each["certificate"] for each in _officers(task, context)}
    # The tick of a signed record is the party's; that of a refusal is the officers' own.
    registered = (on_paper if "refused_because" in facts else "") or f"由{context.actor}在系统中登记确认"
    return others + [
        {
            **_signature("检查人员", user.name, files.get(user.pk), registered),
            "certificate": numbers.get(user.name, ""),
        }
        for user in facts["officers"]
    ]


def _signature(role: str, who: str, kept: Mapping[str, Any] | None, otherwise: str) -> dict[str, str]:
    """`otherwise`: what stands where nothing was drawn and no page was scanned."""
    picture = drawn(kept)
    how = "现场手写签名" if picture else "签名页影像另附" if kept else otherwise
    return {
        "role": role,
        "who": who,
        "certificate": "",
        "picture": picture,
        "sha256": (kept or {}).get("sha256", ""),
        "how": how,
    }


for code, title, word, context, law in (
    ("lead_register", _("Register of a lead"), "线登", lead_register, ("PP-14",)),
    ("verification_conclusion", _("Conclusion of a verification"), "核结", verification_conclusion, ("PP-14", "PP-15")),
    ("inspection_notice", _("Notice of inspection"), "检通", inspection_notice, ("HY-32", "HY-34")),
    ("site_record", _("On-site inspection record"), "检录", site_record, ("HY-32", "PP-16")),
):
    register(PaperType(code, title, word, f"{FOLDER}/{code}.typ", context, law))
