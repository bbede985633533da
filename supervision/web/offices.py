"""Where a party reaches an authority, as its notices tell: list, entry, end and cancelling (联系方式; PL-44, HY-22)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from supervision.parties.dated_forms import OfficeForm
from supervision.parties.models import Authority, AuthorityEvent, Commission, Office, Party
from supervision.parties.services.redress import cancel_office, end_office, rivals, set_office

from .columns import Column
from .dated import AUTHORITY, DAYS, SPAN, DatedFilter, DatedList, entry_pages

Verb = AuthorityEvent.Verb
LABELS: dict[str, Any] = {
    "address": gettext_lazy("Address"),
    "contact": gettext_lazy("Whom to ask for"),
    "phone": gettext_lazy("Telephone"),
    **DAYS,
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


add, end, cancel = entry_pages(
    OfficeList, "web:offices", form=OfficeForm, enter=set_office, end=end_office, cancel=cancel_office,
    rivals=rivals,
    headings=(gettext_lazy("Enter an office"), gettext_lazy("End the office"), gettext_lazy("Cancel the office")),
)  # fmt: skip
