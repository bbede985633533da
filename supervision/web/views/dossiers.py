"""A matter's page, its steps, its history, and the officers in charge."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.refusals import NoSuchStep, StepInvalid, StepRefused
from supervision.procedure.registry import form_of
from supervision.procedure.selectors import obstacles
from supervision.procedure.services import advance, assign, preview, withdraw

from ..assignment_forms import AssignForm, WithdrawForm, may_assign, may_end
from ..dialogs import UNPROCESSABLE, go, in_dialog, paper_pages, small_form, varied
from ..forms import bound_form, say_restored
from ..record_pages import load, page_of, timeline
from ..request import PageRequest

CONFLICT = 409


@require_http_methods(["GET", "POST"])
def step(request: PageRequest, pk: int, name: str) -> HttpResponse:
    """GET shows a step's form, POST takes the step; a refusal shows every reason and keeps what was typed."""
    dossier = load(request.actor, pk)
    declared = dossier.procedure.steps.get(name)
    if declared is None or declared.automatic:
        raise Http404
    if request.method == "POST":
        return _preview(request, dossier, name) if "preview" in request.POST else _take(request, dossier, name)
    form_class = form_of(dossier.procedure, declared)
    typed = getattr(request, "kept", None)
    # A link may say what the form begins with, such as the finding a fact is made from.
    data = {"initial": request.GET.dict()} if typed is None else {"data": typed}
    form = form_class(dossier=dossier, actor=request.actor, **data)
    if typed is not None:
        say_restored(request)
    reasons = obstacles(dossier, declared, Context(actor=request.actor, today=clock.today(), now=clock.now()))
    return _step_page(request, dossier, name, form, reasons, status=200)


def _take(request: PageRequest, dossier: Dossier, name: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        event = advance(
            dossier,
            name,
            request.actor,
            data=request.POST,
            files=request.FILES,
            key=request.POST.get("key", "")[:80] or None,
            expect=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        )
    except NoSuchStep:
        raise Http404 from None
    except (StepInvalid, StepRefused) as not_taken:
        return _not_taken(request, dossier, name, not_taken)
    messages.success(request, _("Done: %(what)s") % {"what": event.label})
    return go(request, reverse("web:dossier", args=[dossier.pk]))


def _preview(request: PageRequest, dossier: Dossier, name: str) -> HttpResponse:
    """The paper the step would issue as pictures, below its form; what does not fit is told as when it is taken."""
    try:
        pages = preview(dossier, name, request.actor, data=request.POST, files=request.FILES)
    except NoSuchStep:
        raise Http404 from None
    except (StepInvalid, StepRefused) as not_taken:
        return _not_taken(request, dossier, name, not_taken)
    return paper_pages(request, pages, dossier, str(dossier.procedure.steps[name].label))


def _not_taken(request: PageRequest, dossier: Dossier, name: str, why: StepInvalid | StepRefused) -> HttpResponse:
    if isinstance(why, StepInvalid):
        return _step_page(request, dossier, name, why.form, (), status=UNPROCESSABLE)
    fresh = load(request.actor, dossier.pk)
    form_class = form_of(fresh.procedure, fresh.procedure.steps[name])
    form = form_class(request.POST, request.FILES, dossier=fresh, actor=request.actor)
    return _step_page(request, fresh, name, form, why.reasons, status=CONFLICT)


def _where(dossier: Dossier, name: str) -> dict[str, Any]:
    declared = dossier.procedure.steps[name]
    crumbs = [(dossier.number, reverse("web:dossier", args=[dossier.pk])), (str(declared.label), "")]
    return {"dossier": dossier, "step": declared, "crumbs": crumbs}


def _step_page(
    request: PageRequest, dossier: Dossier, name: str, form: Any, reasons: Any, *, status: int
) -> HttpResponse:
    request.area = page_of(dossier.kind).area()
    dialog = in_dialog(request) or (bool(request.htmx) and request.POST.get("preview") == "dialog")
    context = {
        **_where(dossier, name),
        "dialog": dialog,
        "url": reverse("web:step", args=[dossier.pk, name]),
        "form": form,
        "reasons": reasons,
        "blocked": bool(reasons) and request.method == "GET",
        "key": request.POST.get("key") or uuid4().hex,
    }
    template = "components/step_form.html" if dialog else "pages/records/step.html"
    if previewed := bool(request.htmx) and "preview" in request.POST:  # asked below the form, told in its place
        template = template if dialog else "components/step_form_body.html"
    answer = varied(render(request, template, context, status=status))
    if previewed:
        answer.headers["HX-Retarget"] = "#dialog-body" if dialog else ".form-card"
    return answer


@require_safe
def history(request: PageRequest, pk: int) -> HttpResponse:
    """The timeline alone: filtered, or continued backwards."""
    dossier = load(request.actor, pk)
    before = request.GET.get("before", "")
    context = timeline(
        dossier,
        request.actor,
        request.GET.get("only", ""),
        int(before) if before.isdecimal() and len(before) < 10 else None,
    )
    template = "components/timeline.html" if request.htmx else "pages/records/history.html"
    context["crumbs"] = [(dossier.number, reverse("web:dossier", args=[pk])), (_("What happened"), "")]
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
def officers(request: PageRequest, pk: int) -> HttpResponse:
    """Put an officer in charge, to assist or to review (heads only)."""
    dossier = load(request.actor, pk)
    if not may_assign(request.actor, dossier):
        raise Http404
    form = bound_form(request, AssignForm, dossier=dossier)
    if request.method == "POST" and form.is_valid():
        assign(dossier, form.cleaned_data["officer"], form.cleaned_data["duty"], request.actor)
        messages.success(request, _("%(officer)s is in charge now.") % {"officer": form.cleaned_data["officer"]})
        return go(request, reverse("web:dossier", args=[pk]))
    return small_form(request, dossier, form, _("Assign an officer"), _("Assign"))


@require_http_methods(["GET", "POST"])
def withdrawal(request: PageRequest, pk: int, assignment: int) -> HttpResponse:
    """End an officer's duties on a matter, with the reason (HY-34)."""
    dossier = load(request.actor, pk)
    held = Assignment.objects.filter(pk=assignment, dossier=pk, until=None).select_related("user").first()
    if held is None or not may_end(request.actor, dossier, held):
        raise Http404
    form = bound_form(request, WithdrawForm)
    if request.method == "POST" and form.is_valid():
        withdraw(dossier, held.user, form.cleaned_data["reason"], request.actor)
        messages.success(request, _("%(officer)s has withdrawn.") % {"officer": held.user})
        return go(request, reverse("web:dossier", args=[pk]))
    heading = _("%(officer)s withdraws") % {"officer": held.user}
    return small_form(request, dossier, form, heading, _("Record the withdrawal"))
