"""Taking in lists of providers and practitioners: upload, look at what it would do, apply (HY-2)."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from supervision.parties.models import Region
from supervision.parties.roles import Role
from supervision.parties.services.registers import Outcome, faults_csv, take_in
from supervision.tables.refusals import Refused

from ..forms import bound_form

MOST_BYTES = 5 * 1024 * 1024
KEPT_SECONDS = 30 * 60
SHOWN_FAULTS = 50
UNPROCESSABLE = 422
REGISTERS = (("providers", gettext_lazy("Providers")), ("practitioners", gettext_lazy("Physicians and pharmacists")))


class ListForm(forms.Form):
    """A list and what it is a list of."""

    register = forms.ChoiceField(label=gettext_lazy("List of"), choices=REGISTERS)
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV or Excel workbook (.xlsx), UTF-8 or GBK, at most 5 MB.")
    )

    def clean_file(self) -> Any:
        """Small enough to be kept between looking and applying."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB; split it."))
        return file


def require_administrator(request: HttpRequest) -> None:
    """The system administrator keeps the registers. Raises PermissionDenied."""
    if request.actor.authority is None or not request.actor.has(Role.SYSTEM_ADMIN):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Choose a list; the answer shows what it would do, and offers to apply it."""
    require_administrator(request)
    form = bound_form(request, ListForm)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = {"register": form.cleaned_data["register"], "name": file.name, "content": file.read()}
        try:
            outcome = _take(request, kept, dry_run=True)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            token = uuid4().hex
            cache.set(_key(request, token), kept, KEPT_SECONDS)
            context |= {"outcome": outcome, "faults": outcome.faults[:SHOWN_FAULTS], "token": token, "name": file.name}
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "pages/parties/import.html", context, status=status)


@require_http_methods(["POST"])
def apply_list(request: HttpRequest, token: str) -> HttpResponse:
    """Write what was looked at; a second click finds everything the same."""
    require_administrator(request)
    kept = cache.get(_key(request, token))
    if kept is None:
        messages.error(request, _("The list was not kept any longer; choose it again."))
        return redirect("web:import-list")
    outcome = _take(request, kept, dry_run=False)
    told = {"new": outcome.new, "changed": outcome.changed, "bad": len(outcome.faults)}
    messages.success(request, _("Taken: %(new)s new, %(changed)s changed; %(bad)s set aside.") % told)
    return redirect("web:import-list")


@require_safe
def list_faults(request: HttpRequest, token: str) -> HttpResponse:
    """The rows set aside, as a file to correct and send again."""
    require_administrator(request)
    kept = cache.get(_key(request, token))
    if kept is None:
        raise Http404
    response = HttpResponse(faults_csv(_take(request, kept, dry_run=True)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-set-aside.csv"'
    return response


def _take(request: HttpRequest, kept: dict[str, Any], *, dry_run: bool) -> Outcome:
    regions = Region.objects.filter(path__startswith=request.actor.authority.region.path)
    return take_in(kept["register"], kept["content"], kept["name"], regions=regions, dry_run=dry_run)


def _key(request: HttpRequest, token: str) -> str:
    return f"list:{request.user.pk}:{token}"
