"""The rows an inspection's steps leave on record, of which their events tell (HY-32, HY-34, HY-37)."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Model
from django.utils import timezone

from supervision.procedure.declare import Context
from supervision.records.models import Evidence
from supervision.records.papers import zh_moment, zh_time
from supervision.records.rows import Kept, declare
from supervision.records.services.evidence import keep_upload

from .models import Answer, Finding, InspectionTask, Photo, Recusal, SiteRecord

declare(
    Kept("recusal", Recusal),
    Kept("answer", Answer, at="task"),
    Kept("photo", Photo, at="task"),
    Kept("finding", Finding, at="task", cites=("practitioners", "evidence")),
    Kept("on-site record", SiteRecord, at="task", people="officers"),
)


def keep_recusal(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep the declared recusal until the head decides it."""
    facts = context.facts
    recusal = Recusal.objects.create(
        dossier=task, officer=facts["officer"], ground=facts["ground"], reason=facts["reason"], raised_at=context.now
    )
    return [recusal]


def keep_recusal_decision(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep what the head decided of the recusal."""
    recusal: Recusal = context.facts["recusal"]
    recusal.decision, recusal.decided_by = context.facts["decision"], context.actor.user
    recusal.decided_at = context.now
    recusal.save(update_fields=["decision", "decided_by", "decided_at"])
    return [recusal]


def keep_answers(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep what was seen on each item."""
    items = {item.code: item for item in task.checklist.items.all()}
    kept: list[Model] = []
    for said in context.facts["answers"]:
        answer, _created = Answer.objects.update_or_create(
            task=task,
            item=items[said["item"]],
            defaults={name: said[name] for name in ("answer", "note", "expected", "counted")}
            | {"by": context.actor.user, "at": context.now},
        )
        kept.append(answer)
    return kept


def keep_photo(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep a photo as audiovisual evidence, with the item it shows; the same file again changes nothing."""
    facts = context.facts
    taken_at = min(facts["taken_at"], context.now)
    clock = f"{zh_time(taken_at)}{timezone.localtime(taken_at):%S}秒"
    of_item = f"现场照片{clock}（核对“{facts['item'].text}”）" if facts["item"] else facts["file"]["name"]
    evidence = keep_upload(
        task,
        facts["file"],
        context,
        kind=Evidence.Kind.AUDIOVISUAL,
        title=facts["caption"] or of_item,
        source=where_made(task, context, taken_at, "拍摄，拍摄人"),
        collected_at=taken_at,
    )
    given = {"task": task, "item": facts["item"], "taken_at": taken_at}
    photo, _created = Photo.objects.get_or_create(evidence=evidence, defaults=given)
    return [photo]


def keep_finding(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep a finding under the task's next number."""
    facts = context.facts
    columns = ("act", "clause", "description", "persons", "amount", "fund", "period_from", "period_to", "department",
               "alert_ref")  # fmt: skip
    last = task.findings.aggregate(last=Max("number"))["last"] or 0
    finding = Finding.objects.create(
        task=task,
        number=last + 1,
        added_by=context.actor.user,  # type: ignore[misc]  # an officer, by the step
        added_at=context.now,
        **{name: facts[name] for name in columns},
    )
    finding.practitioners.set(facts["practitioners"])
    finding.evidence.set(facts["evidence"])
    return [finding]


def cite(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep which evidence proves a finding, besides what it cites already."""
    finding: Finding = context.facts["finding"]
    finding.evidence.add(*context.facts["evidence"])
    return [finding]


def drop(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep that a finding does not hold."""
    finding: Finding = context.facts["finding"]
    finding.status, finding.dropped_because = Finding.Status.DROPPED, context.facts["reason"]
    finding.save(update_fields=["status", "dropped_because"])
    return [finding]


def keep_record(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep the text of the record as it will be signed."""
    facts = context.facts
    record, _created = SiteRecord.objects.update_or_create(
        task=task, defaults={name: facts[name] for name in ("place", "begun_at", "ended_at", "text")}
    )
    return [record]


def keep_signature(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep who signed for the party, and which officers."""
    names = ("signed_by", "signed_post", "remarks", "on_paper")
    proof = (context.facts["signature"], f"当事人签名（{context.facts['signed_by']}）", SIGNED)
    return _settle(task, context, SiteRecord.Outcome.SIGNED, names, proof)


def keep_refusal(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Keep why the party did not sign, who witnessed it, and how the officers signed."""
    facts, names = context.facts, ("refused_because", "witness", "witness_post", "on_paper")
    if facts["witness_signature"]:
        _keep_proof(task, context, facts["witness_signature"], f"见证人签名（{facts['witness']}）", SIGNED)
    proof = (facts["recording"], "拒绝签字过程的影像", RECORDED)
    return _settle(task, context, SiteRecord.Outcome.REFUSED, names, proof)


# What is done with each proof of a settled record, in the words of its source.
SIGNED, RECORDED, ISSUED = "签署，取得人", "录制，录制人", "制作，制作人"


def where_made(task: InspectionTask, context: Context, made_at: datetime, how: str) -> str:
    """The source of evidence made during the visit: the place inspected, the moment, how and by whom (HY-37)."""
    place = str(task.subject or task.authority)
    return f"{zh_moment(made_at)}于{place}现场{how}{context.actor}"[:300]


def _settle(
    task: InspectionTask, context: Context, outcome: str, names: tuple[str, ...], proof: tuple[Any, str, str]
) -> list[Model]:
    record = SiteRecord.objects.get(task=task)
    file, title, how = proof
    if file:
        record.proof = _keep_proof(task, context, file, title, how)
    for each in context.facts["officer_signatures"]:
        _keep_proof(task, context, each["file"], f"检查人员签名（{each['officer'].name}）", SIGNED)
    for name in names:
        setattr(record, name, context.facts[name])
    record.outcome, record.settled_at = outcome, context.now
    record.save()
    record.officers.set(context.facts["officers"])
    return [record]


def _keep_proof(task: InspectionTask, context: Context, kept: Any, title: str, how: str) -> Evidence:
    """A signature or a recording as evidence of its own, from which the record that shows it was made."""
    title = f"{task.number} 现场检查笔录 {title}"
    source = where_made(task, context, context.now, how)
    return keep_upload(task, kept, context, kind=Evidence.Kind.INSPECTION, title=title, source=source)


def confirm(task: InspectionTask, step: str, context: Context) -> list[Model]:
    """Confirm every finding that was not dropped."""
    confirmed = list(task.findings.filter(status=Finding.Status.DRAFT))
    for finding in confirmed:
        finding.status = Finding.Status.CONFIRMED
        finding.save(update_fields=["status"])
    return [*confirmed]
