"""The one door: `open_dossier` begins a matter, `advance` moves it. Page, API, task and shell all come through here."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Party, User

from . import clock, ports, terms, verbs
from .chain import append_event
from .declare import Context, Procedure, Step, door, settles_first
from .forms import StepForm, as_data, fit
from .models import Assignment, Dossier, Event
from .numbering import next_number
from .own_row import MATTER_FOUND, OFFICERS_FOUND, matter_digest, matter_told, officers_told
from .ports import Ports
from .refusals import STALE, Cause, NoSuchStep, Reason, StepRefused
from .registry import concrete, effects_of, form_of, procedure_of
from .selectors import obstacles

D = TypeVar("D", bound=Dossier)
KEY_USED = _("This key was used for another act in this matter.")


@transaction.atomic
def open_dossier(
    model: type[D],
    actor: Actor,
    *,
    authority: Authority | None,
    title: str,
    subject: Party | None = None,
    origin: Dossier | None = None,
    officers: Iterable[User] = (),
    facts: Mapping[str, Any] | None = None,
    starting: Mapping[str, Any] | None = None,
    **fields: Any,
) -> D:
    """Open a numbered matter in its procedure's initial state and record the opening.

    - `fields`: values of the kind's own columns.
    - `facts`: what the opening event tells besides; `starting`: first days of terms that start on a fact.
    - `officers`: the first is in charge, the others assist.

    Raises `StepRefused` when the actor holds none of the roles the procedure's `opens` names at that authority, or
    when there is no authority.
    """
    procedure = procedure_of(model)
    if authority is None or not _may_open(procedure, actor, authority):
        raise StepRefused(verbs.OPENED, [_who_may_open(procedure)])
    officers = list(officers)
    _persons_only(verbs.OPENED, officers)
    today = clock.today()
    dossier = model(
        kind=procedure.kind,
        procedure_version=procedure.version,
        number=next_number(authority, procedure.word, today.year)[1],
        title=title,
        subject=subject,
        authority=authority,
        origin=origin,
        state=procedure.initial,
        opened_at=clock.now(),
        **fields,
    )
    dossier.save(force_insert=True)
    for kind, fact in procedure.opens.starts.items():
        dossier.running[kind] = terms.start(dossier, kind, (starting or {})[fact] if fact else today)
    for place, user in enumerate(officers):
        duty = Assignment.Duty.ASSIST if place else Assignment.Duty.LEAD
        Assignment.objects.create(dossier=dossier, user=user, duty=duty, since=clock.now())
    opening = {"title": title, "subject": subject, "origin": origin, **(facts or {})}
    bound = {**matter_told(dossier), **officers_told(dossier)}
    append_event(
        dossier,
        verbs.OPENED,
        actor,
        {**opening, **bound, **(terms.told(dossier) if procedure.opens.starts else {})},
        law=procedure.opens.law,
        target=procedure.initial,
    )
    return dossier


def _may_open(procedure: type[Procedure], actor: Actor, authority: Authority) -> bool:
    return actor.is_system or (actor.has(*procedure.opens.by) and actor.authority == authority)


def _who_may_open(procedure: type[Procedure]) -> Reason:
    roles = "、".join(str(role.label) for role in procedure.opens.by)
    sentence = _("Only these roles of the authority may open it: %(roles)s") % {"roles": roles}
    return Reason(Cause.ROLE, sentence, procedure.opens.law)


def advance(
    dossier: Dossier,
    step: str,
    actor: Actor,
    *,
    key: str | None = None,
    expect: int | None = None,
    data: Mapping[str, Any] | None = None,
    files: MultiValueDict[str, Any] | None = None,
    **facts: Any,
) -> Event:
    """Take a step of a dossier's procedure: check, apply, keep terms, issue its paper, record it — all or nothing.

    - `key`: idempotency key; a repeated call with the same key returns the first call's event and does nothing. Another
      step, or another person's, is refused with a key that was used.
    - `expect`: number of events the caller has seen; refused as stale when more than looks happened since.
    - `data`, `files`: a posted form; or give the facts as keyword arguments.

    Raises `NoSuchStep`; `StepRefused` with every unmet rule, wrong state, role or officer; `StepInvalid` with the
    bound form. `dossier` is brought up to date with what was saved.
    """
    with transaction.atomic():
        moving = _locked(dossier)
        declared = _declared(moving, step)
        if key and (earlier := Event.objects.filter(dossier=dossier.pk, key=key).first()):
            if (earlier.verb, earlier.user_id) != (step, actor.user.pk if actor.user else None):
                raise StepRefused(step, [Reason(Cause.STALE, KEY_USED)])
            return earlier
        if expect is not None and _moved_since(moving, expect):
            raise StepRefused(step, [Reason(Cause.STALE, STALE)])
        posted = data if data is not None else as_data(facts)
        event = _take(moving, declared, actor, data=posted, files=files, key=key)
    _bring_up_to_date(dossier, moving)
    event.dossier = moving
    return event


def preview(
    dossier: Dossier,
    step: str,
    actor: Actor,
    *,
    data: Mapping[str, Any],
    files: MultiValueDict[str, Any] | None = None,
    pdf: bool = False,
) -> list[bytes]:
    """The paper a step would issue, made as the step would and undone: nothing is numbered or kept.

    A picture (PNG) of each page, or with `pdf` one PDF; of a step that serves a paper, the certificate of service.
    Raises what `advance` would, and `NoSuchStep` for a step that issues none.
    """
    with transaction.atomic():
        moving = _locked(dossier)
        declared = _declared(moving, step)
        if not declared.makes_paper:
            raise NoSuchStep(f"{dossier.kind} issues no paper by {step}")
        context, _form = _checked(moving, declared, actor, data=data, files=files)
        _move(moving, declared, context)
        if declared.paper:
            drafted = Ports.draft_paper(moving, declared.paper, context, pdf=pdf)
        else:
            drafted = Ports.draft_certificate(moving, declared.serves, context, pdf=pdf)
        transaction.set_rollback(True)
    return drafted


def _moved_since(dossier: Dossier, seen: int) -> bool:
    """Whether anything but looks into the file happened after the event of this number, or it never was."""
    if seen >= dossier.events_count:
        return seen > dossier.events_count
    return Event.objects.filter(dossier=dossier.pk, seq__gt=seen).exclude(verb__in=verbs.looks()).exists()


def _locked(dossier: Dossier) -> Dossier:
    """The dossier as it stands, of its own kind; locked before anything is read, so that two callers take turns."""
    Dossier.objects.select_for_update().only("pk").get(pk=dossier.pk)
    return concrete(Dossier.objects.select_related("authority__parent", "subject").get(pk=dossier.pk))


def _declared(dossier: Dossier, step: str) -> Step:
    try:
        return dossier.procedure.steps[step]
    except KeyError:
        raise NoSuchStep(f"{dossier.kind} has no step {step}") from None


def _take(
    moving: Dossier,
    declared: Step,
    actor: Actor,
    *,
    data: Mapping[str, Any],
    files: MultiValueDict[str, Any] | None,
    key: str | None,
) -> Event:
    context, form = _checked(moving, declared, actor, data=data, files=files)
    source, found = moving.state, _found(moving, declared)
    kept = {name: value for name, value in form.cleaned_data.items() if name not in form.unrecorded}
    facts = {name: value for name, value in kept.items() if value not in (None, "", [])}
    due = _move(moving, declared, context)
    told = ports.effects(moving, declared, context)
    settling, following = _parted(effects_of(moving.procedure, declared))
    for settle in settling:
        settle(moving, context)
    bound = {**found, **matter_told(moving), **(terms.told(moving) if declared.touches_terms else {})}
    event = append_event(
        moving,
        declared.name,
        actor,
        {**facts, **({"due": due} if due else {}), **told, **bound},
        law=declared.law,
        source=source,
        target=moving.state,
        key=key,
    )
    for effect in following:
        effect(moving, event, context)
    return event


def _found(moving: Dossier, declared: Step) -> dict[str, str]:
    """What the event keeps of the matter as the step found it: told otherwise before, it was altered in between."""
    return {
        MATTER_FOUND: matter_digest(moving),
        **(terms.told(moving, terms.TERMS_FOUND) if declared.touches_terms else {}),
    }


def _parted(effects: list[Any]) -> tuple[list[Any], list[Any]]:
    """The effects that settle the matter's own columns before the event, and those that follow from it."""
    settling = [effect for effect in effects if settles_first(effect)]
    return settling, [effect for effect in effects if effect not in settling]


