"""Screening runs: start, watch, stop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from monitoring import tasks
from monitoring.forms import ScreenForm
from monitoring.models import Rule, ScreeningRun
from monitoring.selectors import alerts as seen
from monitoring.selectors.jurisdiction import is_kept_apart
from monitoring.services import screening
from monitoring.views.common import RUNS, live, require_worker
from monitoring.views.imports import TONES
from supervision.web.forms import bound_form
from supervision.web.lists import Column, ListView
from supervision.web.request import PageRequest


class RunList(ListView):
    """Every run of the jurisdiction."""

    name = "monitoring.runs"
    title = gettext_lazy("Screening runs")
    template_name = "pages/monitoring/runs.html"
    columns = (
        Column("run", gettext_lazy("Run"), value=str, link=lambda run: run.get_absolute_url(), lead=True),
        Column(
            "state", gettext_lazy("State"), value="get_state_display", kind="tag", tone=lambda run: TONES[run.state]
        ),
        Column("parts_over", gettext_lazy("Parts done"), value=lambda run: f"{run.parts_over} / {run.parts_all}"),
        Column("found_new", gettext_lazy("New alerts"), kind="number"),
        Column("found_known", gettext_lazy("Known alerts"), kind="number", phone=False),
        Column("by", gettext_lazy("Started by"), phone=False),
        Column("created_at", gettext_lazy("Started"), kind="datetime", sort="created_at"),
    )
    default_sort = "-created_at"
    empty_title = gettext_lazy("No screening was run yet")
    empty_text = gettext_lazy("Import claims first, then run the rules over them.")

    def get_queryset(self) -> QuerySet[ScreeningRun]:
        return seen.runs(self.request.actor).select_related("by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_work=seen.may_work(self.request.actor), **kwargs)


def start(request: PageRequest) -> HttpResponse:
    """Choose months and rules, and queue the run."""
    require_worker(request)
    form = bound_form(request, ScreenForm)
    if request.method == "POST" and form.is_valid():
        try:
            run = screening.start(
                rules=form.cleaned_data["rules"],
                chosen=form.cleaned_data["months"],
                by=request.user,
                authority=request.actor.authority,
            )
        except screening.NothingToScreen:
            messages.error(request, _("There are no claims or no rules to screen. Import claims first."))
            return redirect("monitoring:imports")
        transaction.on_commit(lambda: tasks.screen.delay(run.pk))
        return redirect(run)
    crumbs = [(RUNS[0], reverse(RUNS[1])), (_("Start a screening"), "")]
    context = {"form": form, "crumbs": crumbs, "kept_apart": is_kept_apart(request.actor.authority)}
    return render(request, "pages/monitoring/start.html", context)


def detail(request: PageRequest, pk: int) -> HttpResponse:
    """One run, live: its parts by rule."""
    run = get_object_or_404(seen.runs(request.actor).select_related("by", "authority"), pk=pk)
    over = Q(parts__state__in=("done", "failed", "cancelled"), parts__run=run)
    by_rule = (
        Rule.objects.filter(parts__run=run)
        .annotate(
            parts_all=Count("parts", filter=Q(parts__run=run)),
            parts_over=Count("parts", filter=over),
            new=Sum("parts__alerts_new", filter=Q(parts__run=run), default=0),
            known=Sum("parts__alerts_known", filter=Q(parts__run=run), default=0),
            lines=Sum("parts__lines", filter=Q(parts__run=run), default=0),
            fault=Max("parts__fault", filter=Q(parts__run=run)),
        )
        .order_by("slug")
    )
    context = {
        "run": run,
        "rules": by_rule,
        "tone": TONES[run.state],
        "percent": int(100 * run.parts_over / run.parts_all) if run.parts_all else 100,
        "crumbs": [(RUNS[0], reverse(RUNS[1])), (str(run), "")],
        "may_work": seen.may_work(request.actor),
    }
    return live(request, "run", context)


@require_POST
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Drop the parts that have not begun."""
    require_worker(request)
    run = get_object_or_404(seen.runs(request.actor), pk=pk)
    screening.ask_to_cancel(run=run)
    return redirect(run)
