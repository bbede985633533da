"""Taking evidence in, judging it, handing it out — each with its entry in the chain of custody (HY-37)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import User
from supervision.parties.roles import OFFICERS
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.refusals import Cause, Reason, StepRefused
from supervision.procedure.services import record

from .. import intake, store, verbs
from ..models import CustodyEntry, Evidence
from ..rows import told as row_told
from ..selectors import forget, held_already, holder_of

LAW = ("HY-37",)
Act = CustodyEntry.Act
TWO_OFFICERS = _("Evidence is collected by at least two officers.")
Kind = Evidence.Kind
OFFICERS_MAKE = frozenset({Kind.AUDIOVISUAL, Kind.WITNESS, Kind.STATEMENT, Kind.INSPECTION})


@transaction.atomic
def add_evidence(
    dossier: Dossier,
    actor: Actor,
    *,
    kind: str,
    title: str,
    source: str,
    collected_at: datetime,
    collectors: Iterable[User],
    file: UploadedFile | Mapping[str, Any],
    note: str = "",
) -> Evidence:
    """Enter a piece of evidence collected by at least two officers.

    `file`: an upload, or what `intake.take_in` returned for one. Raises ValidationError for a file that is not
    taken, fewer than two collectors, a moment still to come, what officers made before the matter was opened, or a
    file the dossier holds already.
    """
    kept = file if isinstance(file, Mapping) else intake.take_in(file)
    now = clock.now()
    people = list(dict.fromkeys(collectors))
    if len(people) < 2:
        raise ValidationError({"collectors": TWO_OFFICERS})
    if collected_at > now:
        raise ValidationError({"collected_at": _("This moment has not come yet.")})
    _not_made_before(dossier, kind, collected_at)
    evidence = Evidence(
        dossier=dossier,
        kind=kind,
        title=title,
        source=source,
        collected_at=collected_at,
        sha256=kept["sha256"],
        size=kept["size"],
        media_type=kept["media_type"],
        original_name=kept["name"],
        note=note,
        added_by=actor.user,
        added_at=now,
    )
    try:
        with transaction.atomic():  # of two uploads at once, the database lets one pass
            evidence.save()
    except IntegrityError:
        if (holder := holder_of(dossier, kept["sha256"])) is None:
            raise
        raise ValidationError({"file": held_already(holder)}) from None
    evidence.collectors.set(people)
    custody = [
        CustodyEntry.objects.create(
            evidence=evidence, act=Act.COLLECTED, user=person, authority=actor.authority, at=collected_at
        )
        for person in people
    ]
    custody.append(_enter_custody(evidence, Act.ENTERED, actor, now))
    facts = {"kind": evidence.get_kind_display(), "source": evidence.source, "collectors": people}
    _tell(verbs.EVIDENCE_ADDED, evidence, actor, custody, facts)
    forget(dossier)
    return evidence


def keep_upload(
    dossier: Dossier,
    kept: Mapping[str, Any],
    context: Context,
    *,
    kind: str = Evidence.Kind.DOCUMENTARY,
    title: str = "",
    source: str = "",
    collected_at: datetime | None = None,
) -> Evidence:
    """Keep a file that came with a step as evidence of the dossier, collected by the officers in charge.

    `source`: where it was made or comes from; without it, the place of whoever acts. The entry is an event of its own.
    The same file again is the same piece of evidence. Whoever acts counts as one of the collectors; raises
    `StepRefused` when no second officer has charge of the dossier, or the file is evidence of another kind already.
    """
    if known := holder_of(dossier, kept["sha256"]):
        if known.kind != kind:
            raise StepRefused("add_evidence", [Reason(Cause.RULE, held_already(known), LAW)])
        return known
    duties = (Assignment.Duty.LEAD, Assignment.Duty.ASSIST)
    officers = User.objects.filter(
        assignments__dossier=dossier.pk, assignments__until=None, assignments__duty__in=duties
    )
    present = [context.actor.user] if context.actor.user and context.actor.has(*OFFICERS) else []
    collectors = list(dict.fromkeys([*present, *officers]))
    if len(collectors) < 2:
        raise StepRefused("add_evidence", [Reason(Cause.OFFICER, TWO_OFFICERS, LAW)])
    return add_evidence(
        dossier,
        context.actor,
        kind=kind,
        title=(title or kept["name"])[:200],
        source=source or (context.actor.authority.name if context.actor.authority else str(context.actor)),
        collected_at=collected_at or context.now,
        collectors=collectors,
        file=kept,
    )


def _not_made_before(dossier: Dossier, kind: str, collected_at: datetime) -> None:
    """Pictures and records are made in the matter, or in one it arose from; what others wrote may be older."""
    if kind not in OFFICERS_MAKE:
        return
    opened, before = dossier.opened_at, dossier.origin
    while before is not None:
        opened, before = min(opened, before.opened_at), before.origin
    day = timezone.localtime(opened).date()
    if timezone.localtime(collected_at).date() < day:
        sentence = _("The matter was opened on %(day)s only. What officers record themselves is not older.")
        raise ValidationError({"collected_at": sentence % {"day": f"{day:%Y-%m-%d}"}})


@transaction.atomic
def verify_evidence(evidence: Evidence, actor: Actor, *, note: str = "") -> Evidence:
    """Declare evidence verified; raises `StepRefused` unless it is only collected, and by an officer."""
    return _judge(evidence, actor, Evidence.State.VERIFIED, note)


@transaction.atomic
def reject_evidence(evidence: Evidence, actor: Actor, *, note: str) -> Evidence:
    """Declare that evidence cannot be relied on, with the reason; also after it had been verified."""
    return _judge(evidence, actor, Evidence.State.REJECTED, note)


@transaction.atomic
def judge_together(pieces: Iterable[Evidence], actor: Actor, *, verify: bool, note: str = "") -> list[Evidence]:
    """One verdict on several pieces, each with its own event: all of them or none. Raises as for one."""
    state = Evidence.State.VERIFIED if verify else Evidence.State.REJECTED
    return [_judge(piece, actor, state, note) for piece in pieces]


def _judge(evidence: Evidence, actor: Actor, state: str, note: str) -> Evidence:
    Dossier.objects.select_for_update().only("pk").get(pk=evidence.dossier_id)
    evidence = Evidence.objects.select_related("dossier").get(pk=evidence.pk)
    reject = state == Evidence.State.REJECTED
    act = "reject_evidence" if reject else "verify_evidence"
    if not actor.has(*OFFICERS):
        raise StepRefused(act, [Reason(Cause.ROLE, _("Only officers judge evidence"), LAW)])
    if evidence.state in (state, Evidence.State.REJECTED):
        raise StepRefused(act, [Reason(Cause.STATE, _("This evidence has been judged already"), LAW)])
    if reject and not note.strip():
        raise StepRefused(act, [Reason(Cause.RULE, _("Say why it cannot be relied on"), LAW)])
    now = clock.now()
    evidence.state, evidence.verified_by, evidence.verified_at = state, actor.user, now
    evidence.note = note.strip() or evidence.note
    evidence.save(update_fields=["state", "verified_by", "verified_at", "note"])
    entry = _enter_custody(evidence, Act.REJECTED if reject else Act.VERIFIED, actor, now, note=note.strip())
    verb = verbs.EVIDENCE_REJECTED if reject else verbs.EVIDENCE_VERIFIED
    _tell(verb, evidence, actor, [entry], {"reason": note})
    forget(evidence.dossier)
    return evidence


@transaction.atomic
def transfer_evidence(evidence: Evidence, actor: Actor, *, to: str, note: str = "") -> CustodyEntry:
    """Record that evidence was handed to somebody: who, and to what end."""
    entry = _enter_custody(evidence, Act.TRANSFERRED, actor, clock.now(), to=to, note=note)
    _tell(verbs.EVIDENCE_TRANSFERRED, evidence, actor, [entry], {"to": to, "reason": note})
    return entry


def download(evidence: Evidence, actor: Actor, *, view: bool = False) -> Iterator[bytes]:
    """The file piece by piece, entered in the chain of custody as a view or a download before the first byte.

    Raises `store.Missing`.
    """
    file = store.open_file(evidence.sha256)
    file.close()
    with transaction.atomic():
        entry = _enter_custody(evidence, Act.VIEWED if view else Act.DOWNLOADED, actor, clock.now())
        _tell(verbs.EVIDENCE_VIEWED if view else verbs.EVIDENCE_DOWNLOADED, evidence, actor, [entry], {})
    return store.pieces(evidence.sha256)


def _enter_custody(
    evidence: Evidence, act: str, actor: Actor, at: datetime, *, to: str = "", note: str = ""
) -> CustodyEntry:
    return CustodyEntry.objects.create(
        evidence=evidence, act=act, user=actor.user, authority=actor.authority, to=to, note=note[:300], at=at
    )


def _tell(verb: str, evidence: Evidence, actor: Actor, custody: list[CustodyEntry], facts: Mapping[str, Any]) -> None:
    """Record what happened to a piece of evidence, with its entries in the chain of custody."""
    record(evidence.dossier, verb, actor, {"evidence": told(evidence), **facts, "custody": row_told(*custody)}, law=LAW)


def told(evidence: Evidence) -> dict[str, Any]:
    """What an event keeps of a piece of evidence; its hash there binds the file to the chain."""
    return {
        **row_told(evidence)[0],
        "title": evidence.title,
        "sha256": evidence.sha256,
        "size": evidence.size,
    }


__all__ = [
    "add_evidence",
    "download",
    "judge_together",
    "keep_upload",
    "reject_evidence",
    "transfer_evidence",
    "verify_evidence",
]
