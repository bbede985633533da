"""Where a party turns against an authority's decisions: list, entry, end and cancelling (救济途径; PL-59, HY-25)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from supervision.parties.dated_forms import RedressForm
from supervision.parties.models import AuthorityEvent, Redress
from supervision.parties.services.redress import cancel_redress, end_redress, rivals, set_redress

from .columns import Column
from .dated import AUTHORITY, DAYS, SPAN, DatedFilter, DatedList, entry_pages

Verb = AuthorityEvent.Verb
LABELS: dict[str, Any] = {
    "reconsideration": gettext_lazy("Reconsideration organ"),
    "court": gettext_lazy("Court with jurisdiction"),
    **DAYS,
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


add, end, cancel = entry_pages(
    RemedyList, "web:remedies", form=RedressForm, enter=set_redress, end=end_redress, cancel=cancel_redress,
    rivals=rivals,
    headings=(gettext_lazy("Enter remedies"), gettext_lazy("End remedies"), gettext_lazy("Cancel remedies")),
)  # fmt: skip
