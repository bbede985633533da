"""Showing a masked identifier in clear: asked with a purpose, shown once, never kept by a browser (HY-38)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from supervision.records.reveal_form import RevealForm
from supervision.records.reveals import TooMany, find, reveal

from ..dialogs import form_page, in_dialog, varied
from ..forms import bound_form
from ..request import PageRequest
from .account import next_page

TOO_MANY = 429


@require_http_methods(["GET", "POST"])
def reveal_page(request: PageRequest, name: str, pk: int) -> HttpResponse:
    """GET asks what for; POST records it and answers with the clear value, which no address gives again."""
    one, row = find(request.actor, name, pk)
    heading = _("Show the %(what)s of %(whose)s") % {"what": one.label, "whose": one.whose(row)}
    initial = {"dossier": request.GET.get("dossier", "")}
    form = bound_form(request, RevealForm, actor=request.actor, party=one.party(row), initial=initial)
    back = next_page(request)
    if request.method == "POST" and form.is_valid():
        address = request.META.get("REMOTE_ADDR") or None
        try:
            value = reveal(request.actor, name, pk, address=address, **form.cleaned_data)
        except TooMany as refusal:
            form.add_error(None, str(refusal))
        else:
            return _shown(request, {"heading": heading, "label": one.label, "value": value, "back": back})
    return form_page(request, form, heading=heading, button=_("Show it"), back=back)


def _shown(request: PageRequest, context: dict[str, object]) -> HttpResponse:
    template = "components/revealed.html" if in_dialog(request) else "pages/records/revealed.html"
    response = varied(render(request, template, context))
    add_never_cache_headers(response)
    response.headers["Cache-Control"] = "no-store, private"
    return response
