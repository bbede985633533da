"""The public page for tips: giving one and asking how it stands; nobody signs in (TR-1, TR-3)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from inspections.leads.models import Lead

from .forms import StateForm, TipForm
from .models import Tip
from .services import TooManyTips, admit, find_tip, give_tip

UNPROCESSABLE, TOO_MANY = 422, 429
State = Lead.State
# What the giver is told: how far it is, never against whom anything was found.
WORDS: Mapping[str, str | Promise] = {
    State.REGISTERED: _("Received; the verification has not begun yet."),
    State.VERIFYING: _("Being verified."),
    State.TARGETED_CHECK: _("Being verified by an inspection."),
    State.TO_CASE: _("Verified; the filing of a case is being decided."),
    State.PROPOSED: _("Verified; the filing of a case was proposed."),
    State.TO_AGENCY: _("Handed to the handling agency, which deals with it."),
    State.REFERRED: _("Handed to the department it belongs to."),
    State.DISMISSED: _("Verified and not pursued. The bureau tells a named informant why."),
}


@login_not_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("name", "phone", "facts")
@sensitive_variables("code", "said")
def give(request: HttpRequest) -> HttpResponse:
    """Give a tip; the answer shows its receipt number and query code, once."""
    if request.method != "POST":
        return _private(request, "give", {"form": TipForm(), "key": uuid4().hex})
    key = request.POST.get("key", "")[:80] or uuid4().hex
    if (busy := _refused(request, "give")) is not None:
        return busy
    form = TipForm(request.POST, request.FILES)
    if not form.is_valid():
        return _private(request, "give", {"form": form, "key": key}, UNPROCESSABLE)
    said: dict[str, Any] = form.cleaned_data
    tip, code = give_tip(**said, key=key)
    return _private(request, "given", {"tip": tip, "code": code})


@login_not_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def state(request: HttpRequest) -> HttpResponse:
    """How a tip stands, to whoever has its receipt number and query code."""
    if request.method != "POST":
        return _private(request, "state", {"form": StateForm()})
    if (busy := _refused(request, "state")) is not None:
        return busy
    form = StateForm(request.POST)
    if not form.is_valid():
        return _private(request, "state", {"form": form}, UNPROCESSABLE)
    tip = find_tip(**form.cleaned_data)
    if tip is None:
        form.add_error(None, _("There is no tip with this receipt number and query code."))
        return _private(request, "state", {"form": form}, UNPROCESSABLE)
    return _private(request, "state", {"form": form, **_told(tip)})


def _told(tip: Tip) -> dict[str, Any]:
    lead = tip.lead
    term = None if lead.is_closed else lead.term("verification")
    return {"tip": tip, "said": WORDS[lead.state], "bureau": lead.authority.name, "due": term.due if term else None}


def _refused(request: HttpRequest, what: str) -> HttpResponse | None:
    try:
        admit(request.META.get("REMOTE_ADDR"), what)
    except TooManyTips:
        return _private(request, "too_many", {}, TOO_MANY)
    return None


def _private(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Kept by no cache on the way."""
    response = render(request, f"public/tips/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