def _checked(
    moving: Dossier,
    declared: Step,
    actor: Actor,
    *,
    data: Mapping[str, Any],
    files: MultiValueDict[str, Any] | None,
) -> tuple[Context, StepForm]:
    """The facts the step is taken with and their form; raises `StepRefused` and `StepInvalid` as `advance` does."""
    before = Context(actor=actor, today=clock.today(), now=clock.now())
    if reasons := obstacles(moving, declared, before):
        raise StepRefused(declared.name, reasons)
    form = form_of(moving.procedure, declared)(data, files, dossier=moving, actor=actor)
    context = Context(actor=actor, today=before.today, now=before.now, facts=fit(form))
    unmet = [Reason.of(rule) for rule in declared.needs if rule.on_facts and not rule.holds(moving, context)]
    if unmet:
        raise StepRefused(declared.name, unmet)
    return context, form


def _move(moving: Dossier, declared: Step, context: Context) -> dict[str, Any]:
    """Apply the step to the dossier, save it and move its terms; returns the last days of those that moved."""
    _apply(moving, declared, context.facts)
    if moving.is_closed and moving.closed_at is None:
        moving.closed_at = context.now
    moving.save()
    return terms.apply(moving, declared, context)


def _apply(moving: Dossier, declared: Step, facts: Mapping[str, Any]) -> None:
    token = door.set(moving)
    try:
        getattr(moving, declared.name)(facts)
    finally:
        door.reset(token)


