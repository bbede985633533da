"""What a step of an inspection keeps in its own rows, and whom it tells."""

from decimal import Decimal
from typing import Any

from django.db.models import Max

from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.procedure.models import Assignment, Event
from supervision.procedure.services import advance, assign, withdraw
from supervision.records.models import Evidence
from supervision.records.services.evidence import keep_upload

from ..leads.models import Lead
from ..leads.services import conclude_lead, open_lead
from .models import Answer, Finding, InspectionTask, Photo, Recusal, SiteRecord


def keep_recusal(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep the declared recusal until the head decides it."""
    facts = context.facts
    Recusal.objects.create(
        dossier=task, officer=facts["officer"], ground=facts["ground"], reason=facts["reason"], raised_at=context.now
    )


def carry_out_recusal(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep the head's decision; withdraw the officer and put the substitute in the same place."""
    facts = context.facts
    recusal: Recusal = facts["recusal"]
    recusal.decision, recusal.decided_by, recusal.decided_at = facts["decision"], context.actor.user, context.now
    recusal.save(update_fields=["decision", "decided_by", "decided_at"])
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


def keep_answers(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep what was seen on each item."""
    items = {item.code: item for item in task.checklist.items.all()}
    for said in context.facts["answers"]:
        Answer.objects.update_or_create(
            task=task,
            item=items[said["item"]],
            defaults={name: said[name] for name in ("answer", "note", "expected", "counted")}
            | {"by": context.actor.user, "at": context.now},
        )


def keep_finding(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep a finding under the task's next number."""
    facts = context.facts
    columns = ("act", "clause", "description", "persons", "amount", "fund", "period_from", "period_to", "department",
               "alert_ref")  # fmt: skip
    last = task.findings.aggregate(last=Max("number"))["last"] or 0
    finding = Finding.objects.create(
        task=task,
        number=last + 1,
        added_by=context.actor.user,
        added_at=context.now,
        **{name: facts[name] for name in columns},
    )
    finding.practitioners.set(facts["practitioners"])
    finding.evidence.set(facts["evidence"])


def keep_photo(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep a photo as audiovisual evidence, with the item it shows; the same file again changes nothing."""
    facts = context.facts
    of_item = f"现场照片（核对“{facts['item'].text}”）" if facts["item"] else facts["file"]["name"]
    shown = facts["caption"] or of_item
    taken_at = min(facts["taken_at"], context.now)
    evidence = keep_upload(
        task, facts["file"], context, kind=Evidence.Kind.AUDIOVISUAL, title=shown, collected_at=taken_at
    )
    Photo.objects.get_or_create(evidence=evidence, defaults={"task": task, "item": facts["item"], "taken_at": taken_at})


def cite(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep which evidence proves a finding, besides what it cites already."""
    context.facts["finding"].evidence.add(*context.facts["evidence"])


def drop(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep that a finding does not hold."""
    finding: Finding = context.facts["finding"]
    finding.status, finding.dropped_because = Finding.Status.DROPPED, context.facts["reason"]
    finding.save(update_fields=["status", "dropped_because"])


def keep_record(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep the text of the record as it will be signed."""
    facts = context.facts
    SiteRecord.objects.update_or_create(
        task=task, defaults={name: facts[name] for name in ("place", "begun_at", "ended_at", "text")}
    )


def keep_signature(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep who signed for the party, and which officers."""
    _settle(task, context, SiteRecord.Outcome.SIGNED, ("signed_by", "signed_post", "remarks"), "signature")


def keep_refusal(task: InspectionTask, event: Event, context: Any) -> None:
    """Keep why the party did not sign and who witnessed it."""
    _settle(task, context, SiteRecord.Outcome.REFUSED, ("refused_because", "witness", "witness_post"), "recording")


def _settle(task: InspectionTask, context: Any, outcome: str, names: tuple[str, ...], proof: str) -> None:
    record = SiteRecord.objects.get(task=task)
    if kept := context.facts[proof]:
        title = f"{task.number} {SiteRecord._meta.verbose_name}"
        record.proof = keep_upload(task, kept, context, kind=Evidence.Kind.INSPECTION, title=title)
    for name in names:
        setattr(record, name, context.facts[name])
    record.outcome, record.settled_at = outcome, context.now
    record.save()
    record.officers.set(context.facts["officers"])


def confirm(task: InspectionTask, event: Event, context: Any) -> None:
    """Confirm every finding that was not dropped."""
    task.findings.filter(status=Finding.Status.DRAFT).update(status=Finding.Status.CONFIRMED)


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
        agency=context.facts.get("agency"),
    )


def hand_on(task: InspectionTask, event: Event, context: Any) -> None:
    """Register the findings as a lead where somebody else goes on with them.

    An authority that goes on itself opens its breach or case with this inspection as origin; and when the inspection
    came from a lead, that lead has carried the matter over already.
    """
    if _lead_of(task) is not None:
        return
    match task.conclusion, task.authority.is_agency:
        case InspectionTask.Conclusion.TO_AGENCY, False:
            _open_follow_up(task, context, context.facts["agency"], Lead.Source.SUPERIOR)
        case InspectionTask.Conclusion.TO_CASE, True:
            bureau = Authority.objects.get(
                body=Authority.Body.BUREAU, active=True, region=task.authority.region, level=task.authority.level
            )
            _open_follow_up(task, context, bureau, Lead.Source.AGENCY_REPORT)


def release_lead(task: InspectionTask, event: Event, context: Any) -> None:
    """An inspection called off gives its lead back to verification."""
    lead = _lead_of(task)
    if lead is not None and lead.state == Lead.State.TARGETED_CHECK:
        advance(lead, "resume_verification", Actor.system(lead.authority), reason=task.summary)


def _lead_of(task: InspectionTask) -> Lead | None:
    return Lead.objects.filter(pk=task.origin_id).first() if task.origin_id else None


def _open_follow_up(task: InspectionTask, context: Any, authority: Authority, source: str) -> None:
    confirmed = list(task.findings.filter(status=Finding.Status.CONFIRMED))
    lines = [task.summary, *(f"{finding.number}. {finding.description}" for finding in confirmed)]
    funds = {finding.fund for finding in confirmed}
    open_lead(
        context.actor,
        authority=authority,
        title=task.title,
        subject=task.subject,
        source=source,
        facts="\n".join(lines),
        source_ref=task.number,
        # Sums of different funds are never added up (HY-3); each finding keeps its own.
        suspected_amount=sum((finding.amount for finding in confirmed), Decimal(0)) if len(funds) == 1 else None,
        origin=task,
    )
