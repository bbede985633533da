"""The page an inspector works on, on the spot: a plain page of forms that a script makes safe against a lost line.

Every form posts one step. A browser gets the page again; the script, which asks for JSON, learns what became of the
entry it kept on the device: done, or refused with reasons. The same key twice acts once, so it may always send again.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspections.onsite.contradictions import contradictions
from inspections.onsite.models import Finding, InspectionTask
from inspections.onsite.selectors import on_site
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.models import Event
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.registry import form_of
from supervision.procedure.selectors import obstacles
from supervision.procedure.services import advance
from supervision.records.fields import EvidenceField
from supervision.records.models import Evidence
from supervision.web.request import PageRequest

CONFLICT, UNPROCESSABLE = 409, 422
# The steps of the page by the state in which each is offered there.
FORMS = {
    InspectionTask.State.ASSIGNED: ("start",),
    InspectionTask.State.ON_SITE: ("fill_checklist", "add_photo", "add_finding", "draw_up_record"),
    InspectionTask.State.RECORDED: ("sign_record", "note_refusal", "reopen_record"),
}
STEPS = frozenset(step for steps in FORMS.values() for step in steps)


@require_safe
def page(request: PageRequest, pk: int) -> HttpResponse:
    """What is to be done now, with everything filled in so far."""
    return _page(request, _load(request, pk))


@require_POST
def take(request: PageRequest, pk: int, step: str) -> HttpResponse:
    """Take one step of the visit; with `Accept: application/json` the answer is JSON."""
    task = _load(request, pk)
    if step not in STEPS:
        raise Http404
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    event = None
    try:
        if not _nothing_new(request, task, step):
            key = request.POST.get("key", "")[:80] or None
            event = advance(task, step, request.actor, data=request.POST, files=request.FILES, key=key)
    except StepInvalid as invalid:
        if wants_json:
            errors = {name: list(map(str, said)) for name, said in invalid.form.errors.items()}
            told_of = getattr(invalid.form, "told_of", {})
            return JsonResponse({"errors": errors, "seen": told_of}, status=UNPROCESSABLE)
        _go_to_the_first_error(invalid.form)
        return _page(request, _load(request, pk), bound={step: invalid.form}, status=UNPROCESSABLE)
    except StepRefused as refusal:
        reasons = [str(reason.sentence) for reason in refusal.reasons]
        if wants_json:
            return JsonResponse({"reasons": reasons}, status=CONFLICT)
        form = _form(request, task, step, request.POST, request.FILES)
        return _page(request, _load(request, pk), bound={step: form}, reasons=reasons, status=CONFLICT)
    if wants_json:
        return JsonResponse(_told(request, _load(request, pk), event))
    messages.success(request, _("Kept."))
    return redirect("inspections:on-site", pk)


def _told(request: PageRequest, task: InspectionTask, event: Event | None) -> dict[str, Any]:
    """What the device learns when an entry was taken: how far the visit is, what can be cited, where a photo is.

    `seen` is the version of each answer, on which what is answered next rests.
    """
    answered, total = task.progress
    usable = task.evidence.exclude(state=Evidence.State.REJECTED).order_by("pk")
    proofs = [(piece.pk, EvidenceField().label_from_instance(piece)) for piece in usable]
    told = {"done": True, "answered": answered, "total": total, "evidence": proofs}
    if event is not None and event.verb == "add_photo":
        shot = task.evidence.get(sha256=event.facts["file"]["sha256"])
        told["photo"] = reverse("web:evidence", args=[shot.pk])
    against = {each.answer.item.code: each.sentence for each in contradictions(task)}
    seen = {answer.item.code: answer.version for answer in task.answers.select_related("item")}
    return told | {"draw_up": _draw_up(request, task), "against": against, "seen": seen}


def _draw_up(request: PageRequest, task: InspectionTask) -> str:
    """The part of the page that leads on to the record, as it stands now; '' where the visit is not there."""
    if "draw_up_record" not in FORMS.get(task.state, ()):
        return ""
    step = task.procedure.steps["draw_up_record"]
    now = Context(actor=request.actor, today=clock.today(), now=clock.now())
    draft = {"step": step, "reasons": obstacles(task, step, now)}
    return render_to_string("pages/inspections/_draw_up.html", {"task": task, "draft": draft}, request)


def _load(request: PageRequest, pk: int) -> InspectionTask:
    task = on_site(request.actor, pk) if request.actor.authority else None
    if task is None:
        raise Http404
    return task


def _nothing_new(request: PageRequest, task: InspectionTask, step: str) -> bool:
    """Saving a checklist in which nothing changed leaves no event."""
    if step != "fill_checklist" or task.state != InspectionTask.State.ON_SITE:
        return False
    form = _form(request, task, step, request.POST)
    return form.is_valid() and not form.cleaned_data["answers"]


def _go_to_the_first_error(form: Any) -> None:
    """The page opens at the first field that is wrong, also without the script."""
    first = next((name for name in form.fields if name in form.errors), None)
    if first:
        form.fields[first].widget.attrs["autofocus"] = True


def _form(request: PageRequest, task: InspectionTask, step: str, *data: Any) -> Any:
    form_class = form_of(task.procedure, task.procedure.steps[step])
    return form_class(*data, dossier=task, actor=request.actor)


def _page(
    request: PageRequest,
    task: InspectionTask,
    *,
    bound: dict[str, Any] | None = None,
    reasons: Any = (),
    status: int = 200,
) -> HttpResponse:
    now = Context(actor=request.actor, today=clock.today(), now=clock.now())
    steps = {}
    for name in FORMS.get(task.state, ()):
        declared = task.procedure.steps[name]
        form = (bound or {}).get(name) or _form(request, task, name)
        form.auto_id = f"id_{name}_%s"  # several forms of a page ask the same, and a label belongs to one field
        steps[name] = {"step": declared, "form": form, "reasons": obstacles(task, declared, now), "key": uuid4().hex}
    answered, total = task.progress
    certified = {user.pk for user in task.certified(now.today)}
    context = {
        "task": task,
        "steps": steps,
        "officers": [(user, user.pk in certified) for user in task.officers_now],
        "certified": len(certified),
        "recusals": list(task.recusals.select_related("officer")),
        "rows": _rows(task, **{name: each["form"] for name, each in steps.items()})
        if "fill_checklist" in steps
        else [],
        "answered": answered,
        "total": total,
        "findings": list(
            task.findings.exclude(status=Finding.Status.DROPPED).prefetch_related("evidence").order_by("number")
        ),
        "record": task.site_record_or_none,
        "reasons": reasons,
        "is_mine": request.actor.user in task.officers_now,
    }
    return render(request, "pages/inspections/on_site.html", context, status=status)


def _rows(task: InspectionTask, fill_checklist: Any, add_photo: Any, **others: Any) -> list[dict[str, Any]]:
    """Each item with the fields that answer it, the photos that show it, and why one just taken was not."""
    form, refused = fill_checklist, {}
    if add_photo.errors:
        refused[add_photo["item"].value()] = [error for errors in add_photo.errors.values() for error in errors]
    photos: dict[int | None, list[Any]] = {}
    for photo in task.photos.select_related("evidence"):
        photos.setdefault(photo.item_id, []).append(photo)
    against = {each.answer.item_id: each.sentence for each in contradictions(task)}
    return [
        {
            "item": item,
            "seen": form.kept[item.code].version if item.code in form.kept else "",
            "against": against.get(item.pk, ""),
            "photos": photos.get(item.pk, []),
            "photo_errors": refused.get(item.code, []),
            **{
                name: form[f"{name}_{item.code}"] if f"{name}_{item.code}" in form.fields else None
                for name in form.FACTS
            },
        }
        for item in form.items
    ]
