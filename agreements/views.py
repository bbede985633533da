"""Pages of agreements and breaches: the two lists, and the two forms that open a matter."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inspections.models import Lead
from supervision.parties.actors import Actor
from supervision.procedure.declare import Procedure
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepInvalid
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import visible_to
from supervision.web.columns import Column
from supervision.web.dossier_lists import AUTHORITY, CLOSED, NUMBER, OPENED, PARTY, STATE, TITLE, DossierList
from supervision.web.forms import bound_form
from supervision.web.request import PageRequest

from .breaches.forms import RegisterForm
from .breaches.models import BreachCase
from .breaches.selectors import breaches, findings_behind
from .breaches.services import register_breach
from .designation.forms import ApplicationForm
from .designation.models import Agreement
from .designation.selectors import agreements
from .designation.services import apply_for_agreement

UNPROCESSABLE = 422


class BreachList(DossierList):
    """Breach cases with their measures."""

    name, title, kind = "agreements.breaches", gettext_lazy("Breaches"), "breach"
    columns = (
        NUMBER,
        TITLE,
        PARTY,
        Column(
            "measures",
            gettext_lazy("Measures"),
            value=lambda row: "、".join(dict.fromkeys(str(measure.get_kind_display()) for measure in row.standing)),
        ),
        STATE,
        OPENED,
        CLOSED,
        AUTHORITY,
    )
    template_name = "pages/agreements/breaches.html"
    empty_title = gettext_lazy("No breach yet")
    empty_text = gettext_lazy("A breach is registered from a finding, a review of fees, an alert or a report.")

    def get_queryset(self) -> Any:
        return breaches(self.request.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_register=may_open(BreachCase, self.request.actor), **kwargs)


class AgreementList(DossierList):
    """Service agreements with the days they bind."""

    name, title, kind = "agreements.agreements", gettext_lazy("Service agreements"), "agreement"
    columns = (
        NUMBER,
        PARTY,
        Column("class", gettext_lazy("Class"), value="provider.get_sort_display"),
        STATE,
        Column("first_day", gettext_lazy("First day"), kind="date"),
        Column("last_day", gettext_lazy("Last day"), kind="date"),
        OPENED,
        AUTHORITY,
    )
    template_name = "pages/agreements/agreements.html"
    empty_title = gettext_lazy("No agreement yet")
    empty_text = gettext_lazy("An agreement begins with a provider's application.")

    def get_queryset(self) -> Any:
        return agreements(self.request.actor).select_related("subject")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_apply=may_open(Agreement, self.request.actor), **kwargs)


def may_open(model: type[Procedure], actor: Actor) -> bool:
    """Whether the actor may open such a matter at the own agency."""
    place = actor.authority
    return place is not None and place.is_agency and actor.has(*model.procedure_class().opens.by)


def _open(
    request: PageRequest, form: Any, template: str, crumbs: list[tuple[str, str]], do: Callable[[], Dossier]
) -> HttpResponse:
    """Show the form; on POST open the matter, or show what is wrong beside what was typed."""
    status = 200
    if request.method == "POST":
        try:
            matter = do()
        except StepInvalid as invalid:
            form, status = invalid.form, UNPROCESSABLE
        else:
            messages.success(request, _("%(number)s is registered.") % {"number": matter.number})
            return redirect("web:dossier", matter.pk)
    key = request.POST.get("key") or uuid4().hex
    return render(request, template, {"form": form, "key": key, "crumbs": crumbs}, status=status)


@require_http_methods(["GET", "POST"])
def register(request: PageRequest) -> HttpResponse:
    """Register a breach; `?origin=` is the matter it arose from, whose party, title and facts it begins with."""
    actor = request.actor
    if not may_open(BreachCase, actor):
        raise Http404
    form = bound_form(request, RegisterForm, dossier=None, actor=actor, initial=_from_origin(request))
    crumbs = [(_("Breaches"), reverse("agreements:breaches")), (_("Register a breach"), "")]
    return _open(
        request, form, "pages/agreements/register.html", crumbs, lambda: register_breach(actor, data=request.POST)
    )


def _from_origin(request: PageRequest) -> dict[str, Any]:
    asked = request.GET.get("origin", "")
    origin = visible_to(request.actor).filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None
    if origin is None:
        return {}
    matter = concrete(origin)
    if isinstance(matter, Lead) and matter.from_informant:  # what a tip says may tell who gave it (HY-45)
        return {"origin": origin.pk, "provider": origin.subject_id}
    found = matter.description if isinstance(matter, Lead) else getattr(matter, "summary", "")
    clauses = "\n".join(dict.fromkeys(finding.clause for finding in findings_behind(origin) if finding.clause))
    return {
        "origin": origin.pk,
        "provider": origin.subject_id,
        "title": origin.title,
        "facts_text": found,
        "basis": clauses,
    }


@require_http_methods(["GET", "POST"])
def apply(request: PageRequest) -> HttpResponse:
    """Enter a provider's application (HY-15); refused under a bar (HY-20)."""
    actor = request.actor
    if not may_open(Agreement, actor):
        raise Http404
    form = bound_form(request, ApplicationForm, dossier=None, actor=actor)
    crumbs = [(_("Service agreements"), reverse("agreements:agreements")), (_("Enter an application"), "")]
    return _open(
        request, form, "pages/agreements/apply.html", crumbs, lambda: apply_for_agreement(actor, data=request.POST)
    )
