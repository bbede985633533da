"""Rules with their hits, the library's knowledge points, and taking in more of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import altair as alt
import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.forms import PARAMETER_LABELS, LibraryForm, ParametersForm
from monitoring.library.classes import BY_SLUG, CLASSES
from monitoring.library.workbook import NotALibrary
from monitoring.models import Rule, RuleItem
from monitoring.selectors import alerts as seen
from monitoring.services import rules as service
from monitoring.services.library import import_library
from monitoring.views.common import RULES
from supervision.parties.roles import Role
from supervision.web import charts
from supervision.web.forms import bound_form
from supervision.web.lists import Column, ListView
from supervision.web.request import PageRequest

SEVERITY_TONES = {"high": "bad", "medium": "warn", "low": ""}


class RuleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Name or code"), method="named", widget=forms.TextInput(attrs={"type": "search"})
    )
    severity = django_filters.ChoiceFilter(label=gettext_lazy("Severity"), choices=Rule.Severity.choices)
    outcome = django_filters.ChoiceFilter(label=gettext_lazy("Result kind"), choices=Rule.Outcome.choices)

    class Meta:
        model = Rule
        fields = ()

    def named(self, rows: QuerySet[Rule], _name: str, value: str) -> QuerySet[Rule]:
        return rows.filter(
            Q(name_zh__icontains=value) | Q(name_en__icontains=value) | Q(official_code__icontains=value)
        )


class RuleList(ListView):
    """The rules in force and how each fared in the jurisdiction."""

    name = "monitoring.rules"
    title = gettext_lazy("Rules")
    template_name = "pages/monitoring/rules.html"
    filterset_class = RuleFilter
    default_sort = "slug"
    empty_title = gettext_lazy("No rule is entered yet")
    empty_text = gettext_lazy("The system administrator enters the shipped rules with “manage.py rules sync”.")

    @cached_property
    def hits(self) -> dict[int, seen.Hits]:
        return seen.hits(self.request.actor)

    def get_columns(self) -> tuple[Column, ...]:
        def hit(row: Rule) -> seen.Hits:
            return self.hits.get(row.pk, seen.Hits())

        return (
            Column("name", gettext_lazy("Rule"), link=lambda rule: rule.get_absolute_url(), lead=True, sort="slug"),
            Column("official_code", gettext_lazy("Official code"), sort="official_code", phone=False),
            Column(
                "severity",
                gettext_lazy("Severity"),
                value="get_severity_display",
                kind="tag",
                tone=lambda rule: SEVERITY_TONES[rule.severity],
            ),
            Column("outcome", gettext_lazy("Result kind"), value="get_outcome_display", phone=False),
            Column("total", gettext_lazy("Alerts"), value=lambda rule: hit(rule).total, kind="number"),
            Column("open", gettext_lazy("Not decided"), value=lambda rule: hit(rule).open, kind="number"),
            Column("upheld", gettext_lazy("Upheld"), value=lambda rule: hit(rule).upheld, kind="number"),
            Column("dismissed", gettext_lazy("Dismissed"), value=lambda rule: hit(rule).dismissed, kind="number"),
            Column("amount", gettext_lazy("Amount"), value=lambda rule: hit(rule).amount, kind="money"),
        )

    columns = ()

    def get_queryset(self) -> QuerySet[Rule]:
        return seen.rules()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_work=seen.may_work(self.request.actor), **kwargs)


def overview(request: PageRequest) -> HttpResponse:
    """Where alerts are many, and which rules hold true."""
    hits = seen.hits(request.actor)
    judged = [(rule.name, hits[rule.pk]) for rule in seen.rules() if rule.pk in hits]
    precision = charts.chart(
        request,
        title=_("Decided alerts by rule"),
        columns=[_("Rule"), _("Decision"), _("Alerts")],
        rows=[
            (name, label, count)
            for name, hit in judged
            for label, count in (
                (_("Upheld"), hit.upheld),
                (_("Dismissed"), hit.dismissed),
                (_("Not decided"), hit.open),
            )
        ],
        draw=lambda data: (
            alt.Chart(data)
            .mark_bar()
            .encode(
                x=alt.X("c2:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
                y=alt.Y("c0:N", title=None, sort="-x"),
                color=alt.Color("c1:N", title=None),
            )
        ),
        height=24 * max(len(judged), 4),
    )
    heat_rows = seen.heat(request.actor)
    heat = charts.chart(
        request,
        title=_("Alerts by provider and month"),
        columns=[_("Provider"), _("Month"), _("Alerts")],
        rows=heat_rows,
        draw=lambda data: (
            alt.Chart(data)
            .mark_rect()
            .encode(
                x=alt.X("c1:O", title=None, axis=alt.Axis(labelAngle=0)),
                y=alt.Y("c0:N", title=None),
                color=alt.Color("c2:Q", title=None, legend=alt.Legend(tickMinStep=1, format="d")),
            )
        ),
        height=24 * max(len({row[0] for row in heat_rows}), 4),
    )
    context = {"precision": precision if judged else None, "heat": heat if heat_rows else None}
    return render(request, "pages/monitoring/overview.html", context)


def detail(request: PageRequest, pk: int) -> HttpResponse:
    """One version of a rule: text, law, numbers, knowledge points, hits."""
    rule = get_object_or_404(Rule, pk=pk)
    items = RuleItem.objects.filter(rule_class=rule.library_class) if rule.library_class else RuleItem.objects.none()
    context = {
        "rule": rule,
        "crumbs": [(RULES[0], reverse(RULES[1])), (rule.name, "")],
        "tone": SEVERITY_TONES[rule.severity],
        "hits": seen.hits(request.actor).get(rule.pk, seen.Hits()),
        "parameters": [(PARAMETER_LABELS.get(name, name), value) for name, value in rule.parameters.items()],
        "versions": Rule.objects.filter(slug=rule.slug).select_related("set_by"),
        "library": BY_SLUG.get(rule.library_class),
        "points": items.count(),
        "some_points": items.select_related("file")[:10],
        "may_change": _may_change(request),
    }
    return render(request, "pages/monitoring/rule.html", context)


def _may_change(request: PageRequest) -> bool:
    return seen.keeps_rules(request.actor) and request.actor.has(Role.BUREAU_HEAD)


def parameters(request: PageRequest, pk: int) -> HttpResponse:
    """Other numbers make a new version; the head of the city's bureau sets them, since they hold for every county."""
    if not _may_change(request):
        raise PermissionDenied
    rule = get_object_or_404(Rule, pk=pk, active=True)
    form = bound_form(request, ParametersForm, rule=rule)
    if request.method == "POST" and form.is_valid():
        new = service.change_parameters(rule=rule, parameters=form.cleaned_data, by=request.actor.user)
        messages.success(request, _("Version %(n)s is in force from now on.") % {"n": new.version})
        return redirect(new)
    crumbs = [(RULES[0], reverse(RULES[1])), (rule.name, rule.get_absolute_url()), (_("Change the numbers"), "")]
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request, "pages/monitoring/parameters.html", {"form": form, "rule": rule, "crumbs": crumbs}, status=status
    )


class ItemFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Name or code"), method="named", widget=forms.TextInput(attrs={"type": "search"})
    )
    rule_class = django_filters.ChoiceFilter(
        label=gettext_lazy("Rule class"), choices=[(kind.slug, kind.name) for kind in CLASSES]
    )

    class Meta:
        model = RuleItem
        fields = ()

    def named(self, rows: QuerySet[RuleItem], _name: str, value: str) -> QuerySet[RuleItem]:
        return rows.filter(Q(name__icontains=value) | Q(code__istartswith=value))


class ItemList(ListView):
    """The knowledge points, each with the workbook and row it came from."""

    name = "monitoring.items"
    title = gettext_lazy("Rule library")
    template_name = "pages/monitoring/library.html"
    columns = (
        Column("name", gettext_lazy("Item"), lead=True),
        Column("code", gettext_lazy("Item code"), sort="code"),
        Column("rule_class", gettext_lazy("Rule class"), value="get_rule_class_display"),
        Column("limit", gettext_lazy("Limit"), value=lambda item: item.limit or item.other_name or item.note[:60]),
        Column("most", gettext_lazy("Greatest number"), kind="number", optional=True),
        Column("file", gettext_lazy("File"), value="file.name", phone=False),
        Column("row", gettext_lazy("Row"), kind="number", phone=False),
    )
    filterset_class = ItemFilter
    default_sort = "code"
    empty_title = gettext_lazy("The rule library is empty")
    empty_text = gettext_lazy("Import the published workbooks of the national rule library as they are.")

    def get_queryset(self) -> QuerySet[RuleItem]:
        return RuleItem.objects.select_related("file")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(keeps_rules=seen.keeps_rules(self.request.actor), **kwargs)


def library_import(request: PageRequest) -> HttpResponse:
    """Take in one workbook, or only say what it would give; the city does so, since it holds for every county."""
    if not seen.keeps_rules(request.actor):
        raise PermissionDenied
    form = bound_form(request, LibraryForm)
    report = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
            for block in file.chunks():
                kept.write(block)
            kept.flush()
            try:
                report = import_library(
                    path=Path(kept.name),
                    name=file.name,
                    dry_run=form.cleaned_data["dry_run"],
                    by=request.actor.user,
                )
            except NotALibrary as error:
                form.add_error("file", str(error))
    crumbs = [(_("Rule library"), reverse("monitoring:library")), (_("Import"), "")]
    classes = [(BY_SLUG[slug].name, count) for slug, count in report.classes.items()] if report else []
    context = {"form": form, "report": report, "classes": classes, "crumbs": crumbs}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "pages/monitoring/library_import.html", context, status=status)
