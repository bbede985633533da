"""What follows from the steps of an inspection: its officers, the lead behind it, who goes on."""

from decimal import Decimal
from typing import Any

from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.procedure.models import Assignment, Event
from supervision.procedure.services import advance, assign, record, withdraw
from supervision.records.models import Evidence
from supervision.records.rows import told
from supervision.records.services.evidence import keep_upload

from .. import verbs
from ..leads.models import Lead
from ..leads.services import conclude_lead, open_lead
from .keeping import ISSUED, where_made
from .models import Finding, InspectionTask, Recusal

PDF = "application/pdf"


def carry_out_recusal(task: InspectionTask, event: Event, context: Any) -> None:
    """Withdraw the officer and put the substitute in the same place, where the head decided so."""
    facts = context.facts
    recusal: Recusal = facts["recusal"]
    if recusal.decision == Recusal.Decision.WITHDRAWS:
        _swap(task, recusal.officer, facts.get("replacement"), facts["reason"], context.actor)


def swap_officers(task: InspectionTask, event: Event, context: Any) -> None:
    """Withdraw one officer and put the other in the same place."""
    facts = context.facts
    _swap(task, facts["leaving"], facts["coming"], facts["reason"], context.actor)


def _swap(task: InspectionTask, leaving: Any, coming: Any, reason: str, actor: Any) -> None:
    held = Assignment.objects.filter(dossier=task.pk, user=leaving, until=None).order_by("-duty").first()
    duty = held.duty if held else Assignment.Duty.ASSIST
    withdraw(task, leaving, reason[:200], actor)
    if coming is not None:
        assign(task, coming, duty, actor)
    elif duty == Assignment.Duty.LEAD:
        _promote(task, actor)


def _promote(task: InspectionTask, actor: Any) -> None:
    """Somebody is always in charge: the longest assisting officer takes over."""
    assisting = Assignment.objects.filter(dossier=task.pk, until=None, duty=Assignment.Duty.ASSIST)
    if (longest := assisting.order_by("pk").first()) is not None:
        assign(task, longest.user, Assignment.Duty.LEAD, actor)


def file_record(task: InspectionTask, event: Event, context: Any) -> None:
    """The record as it was signed or refused is evidence, and every finding it tells of cites it (HY-37)."""
    paper = task.site_record_paper
    if paper is None:
        return
    kept = {"sha256": paper.sha256, "size": paper.size, "media_type": PDF, "name": paper.filename}
    title, source = f"{paper.title}（{paper.number}）", where_made(task, context, context.now, ISSUED)
    evidence = keep_upload(task, kept, context, kind=Evidence.Kind.INSPECTION, title=title, source=source)
    findings = list(task.findings.exclude(status=Finding.Status.DROPPED).order_by("number"))
    for finding in findings:
        finding.evidence.add(evidence)
    if findings:
        record(task, verbs.RECORD_CITED, context.actor, {"evidence": evidence, "kept": told(*findings)}, law=("HY-37",))


def tell_lead(task: InspectionTask, event: Event, context: Any) -> None:
    """Tell the lead behind a targeted inspection what came of it (HY-31, PP-14)."""
    lead = _lead_of(task)
    if lead is None or lead.is_closed:
        return
    conclusions = {
        InspectionTask.Conclusion.CLEAR: Lead.State.DISMISSED,
        InspectionTask.Conclusion.TO_AGENCY: Lead.State.TO_AGENCY,
        InspectionTask.Conclusion.TO_CASE: Lead.State.REFERRED if lead.authority.is_agency else Lead.State.TO_CASE,
    }
    conclude_lead(
        lead,
        conclusions[InspectionTask.Conclusion(task.conclusion)],
        context.actor,
        reason=f"{task.number}：{task.summary}",
        result=task,
        agency=context.facts.get("agency") if task.conclusion == InspectionTask.Conclusion.TO_AGENCY else None,
    )


def hand_on(task: InspectionTask, event: Event, context: Any) -> None:
    """Register the findings as a lead where somebody else goes on with them.

    An authority that goes on itself opens its breach or case with this inspection as origin; and when the inspection
    came from a lead, that lead has carried the matter over already. What breaches the agreement beside a case of the
    bureau goes to the agency in any event.
    """
    if context.facts.get("breaches_too"):
        breaches = task.findings.filter(status=Finding.Status.CONFIRMED).exclude(clause="")
        _open_follow_up(task, context, context.facts["agency"], Lead.Source.SUPERIOR, list(breaches))
    if _lead_of(task) is not None:
        return
    confirmed = list(task.findings.filter(status=Finding.Status.CONFIRMED))
    match task.conclusion, task.authority.is_agency:
        case InspectionTask.Conclusion.TO_AGENCY, False:
            _open_follow_up(task, context, context.facts["agency"], Lead.Source.SUPERIOR, confirmed)
        case InspectionTask.Conclusion.TO_CASE, True:
            bureau = Authority.objects.get(
                body=Authority.Body.BUREAU, active=True, region=task.authority.region, level=task.authority.level
            )
            _open_follow_up(task, context, bureau, Lead.Source.AGENCY_REPORT, confirmed)


def release_lead(task: InspectionTask, event: Event, context: Any) -> None:
    """An inspection called off gives its lead back to verification."""
    lead = _lead_of(task)
    if lead is not None and lead.state == Lead.State.TARGETED_CHECK:
        acting = Actor.system(lead.authority, moved_by=context.actor)
        advance(lead, "resume_verification", acting, reason=task.summary)


def _lead_of(task: InspectionTask) -> Lead | None:
    return Lead.objects.filter(pk=task.origin_id).first() if task.origin_id else None


def _open_follow_up(
    task: InspectionTask, context: Any, authority: Authority, source: str, findings: list[Finding]
) -> None:
    lines = [task.summary, *(f"{finding.number}. {finding.description}" for finding in findings)]
    funds = {finding.fund for finding in findings}
    open_lead(
        context.actor,
        authority=authority,
        title=task.title,
        subject=task.subject,
        source=source,
        facts="\n".join(lines),
        source_ref=task.number,
        # Sums of different funds are never added up (HY-3); each finding keeps its own.
        suspected_amount=sum((finding.amount for finding in findings), Decimal(0)) if len(funds) == 1 else None,
        origin=task,
    )
