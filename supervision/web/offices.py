"""Where a party reaches an authority, as its notices tell: list, entry, end and cancelling (联系方式; PL-44, HY-22)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from supervision.parties.dated_forms import CancelForm, EndForm, OfficeForm
from supervision.parties.models import Authority, AuthorityEvent, Commission, Office, Party
from supervision.parties.services.redress import cancel_office, end_office, rivals, set_office

from .columns import Column
from .dated import AUTHORITY, SPAN, DatedFilter, DatedList, cancel_page, end_page, enter_page, one_seen
from .request import PageRequest

Verb = AuthorityEvent.Verb
LABELS: dict[str, Any] = {
    "address": gettext_lazy("Address"),
    "contact": gettext_lazy("Whom to ask for"),
    "phone": gettext_lazy("Telephone"),
    "first": gettext_lazy("In force from"),
    "last": gettext_lazy("Last day in force"),
    "reason": gettext_lazy("Reason"),
}


class OfficeFilter(DatedFilter):
    q = django_filters.CharFilter(label=gettext_lazy("Address or unit"), method="named", max_length=100)
    field_order = ("q", "authority", "standing")

    class Meta:
        model = Office
        fields: tuple[str, ...] = ()

    def named(self, rows: QuerySet[Office], _name: str, value: str) -> QuerySet[Office]:
        return rows.filter(Q(address__icontains=value) | Q(contact__icontains=value))


class OfficeList(DatedList):
    """Address, unit and telephone of every authority within the jurisdiction."""

    name = "parties.offices"
    title = gettext_lazy("Offices")
    columns = (
        AUTHORITY,
        Column("address", gettext_lazy("Address")),
        Column("contact", gettext_lazy("Whom to ask for")),
        Column("phone", gettext_lazy("Telephone")),
        *SPAN,
    )
    filterset_class = OfficeFilter
    model = Office
    beside = (Authority, Party, Commission)  # the authority has no page but this
    verbs = (Verb.OFFICE_SET, Verb.OFFICE_ENDED, Verb.OFFICE_CANCELLED)
    add_url, end_url, cancel_url = "web:office-add", "web:office-end", "web:office-cancel"
    labels = LABELS
    empty_title = gettext_lazy("No office is entered")
    empty_text = gettext_lazy("Without it nothing is notified; the system administrator enters it.")
    told = gettext_lazy("Every authority has its own. Notices state what is in force on their day.")


def _back() -> tuple[str, str]:
    return str(OfficeList.title), reverse("web:offices")


@require_http_methods(["GET", "POST"])
def add(request: PageRequest) -> HttpResponse:
    """Enter address, unit and telephone from a day on."""
    return enter_page(request, OfficeForm, set_office, heading=_("Enter an office"), back=_back())


@require_http_methods(["GET", "POST"])
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End it with none in its place."""
    row = one_seen(request, Office.objects.select_related("authority"), pk)
    return end_page(request, EndForm, row, end_office, heading=_("End the office"), back=_back())


@require_http_methods(["GET", "POST"])
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what was entered by mistake."""
    row = one_seen(request, Office.objects.select_related("authority"), pk)
    return cancel_page(
        request, CancelForm, row, rivals(row), cancel_office, heading=_("Cancel the office"), back=_back()
    )
