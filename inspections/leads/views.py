"""Pages of leads: the list, and the form that registers one."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from inspections.leads.forms import RegisterLeadForm
from inspections.leads.models import Lead
from inspections.leads.selectors import leads
from inspections.leads.services import open_lead
from supervision.parties.actors import Actor
from supervision.web.columns import Column
from supervision.web.dossier_lists import AUTHORITY, CLOSED, NUMBER, OPENED, PARTY, STATE, TITLE, DossierList
from supervision.web.forms import bound_form
from supervision.web.request import PageRequest

UNPROCESSABLE = 422


class LeadList(DossierList):
    """The register of leads."""

    name, title, kind = "inspections.leads", gettext_lazy("Leads"), "lead"
    columns = (
        NUMBER,
        TITLE,
        PARTY,
        Column("source", gettext_lazy("Source"), value="get_source_display"),
        Column("suspected_amount", gettext_lazy("Suspected amount"), kind="money"),
        STATE,
        Column("received_on", pgettext_lazy("lead", "Received"), kind="date", optional=True),
        OPENED,
        CLOSED,
        AUTHORITY,
    )
    template_name = "pages/inspections/leads.html"
    empty_title = gettext_lazy("No lead yet")
    empty_text = gettext_lazy("Leads come from alerts, tips, superiors, other departments and inspections.")

    def get_queryset(self) -> Any:
        return leads(self.request.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_register=may_register(self.request.actor), **kwargs)


def may_register(actor: Actor) -> bool:
    """Whether the actor may register leads at the own authority."""
    return actor.authority is not None and actor.has(*Lead.opens.by)


@require_http_methods(["GET", "POST"])
def register_lead(request: PageRequest) -> HttpResponse:
    """Write down a lead that came in; its verification term starts on the day it was received (PP-14)."""
    actor = request.actor
    if not may_register(actor):
        raise Http404
    form = bound_form(request, RegisterLeadForm, actor=actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lead = open_lead(actor, authority=actor.authority, key=request.POST.get("key", "")[:80] or None, **given)
        messages.success(request, _("%(number)s is registered.") % {"number": lead.number})
        return redirect("web:dossier", lead.pk)
    context = {
        "form": form,
        "key": request.POST.get("key") or uuid4().hex,
        "crumbs": [(_("Leads"), reverse("inspections:leads")), (_("Register a lead"), "")],
    }
    refused = form.is_bound and not form.is_valid()
    return render(request, "pages/inspections/register_lead.html", context, status=UNPROCESSABLE if refused else 200)
