"""Proposing a case; everything later is done on the page of the case itself."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspections.selectors import confirmed_findings
from supervision.parties.roles import Role
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepRefused
from supervision.web.forms import bound_form
from supervision.web.record_pages import load
from supervision.web.request import PageRequest

from .models import EnforcementCase
from .proposal import ProposeForm
from .services import propose_case

CONFLICT, UNPROCESSABLE = 409, 422
ORIGINS = frozenset({"lead", "inspection"})


@require_http_methods(["GET", "POST"])
def propose(request: PageRequest) -> HttpResponse:
    """Propose the filing of a case, alone or from a lead or inspection (`?origin=<pk>`)."""
    actor = request.actor
    if not actor.has(Role.BUREAU_OFFICER):
        raise Http404
    origin = _origin(request)
    if origin is not None:
        earlier = EnforcementCase.objects.filter(origin=origin.pk, authority=actor.authority).first()
        if earlier is not None:
            return redirect("web:dossier", earlier.pk)
    form = bound_form(request, ProposeForm, actor=actor, origin=origin)
    reasons: Any = ()
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                case = propose_case(actor, origin=origin, **form.cleaned_data)
            except StepRefused as refusal:
                reasons, status = refusal.reasons, CONFLICT
            else:
                messages.success(request, _("%(number)s has been proposed.") % {"number": case.number})
                return redirect("web:dossier", case.pk)
    context = {
        "form": form,
        "origin": origin,
        "findings": confirmed_findings(origin) if origin else (),
        "reasons": reasons,
        "crumbs": [(_("Enforcement cases"), reverse("enforcement:cases")), (_("Propose filing"), "")],
    }
    return render(request, "pages/enforcement/propose.html", context, status=status)


def _origin(request: PageRequest) -> Dossier | None:
    text = request.GET.get("origin", "")
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 16):
        raise Http404
    origin = load(request.actor, int(text))
    if origin.kind not in ORIGINS:
        raise Http404
    return origin
