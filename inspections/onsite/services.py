"""Every write to inspections that is no step: opening a task."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Party, User
from supervision.procedure import clock
from supervision.procedure.models import Dossier, Event
from supervision.procedure.services import advance, open_dossier, record
from supervision.records.rows import told

from .. import verbs
from .models import ChecklistVersion, InspectionKind, InspectionTask, Recusal, Theme
from .selectors import checklist_for

PAPERS_SPEAK = "zh-hans"


def open_task(
    actor: Actor,
    *,
    authority: Authority,
    kind: str,
    subject: Party,
    officers: Iterable[User],
    origin: Dossier | None = None,
    draw_ref: str = "",
    key: str | None = None,
    theme: str = Theme.GENERAL,
    checklist: ChecklistVersion | None = None,
    title: str = "",
    planned_for: date | None = None,
    examined_from: date | None = None,
    examined_to: date | None = None,
) -> InspectionTask:
    """Open an inspection of one party by these officers, the first in charge (HY-31, HY-32).

    - `kind`: an `InspectionKind`; `theme` and the subject choose the checklist, whose newest version is frozen here,
      unless `checklist` names one.
    - `draw_ref`: the place in a draw it comes from; `key`: the caller's idempotency key. A second call with either
      returns the task that is there already.
    - An officer with a declared interest in the party is taken, and a recusal raised for the head to decide (HY-34).

    Raises `StepRefused` when the actor may not open an inspection at that authority; `NoChecklist` when there is none.
    """
    if earlier := _opened(draw_ref, key):
        return earlier
    kind = InspectionKind(kind)
    with translation.override(PAPERS_SPEAK):
        title = title or f"{subject.name} · {kind.label}"
    try:
        with transaction.atomic():
            task = open_dossier(
                InspectionTask,
                actor,
                authority=authority,
                title=title,
                subject=subject,
                origin=origin,
                officers=officers,
                facts={"kind": kind.label, "draw": draw_ref},
                inspection_kind=kind,
                theme=theme,
                draw_ref=draw_ref,
                opening_key=key or "",
                checklist=checklist or checklist_for(subject, theme),
                planned_for=planned_for,
                examined_from=examined_from,
                examined_to=examined_to,
            )
            _require_recusals(task)
            return task
    except IntegrityError:
        if earlier := _opened(draw_ref, key):
            return earlier
        raise


def replace_drawn_officer(
    task: InspectionTask, leaving: User, coming: User | None, reason: str, *, key: str | None = None
) -> Event:
    """Put the draw's next ticket in an officer's place (HY-31, HY-34); the draw decides, so the system acts.

    `coming` is None when the draw has nobody further. Raises `StepInvalid` when `leaving` is not on the task or
    `coming` may not be.
    """
    facts: dict[str, Any] = {"leaving": leaving, "reason": reason, **({"coming": coming} if coming else {})}
    return advance(task, "replace_officer", Actor.system(task.authority), key=key, **facts)


def _opened(draw_ref: str, key: str | None) -> InspectionTask | None:
    if draw_ref and (found := InspectionTask.objects.filter(draw_ref=draw_ref).first()):
        return found
    return InspectionTask.objects.filter(opening_key=key).first() if key else None


def _require_recusals(task: InspectionTask) -> None:
    for user in task.interested(clock.today()):
        interest = user.interests.filter(party=task.subject_id, valid__contains=clock.today()).first()
        recusal = Recusal.objects.create(
            dossier=task,
            officer=user,
            ground=Recusal.Ground.KNOWN,
            reason=interest.reason if interest else "",
            raised_at=clock.now(),
        )
        facts = {"officer": user, "reason": recusal.reason, "kept": told(recusal)}
        record(task, verbs.RECUSAL_REQUIRED, Actor.system(), facts, law=["HY-34", "PP-5"])
