"""Taking in lists of providers and practitioners: upload, look at what it would do, apply (HY-2)."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from supervision.parties.models import Region, RegisterImport
from supervision.parties.roles import Role
from supervision.parties.services.registers import Outcome, faults_csv, look_at, take_in
from supervision.tables.refusals import Refused

from ..exports import log_export
from ..forms import bound_form
from ..import_lists import REFUSED_ROWS, imports_seen_by, may_read_rows
from ..request import PageRequest

MOST_BYTES = 5 * 1024 * 1024
KEPT_SECONDS = 30 * 60
SHOWN_FAULTS = 50
UNPROCESSABLE = 422


class ListForm(forms.Form):
    """A list and what it is a list of."""

    register = forms.ChoiceField(label=gettext_lazy("List of"), choices=RegisterImport.Register.choices)
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV or Excel workbook (.xlsx), UTF-8 or GBK, at most 5 MB.")
    )

    def clean_file(self) -> Any:
        """Small enough to be kept between looking and applying."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB; split it."))
        return file


def require_administrator(request: PageRequest) -> None:
    """The system administrator keeps the registers. Raises PermissionDenied."""
    if request.actor.authority is None or not request.actor.has(Role.SYSTEM_ADMIN):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def import_list(request: PageRequest) -> HttpResponse:
    """Choose a list; the answer shows what it would do, and offers to apply it."""
    require_administrator(request)
    form = bound_form(request, ListForm)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = {"register": form.cleaned_data["register"], "name": file.name, "content": file.read()}
        try:
            outcome = _look(request, kept)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            token = uuid4().hex
            cache.set(_key(request, token), kept, KEPT_SECONDS)
            context |= {"outcome": outcome, "faults": outcome.faults[:SHOWN_FAULTS], "token": token, "name": file.name}
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "pages/parties/import.html", context, status=status)


@require_http_methods(["POST"])
def apply_list(request: PageRequest, token: str) -> HttpResponse:
    """Write what was looked at, once."""
    require_administrator(request)
    kept = cache.get(_key(request, token))
    if kept is None:
        messages.error(request, _("The list was not kept any longer; choose it again."))
        return redirect("web:import-list")
    register, content, name = kept["register"], kept["content"], kept["name"]
    actor = request.actor
    regions = _regions(request)
    outcome = take_in(register, content, name, regions=regions, by=actor.user, authority=actor.authority)
    cache.delete(_key(request, token))
    told = {"new": outcome.new, "changed": outcome.changed, "bad": len(outcome.faults)}
    messages.success(request, _("Taken: %(new)s new, %(changed)s changed; %(bad)s set aside.") % told)
    return redirect("web:list-imports")


@require_safe
def list_faults(request: PageRequest, token: str) -> HttpResponse:
    """The rows set aside, as a file to correct and send again."""
    require_administrator(request)
    kept = cache.get(_key(request, token))
    if kept is None:
        raise Http404
    return _csv(faults_csv(_look(request, kept)))


@require_safe
def refused_rows(request: PageRequest, pk: int) -> HttpResponse:
    """The rows an import set aside, to correct and send again; recorded as an export (HY-38)."""
    taken = imports_seen_by(request.actor).filter(pk=pk).exclude(refused=0).first()
    if taken is None:
        raise Http404
    if not may_read_rows(request.actor):
        raise PermissionDenied
    log_export(request, REFUSED_ROWS, taken.file_name, "csv", taken.refused)
    return _csv(taken.refused_rows)


def _csv(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-set-aside.csv"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _regions(request: PageRequest) -> QuerySet[Region]:
    place = request.actor.authority
    return Region.objects.filter(path__startswith=place.region.path) if place else Region.objects.none()


def _look(request: PageRequest, kept: dict[str, Any]) -> Outcome:
    return look_at(kept["register"], kept["content"], kept["name"], regions=_regions(request))


def _key(request: PageRequest, token: str) -> str:
    return f"list:{request.user.pk}:{token}"
