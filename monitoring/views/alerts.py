"""Alerts: list, record with the proving lines, decisions."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.forms import ConfirmForm, DismissForm, LeadForm
from monitoring.models import Alert, Rule
from monitoring.months import written
from monitoring.selectors import alerts as seen
from monitoring.selectors.claims import months
from monitoring.selectors.evidence import all_lines_csv
from monitoring.services import alerts as service
from monitoring.views.common import ALERTS, require_worker
from monitoring.views.rules import SEVERITY_TONES
from supervision.parties.masks import mask_id
from supervision.procedure.refusals import StepRefused
from supervision.web.exports import log_export
from supervision.web.forms import bound_form
from supervision.web.lists import Column, ListView
from supervision.web.request import PageRequest

STATE_TONES = {"new": "on", "confirmed": "warn", "dismissed": "", "led": "bad"}
FORMS = {"confirm": ConfirmForm, "dismiss": DismissForm, "lead": LeadForm}


class AlertFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Provider or code"), method="named", widget=forms.TextInput(attrs={"type": "search"})
    )
    rule = django_filters.ChoiceFilter(
        label=gettext_lazy("Rule"),
        field_name="rule__slug",
        choices=lambda: [(rule.slug, rule.name) for rule in seen.rules()],
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Alert.State.choices)
    severity = django_filters.ChoiceFilter(label=gettext_lazy("Severity"), choices=Rule.Severity.choices)
    month = django_filters.ChoiceFilter(
        label=gettext_lazy("Settlement month"), choices=lambda: [(month, written(month)) for month in months()]
    )
    least = django_filters.NumberFilter(label=gettext_lazy("Least amount"), field_name="amount", lookup_expr="gte")

    class Meta:
        model = Alert
        fields = ()

    def named(self, rows: QuerySet[Alert], _name: str, value: str) -> QuerySet[Alert]:
        return rows.filter(Q(provider__name__icontains=value) | Q(provider_code__istartswith=value))


class AlertList(ListView):
    """Alerts about the providers of the jurisdiction."""

    name = "monitoring.alerts"
    title = gettext_lazy("Alerts")
    template_name = "pages/monitoring/alerts.html"
    columns = (
        Column("rule", gettext_lazy("Rule"), value="rule.name", link=lambda row: row.get_absolute_url(), lead=True),
        Column("provider", gettext_lazy("Provider"), kind="party", value="provider"),
        Column("provider_code", gettext_lazy("Provider code"), optional=True),
        Column("person", gettext_lazy("Person"), value=lambda row: str(mask_id(row.person_code)), phone=False),
        Column("month", gettext_lazy("Settlement month"), value=lambda alert: alert.month_written, sort="month"),
        Column("amount", gettext_lazy("Amount"), kind="money", sort="amount"),
        Column("line_count", gettext_lazy("Lines"), kind="number", sort="line_count", phone=False),
        Column(
            "severity",
            gettext_lazy("Severity"),
            value="get_severity_display",
            kind="tag",
            tone=lambda row: SEVERITY_TONES[row.severity],
        ),
        Column(
            "state",
            gettext_lazy("State"),
            value="get_state_display",
            kind="tag",
            tone=lambda row: STATE_TONES[row.state],
        ),
        Column("created_at", gettext_lazy("Found"), kind="datetime", sort="created_at", optional=True),
    )
    filterset_class = AlertFilter
    default_sort = "-created_at"
    empty_title = gettext_lazy("No alert")
    empty_text = gettext_lazy("Alerts come from screening claims with the rules.")

    def get_queryset(self) -> QuerySet[Alert]:
        return seen.alerts(self.request.actor).select_related("rule", "provider")


def _load(request: PageRequest, pk: int) -> Alert:
    return get_object_or_404(seen.alerts(request.actor).select_related("rule", "provider", "lead"), pk=pk)


def _crumbs(alert: Alert, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    own = _("Alert %(n)s") % {"n": alert.pk}
    return [(ALERTS[0], reverse(ALERTS[1])), (own, alert.get_absolute_url() if more else ""), *more]


def detail(request: PageRequest, pk: int) -> HttpResponse:
    """One alert: what, by which rule and law, proved by which lines, decided how."""
    alert = _load(request, pk)
    lines = list(alert.lines.all())
    context = {
        "alert": alert,
        "crumbs": _crumbs(alert),
        "lines": lines,
        "more_lines": alert.line_count - len(lines),
        "choices": service.choices(alert, request.actor),
        "events": alert.events.select_related("by"),
        "severity_tone": SEVERITY_TONES[alert.severity],
        "state_tone": STATE_TONES[alert.state],
        "run_seen": seen.runs(request.actor).filter(pk=alert.first_run_id).exists(),
        "other_alerts": seen.same_suspicion(request.actor, alert).count(),
    }
    return render(request, "pages/monitoring/alert.html", context)


def decide(request: PageRequest, pk: int, verb: str) -> HttpResponse:
    """The form of one decision, and taking it; blocked ones say why."""
    require_worker(request)
    alert = _load(request, pk)
    if verb not in FORMS:
        raise Http404
    choice = next(item for item in service.choices(alert, request.actor) if item.verb == verb)
    others = seen.same_suspicion(request.actor, alert) if verb == "lead" else Alert.objects.none()
    form = bound_form(request, FORMS[verb])
    if verb == "lead" and not others.exists():
        del form.fields["together"]
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, alert, verb, form.cleaned_data, others)
        except service.NotPossible as impossible:
            for sentence in impossible.reasons:
                form.add_error(None, str(sentence))
        except StepRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, str(reason.sentence))
    context = {
        "alert": alert,
        "choice": choice,
        "form": form,
        "crumbs": _crumbs(alert, (choice.label, "")),
        "others": others.count(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "pages/monitoring/decide.html", context, status=status)


def _take(request: PageRequest, alert: Alert, verb: str, data: dict[str, Any], others: QuerySet[Alert]) -> HttpResponse:
    if verb == "confirm":
        service.confirm(alert=alert, actor=request.actor, reason=data["reason"])
    elif verb == "dismiss":
        service.dismiss(alert=alert, actor=request.actor, reason=data["reason"])
    else:
        together = list(others.select_related("rule", "provider")) if data.get("together") else []
        lead = service.make_lead(alert=alert, actor=request.actor, together=together, note=data["reason"])
        messages.success(request, _("Lead %(number)s was registered.") % {"number": lead.number})
        return redirect("web:dossier", lead.pk)
    messages.success(request, _("The decision was recorded."))
    return redirect(alert)


def lines(request: PageRequest, pk: int) -> HttpResponseBase:
    """Every proving line, found again in the claims by the alert's own rule version; recorded as an export."""
    alert = _load(request, pk)
    log_export(request, "monitoring.lines", _("Alert %(n)s") % {"n": alert.pk}, "csv", alert.line_count)
    response = StreamingHttpResponse(all_lines_csv(alert), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="alert-{alert.pk}-lines.csv"'
    return response