def _bring_up_to_date(dossier: Dossier, moved: Dossier) -> None:
    """Give the caller's object the saved values, without another query."""
    for column in dossier._meta.concrete_fields:
        if column.attname in moved.__dict__:
            dossier.__dict__[column.attname] = moved.__dict__[column.attname]
    dossier.__dict__.pop("running", None)


def record(dossier: Dossier, verb: str, actor: Actor, facts: Mapping[str, Any], law: Iterable[str] = ()) -> Event:
    """Record a happening that is no step (evidence added, paper voided …); call inside the change's transaction.

    Raises ValueError for a verb nobody registered with `verbs.register`.
    """
    if not verbs.known(verb):
        raise ValueError(f"unnamed happening {verb}")
    with transaction.atomic():
        locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
        event = append_event(locked, verb, actor, facts, law=law)
    dossier.events_count, dossier.head = locked.events_count, locked.head
    return event


@transaction.atomic
def assign(dossier: Dossier, user: User, duty: str, actor: Actor) -> Assignment:
    """Put an officer in charge of a dossier, or to assist or review it; repeating it changes nothing.

    Raises `StepRefused` when the matter is closed, and for another system's account.
    """
    _still_open(dossier, "assign")
    _persons_only("assign", [user])
    found = officers_told(dossier, OFFICERS_FOUND)
    held, created = Assignment.objects.get_or_create(
        dossier_id=dossier.pk, user=user, duty=duty, until=None, defaults={"since": clock.now()}
    )
    if created:
        facts = {"officer": user, "duty": duty, **found, **officers_told(dossier)}
        record(dossier, "officer_assigned", actor, facts)
    return held


@transaction.atomic
def withdraw(dossier: Dossier, user: User, reason: str, actor: Actor) -> None:
    """End every duty of an officer on a dossier, as on recusal (HY-34, PP-5); the past stays on record.

    Raises `StepRefused` when the matter is closed: who had charge of it then is part of its file.
    """
    _still_open(dossier, "withdraw")
    found = officers_told(dossier, OFFICERS_FOUND)
    ended = Assignment.objects.filter(dossier_id=dossier.pk, user=user, until=None).update(
        until=clock.now(), ended_because=reason
    )
    if ended:
        facts = {"officer": user, "reason": reason, **found, **officers_told(dossier)}
        record(dossier, "officer_withdrawn", actor, facts, law=["HY-34", "PP-5"])


def _persons_only(act: str, officers: Iterable[User]) -> None:
    """Whoever has charge of a matter answers for it and shows a certificate: never another system (HY-34, PP-16)."""
    if any(user.is_machine for user in officers):
        sentence = _("Another system's account has charge of no matter: name an officer")
        raise StepRefused(act, [Reason(Cause.OFFICER, sentence, ("HY-34", "PP-16"))])


def _still_open(dossier: Dossier, act: str) -> None:
    if dossier.is_closed:
        raise StepRefused(
            act, [Reason(Cause.STATE, _("The matter is closed; its officers change no more"), ("HY-34",))]
        )


__all__ = ["advance", "assign", "open_dossier", "preview", "record", "withdraw"]
