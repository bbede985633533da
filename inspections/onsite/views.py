"""Pages of inspections at the desk: list, opening one, coverage, checklists."""

from typing import Any
from uuid import uuid4

import django_filters
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from inspections.onsite.forms import OpenTaskForm
from inspections.onsite.models import Checklist, InspectionKind, InspectionTask
from inspections.onsite.selectors import checklists_for, coverage, tasks, unvisited
from inspections.onsite.services import open_task
from inspections.parties import parties_within
from supervision.parties.actors import Actor, authorities_within, may_see_business
from supervision.parties.models import Authority
from supervision.procedure import clock
from supervision.web.columns import Column
from supervision.web.dossier_lists import AUTHORITY, CLOSED, NUMBER, OPENED, PARTY, STATE, TITLE, DossierList
from supervision.web.forms import bound_form
from supervision.web.lists import ListView
from supervision.web.request import PageRequest

UNPROCESSABLE = 422
SUGGESTIONS = 8


class TaskList(DossierList):
    """The inspections within the jurisdiction."""

    name, title, kind = "inspections.tasks", gettext_lazy("Inspections"), "inspection"
    columns = (
        NUMBER,
        TITLE,
        PARTY,
        Column("inspection_kind", gettext_lazy("Kind"), value="get_inspection_kind_display"),
        STATE,
        Column("identity_shown_at", gettext_lazy("On site"), kind="datetime"),
        Column("findings_made", gettext_lazy("Findings"), kind="number"),
        Column("conclusion", gettext_lazy("Conclusion"), value="get_conclusion_display", optional=True),
        OPENED,
        CLOSED,
        AUTHORITY,
    )
    template_name = "pages/inspections/tasks.html"
    empty_title = gettext_lazy("No inspection yet")
    empty_text = gettext_lazy("Inspections come from draws, from leads, or are opened here.")

    @property
    def filterset_class(self) -> type[django_filters.FilterSet]:  # type: ignore[override]
        """The filters of matters, and the kind of inspection."""
        base = super().filterset_class
        kind = django_filters.ChoiceFilter(
            label=gettext_lazy("Kind"), field_name="inspection_kind", choices=InspectionKind.choices
        )
        return type("TaskFilter", (base,), {"inspection_kind": kind, "Meta": base.Meta})

    def get_queryset(self) -> Any:
        return tasks(self.request.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_open=may_open(self.request.actor), **kwargs)


def may_open(actor: Actor) -> bool:
    """Whether the actor may open inspections at the own authority."""
    return actor.authority is not None and actor.has(*InspectionTask.opens.by)


@require_http_methods(["GET", "POST"])
def open_inspection(request: PageRequest) -> HttpResponse:
    """Open an inspection by hand: patrol, special, unannounced, joint … (HY-31, HY-32)."""
    actor = request.actor
    if actor.authority is None or not may_open(actor):
        raise Http404
    form = bound_form(request, OpenTaskForm, actor=actor)
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("key", "")[:80] or None
        task = open_task(actor, authority=actor.authority, key=key, **form.cleaned_data)
        messages.success(request, _("%(number)s is opened.") % {"number": task.number})
        return redirect("web:dossier", task.pk)
    context = {
        "form": form,
        "key": request.POST.get("key") or uuid4().hex,
        "crumbs": [(_("Inspections"), reverse("inspections:tasks")), (_("Open an inspection"), "")],
    }
    refused = form.is_bound and not form.is_valid()
    return render(request, "pages/inspections/open_task.html", context, status=UNPROCESSABLE if refused else 200)


@require_safe
def party_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a field that names a party."""
    if request.actor.authority is None or not may_see_business(request.actor):
        raise Http404
    text = request.GET.get(request.GET.get("field", "q"), "").strip()[:100]
    found = parties_within(request.actor).filter(active=True)
    found = found.filter(Q(name__icontains=text) | Q(code__istartswith=text)) if len(text) > 1 else found.none()
    return render(request, "pages/inspections/_options.html", {"parties": found.order_by("sort_key")[:SUGGESTIONS]})


@require_safe
def coverage_page(request: PageRequest) -> HttpResponse:
    """How far each county agency has come with visiting every provider this year (HY-5)."""
    actor = request.actor
    if actor.authority is None or not may_see_business(actor):
        raise Http404
    this_year = clock.today().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= this_year else this_year
    rows = coverage(actor, year)
    context = {"rows": rows, "year": year, "years": range(this_year, this_year - 5, -1)}
    return render(request, "pages/inspections/coverage.html", context)


class MissingList(ListView):
    """The providers an agency has not visited on site in a year (HY-5)."""

    name = "inspections.missing"
    columns = (
        Column("name", gettext_lazy("Provider"), value=lambda row: row, kind="party", sort="sort_key", lead=True),
        Column("code", gettext_lazy("National code")),
        Column("region", gettext_lazy("Region")),
        Column("sort", gettext_lazy("Class"), value="get_sort_display"),
        Column("risk", gettext_lazy("Risk"), value="get_risk_display"),
    )
    default_sort = "sort_key"
    empty_title = gettext_lazy("Every provider was visited")

    @property
    def agency(self) -> Authority:
        """The agency within the jurisdiction; Http404 for any other."""
        actor = self.request.actor
        if actor.authority is None or not may_see_business(actor):
            raise Http404
        within = authorities_within(actor.authority, clock.today())
        return get_object_or_404(within.select_related("region"), pk=self.kwargs["agency"], body=Authority.Body.AGENCY)

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("%(agency)s: not visited in %(year)s") % {"agency": self.agency, "year": self.kwargs["year"]}

    @property
    def crumbs(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [(_("Coverage on site"), reverse("inspections:coverage")), (str(self.agency), "")]

    def get_queryset(self) -> Any:
        year = self.kwargs["year"]
        if not 2000 <= year <= clock.today().year:
            raise Http404
        return unvisited(self.agency, year)


@require_safe
def checklists(request: PageRequest) -> HttpResponse:
    """The library of checklists, each with its newest version (HY-27…30)."""
    if request.actor.authority is None or not may_see_business(request.actor):
        raise Http404
    versions = checklists_for(None).prefetch_related("items")
    return render(request, "pages/inspections/checklists.html", {"versions": versions})


@require_safe
def checklist(request: PageRequest, code: str) -> HttpResponse:
    """One checklist: a version's items, and the versions before."""
    if request.actor.authority is None or not may_see_business(request.actor):
        raise Http404
    found = get_object_or_404(Checklist, code=code)
    versions = list(found.versions.order_by("-number"))
    asked = request.GET.get("version", "")
    shown = next((version for version in versions if str(version.number) == asked), versions[0] if versions else None)
    if shown is None:
        raise Http404
    context = {
        "checklist": found,
        "version": shown,
        "versions": versions,
        "items": shown.items.all(),
        "crumbs": [(_("Checklists"), reverse("inspections:checklists")), (str(found), "")],
    }
    return render(request, "pages/inspections/checklist.html", context)
