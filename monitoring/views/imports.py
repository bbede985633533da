"""Claims imports: list, upload, progress, rows set aside."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from monitoring import tasks
from monitoring.claims.layout import TABLES
from monitoring.forms import UploadForm
from monitoring.models import ImportBatch
from monitoring.models.work import WorkState
from monitoring.selectors import alerts as seen
from monitoring.selectors.claims import bad_rows_csv, bad_rows_shown
from monitoring.selectors.jurisdiction import is_kept_apart
from monitoring.services import imports
from monitoring.views.common import IMPORTS, live, require_worker
from supervision.web.forms import bound_form
from supervision.web.lists import Column, ListView
from supervision.web.request import PageRequest

TONES = {"done": "ok", "failed": "bad", "cancelled": "warn", "running": "on", "queued": "on"}


class ImportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=WorkState.choices)

    class Meta:
        model = ImportBatch
        fields = ()


class ImportList(ListView):
    """Every import of the jurisdiction."""

    name = "monitoring.imports"
    title = gettext_lazy("Claims imports")
    template_name = "pages/monitoring/imports.html"
    columns = (
        Column("name", gettext_lazy("File"), link=lambda batch: batch.get_absolute_url(), lead=True),
        Column(
            "state",
            gettext_lazy("State"),
            value="get_state_display",
            kind="tag",
            tone=lambda batch: TONES[batch.state],
        ),
        Column("rows_stored", gettext_lazy("Rows stored"), kind="number", sort="rows_stored"),
        Column("rows_bad", gettext_lazy("Rows set aside"), kind="number", sort="rows_bad"),
        Column("rows_replaced", gettext_lazy("Rows replaced"), kind="number", phone=False),
        Column("authority", gettext_lazy("Authority"), phone=False),
        Column("by", gettext_lazy("Imported by"), phone=False),
        Column("created_at", gettext_lazy("Received"), kind="datetime", sort="created_at"),
    )
    filterset_class = ImportFilter
    default_sort = "-created_at"
    empty_title = gettext_lazy("No claims were imported yet")
    empty_text = gettext_lazy("Upload the files of the settlement system; the rules then run over them.")

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return seen.batches(self.request.actor).select_related("authority", "by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_work=seen.may_work(self.request.actor), **kwargs)


def upload(request: PageRequest) -> HttpResponse:
    """Receive a file and queue its import."""
    require_worker(request)
    form = bound_form(request, UploadForm)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch, created = imports.receive(
            name=file.name,
            blocks=file.chunks(),
            mapping=form.cleaned_data["mapping"],
            by=request.user,
            authority=request.actor.authority,
        )
        if created:
            transaction.on_commit(lambda: tasks.import_claims.delay(batch.pk))
        elif not seen.batches(request.actor).filter(pk=batch.pk).exists():
            messages.info(request, _("Another authority has imported a file with exactly this content."))
            return redirect("monitoring:imports")
        else:
            messages.info(request, _("A file with exactly this content was received before; this is its import."))
        return redirect(batch)
    crumbs = [(IMPORTS[0], reverse(IMPORTS[1])), (_("Upload"), "")]
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "form": form,
        "crumbs": crumbs,
        "tables": TABLES.values(),
        "kept_apart": is_kept_apart(request.actor.authority),
    }
    return render(request, "pages/monitoring/upload.html", context, status=status)


def template(request: PageRequest, table: str) -> HttpResponse:
    """A file of one table with its headings alone, to be filled in; a spreadsheet reads it as Chinese text."""
    require_worker(request)
    if table not in TABLES:
        raise Http404
    headings = ",".join(field.name for field in TABLES[table].fields)
    response = HttpResponse(f"\ufeff{headings}\r\n", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{TABLES[table].national}.csv"'
    return response


def detail(request: PageRequest, pk: int) -> HttpResponse:
    """One import: progress while it runs, its result after."""
    batch = get_object_or_404(seen.batches(request.actor).select_related("authority", "by", "mapping"), pk=pk)
    context = {
        "batch": batch,
        "crumbs": [(IMPORTS[0], reverse(IMPORTS[1])), (batch.name, "")],
        "tone": TONES[batch.state],
        "tables": [(TABLES[name], rows) for name, rows in batch.tables.items() if name in TABLES],
        "bad_rows": bad_rows_shown(batch) if batch.rows_bad else [],
        "may_work": seen.may_work(request.actor),
    }
    return live(request, "import", context)


def bad_rows(request: PageRequest, pk: int) -> HttpResponseBase:
    """The rows set aside, as a file a spreadsheet opens safely."""
    batch = get_object_or_404(seen.batches(request.actor), pk=pk)
    response = StreamingHttpResponse(bad_rows_csv(batch), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="bad-rows-{batch.pk}.csv"'
    return response


@require_POST
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Ask a running import to stop."""
    require_worker(request)
    batch = get_object_or_404(seen.batches(request.actor), pk=pk)
    imports.ask_to_cancel(batch=batch)
    return redirect(batch)
