"""Pages of plans and draws for those who sign in; what they do besides steps goes to one service each."""

from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from inspections.draws import selectors, services
from inspections.draws.forms import AfreshForm, PlanForm, SupplementForm
from inspections.draws.models import Draw, YearPlan
from inspections.draws.plan_procedure import OFFICERS
from supervision.parties.actors import Actor
from supervision.web.columns import Column
from supervision.web.forms import bound_form
from supervision.web.lists import ListView
from supervision.web.record_pages import load
from supervision.web.request import PageRequest

UNPROCESSABLE = 422
TONES = {"published": "ok", "void": "bad", "adopted": "ok"}


def state_tone(dossier: Any) -> str:
    return TONES.get(dossier.state, "on" if not dossier.is_closed else "")


def record_url(dossier: Any) -> str:
    return reverse("web:dossier", args=[dossier.pk])


class PlanFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(label=gettext_lazy("Year"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=YearPlan.State.choices)

    class Meta:
        model = YearPlan
        fields: ClassVar[list[str]] = []


class PlanList(ListView):
    """Yearly plans of random checks within the jurisdiction."""

    name = "draws.plans"
    title = gettext_lazy("Random-check plans")
    columns = (
        Column("title", gettext_lazy("Plan"), link=record_url, lead=True, sort="title"),
        Column("number", gettext_lazy("Number"), sort="number"),
        Column("authority", gettext_lazy("Authority")),
        Column("year", gettext_lazy("Year"), sort="year"),
        Column("state", gettext_lazy("State"), value="state_label", kind="tag", tone=state_tone),
    )
    filterset_class = PlanFilter
    default_sort = "-number"
    template_name = "pages/draws/plans.html"
    empty_title = gettext_lazy("No plan yet")
    empty_text = gettext_lazy("A plan sets rates, calendar and witnesses; its draws then run by themselves.")

    def get_queryset(self) -> QuerySet[YearPlan]:
        return selectors.plans(self.request.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_draft=may_draft(self.request.actor), **kwargs)


class DrawFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Draw.State.choices)
    strength = django_filters.ChoiceFilter(label=gettext_lazy("Strength"), choices=Draw.Strength.choices)
    after = django_filters.DateFilter(label=gettext_lazy("Drawn from"), field_name="draw_at", lookup_expr="date__gte")

    class Meta:
        model = Draw
        fields: ClassVar[list[str]] = []


class DrawList(ListView):
    """Random draws within the jurisdiction."""

    name = "draws.draws"
    title = gettext_lazy("Random draws")
    columns = (
        Column("number", gettext_lazy("Number"), link=record_url, lead=True, sort="number"),
        Column("title", gettext_lazy("Draw")),
        Column("authority", gettext_lazy("Authority")),
        Column("draw_at", gettext_lazy("Moment of the draw"), kind="datetime", sort="draw_at"),
        Column("strength", gettext_lazy("Strength"), value="get_strength_display"),
        Column("state", gettext_lazy("State"), value="state_label", kind="tag", tone=state_tone),
    )
    filterset_class = DrawFilter
    default_sort = "-draw_at"
    empty_title = gettext_lazy("No draw yet")
    empty_text = gettext_lazy("Draws are opened by the calendar of an adopted plan.")

    def get_queryset(self) -> QuerySet[Draw]:
        return selectors.draws(self.request.actor)


def may_draft(actor: Actor) -> bool:
    """Whether the actor may draft plans and open draws at the own authority."""
    return actor.authority is not None and actor.has(*OFFICERS)


@require_http_methods(["GET", "POST"])
def new_plan(request: PageRequest) -> HttpResponse:
    """Draft a plan of the own authority."""
    actor = request.actor
    if not may_draft(actor):
        raise Http404
    form = bound_form(request, PlanForm, dossier=YearPlan(authority=actor.authority), actor=actor)
    if request.method == "POST" and form.is_valid():
        plan = services.draft_plan(actor=actor, facts=form.cleaned_data)
        messages.success(request, _("The draft is kept; the head of the authority adopts it."))
        return redirect("web:dossier", plan.pk)
    context = {"form": form, "crumbs": [(_("Random-check plans"), reverse("draws:plans")), (_("New plan"), "")]}
    return render(request, "pages/draws/plan_form.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def afresh(request: PageRequest, pk: int) -> HttpResponse:
    """Open the draw that takes the place of a void one."""
    draw = _own(request, pk)
    if not draw.voided or Draw.objects.filter(origin=draw.pk).exists():
        raise Http404
    form = bound_form(request, AfreshForm)
    if request.method == "POST" and form.is_valid():
        made = services.draw_afresh(draw=draw, actor=request.actor, **form.cleaned_data)
        return redirect("web:dossier", made.pk)
    return _form_page(request, draw, form, _("Draw afresh"))


@require_http_methods(["GET", "POST"])
def supplement(request: PageRequest, pk: int) -> HttpResponse:
    """Open a supplementary draw."""
    draw = _own(request, pk)
    if draw.drawn_at is None:
        raise Http404
    form = bound_form(request, SupplementForm)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        made = services.supplement(
            draw=draw,
            actor=request.actor,
            draw_at=facts.pop("draw_at"),
            reason=facts.pop("reason"),
            numbers=facts,
        )
        return redirect("web:dossier", made.pk)
    return _form_page(request, draw, form, _("Supplementary draw"))


@require_safe
def witness(request: PageRequest) -> HttpResponse:
    """What a witness has to hand in, and a helper that makes a contribution in the browser."""
    rows = list(selectors.to_witness(request.actor))
    return render(request, "pages/draws/witness.html", {"rows": rows})


def _own(request: PageRequest, pk: int) -> Draw:
    draw = load(request.actor, pk)
    if not isinstance(draw, Draw) or not may_draft(request.actor) or draw.authority != request.actor.authority:
        raise Http404
    return draw


def _form_page(request: PageRequest, draw: Draw, form: Any, heading: str) -> HttpResponse:
    context = {
        "dossier": draw,
        "form": form,
        "heading": heading,
        "button": heading,
        "crumbs": [(_("Random draws"), reverse("draws:draws")), (draw.number, record_url(draw)), (heading, "")],
    }
    return render(request, "pages/records/form.html", context, status=_status(form))


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200
