"""Where a party turns against an authority's decisions: list, entry, end and cancelling (救济途径; PL-59, HY-25)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from supervision.parties.dated_forms import CancelForm, EndForm, RedressForm
from supervision.parties.models import AuthorityEvent, Redress
from supervision.parties.services.redress import cancel_redress, end_redress, rivals, set_redress

from .columns import Column
from .dated import AUTHORITY, SPAN, DatedFilter, DatedList, cancel_page, end_page, enter_page, one_seen
from .request import PageRequest

Verb = AuthorityEvent.Verb
LABELS: dict[str, Any] = {
    "reconsideration": gettext_lazy("Reconsideration organ"),
    "court": gettext_lazy("Court with jurisdiction"),
    "first": gettext_lazy("In force from"),
    "last": gettext_lazy("Last day in force"),
    "reason": gettext_lazy("Reason"),
}


class RemedyFilter(DatedFilter):
    q = django_filters.CharFilter(label=gettext_lazy("Organ or court"), method="named", max_length=100)
    field_order = ("q", "authority", "standing")

    class Meta:
        model = Redress
        fields: tuple[str, ...] = ()

    def named(self, rows: QuerySet[Redress], _name: str, value: str) -> QuerySet[Redress]:
        return rows.filter(Q(reconsideration__icontains=value) | Q(court__icontains=value))


class RemedyList(DatedList):
    """Organ and court of every authority within the jurisdiction."""

    name = "parties.remedies"
    title = gettext_lazy("Remedies against decisions")
    columns = (
        AUTHORITY,
        Column("reconsideration", gettext_lazy("Reconsideration organ")),
        Column("court", gettext_lazy("Court with jurisdiction")),
        *SPAN,
    )
    filterset_class = RemedyFilter
    model = Redress
    verbs = (Verb.REDRESS_SET, Verb.REDRESS_ENDED, Verb.REDRESS_CANCELLED)
    add_url, end_url, cancel_url = "web:remedy-add", "web:remedy-end", "web:remedy-cancel"
    labels = LABELS
    empty_title = gettext_lazy("No organ and no court are entered")
    empty_text = gettext_lazy("Without them no decision is made; the system administrator enters them.")


def _back() -> tuple[str, str]:
    return str(RemedyList.title), reverse("web:remedies")


@require_http_methods(["GET", "POST"])
def add(request: PageRequest) -> HttpResponse:
    """Enter organ and court from a day on."""
    return enter_page(request, RedressForm, set_redress, heading=_("Enter remedies"), back=_back())


@require_http_methods(["GET", "POST"])
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End them with none in their place."""
    row = one_seen(request, Redress.objects.select_related("authority"), pk)
    return end_page(request, EndForm, row, end_redress, heading=_("End remedies"), back=_back())


@require_http_methods(["GET", "POST"])
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what was entered by mistake."""
    row = one_seen(request, Redress.objects.select_related("authority"), pk)
    return cancel_page(
        request, CancelForm, row, rivals(row), cancel_redress, heading=_("Cancel remedies"), back=_back()
    )
