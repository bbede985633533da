"""What heads and the audit administrator look over: identifiers shown in clear, and rows taken away (HY-38)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.actors import authorities_within, may_see_business
from supervision.parties.models import Authority
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.records.models import ExportLog, RevealLog
from supervision.records.reveals import OVERSEERS, exports_seen_by, label_of, names, reveals_seen_by

from .columns import Column
from .forms import DateInput
from .lists import ListView, named_lists, title_of
from .request import PageRequest


def authorities_seen(request: PageRequest | None) -> QuerySet[Authority]:
    """The authorities the actor's jurisdiction covers."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.authority is None:
        return Authority.objects.none()
    return authorities_within(actor.authority, clock.today()).order_by("region__path", "body", "pk")


VIEWS = (
    (_("Identifiers shown in clear"), "web:reveals"),
    (_("Exports"), "web:exports"),
    (_("Imports of lists"), "web:list-imports"),
)


class OversightFilter(django_filters.FilterSet):
    """Who, at which authority, when."""

    q = django_filters.CharFilter(
        label=_("Name or staff number"), method="by_person", widget=forms.TextInput(attrs={"type": "search"})
    )
    authority = django_filters.ModelChoiceFilter(label=_("Authority"), queryset=authorities_seen)
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte", widget=DateInput)
    until = django_filters.DateFilter(label=_("Until"), field_name="at", lookup_expr="date__lte", widget=DateInput)

    def by_person(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(user__name__icontains=value) | Q(user__username__iexact=value))


class RevealFilter(OversightFilter):
    field = django_filters.ChoiceFilter(label=_("What was shown"), choices=names)

    class Meta:
        model = RevealLog
        fields: ClassVar[list[str]] = []


class ExportFilter(OversightFilter):
    list_name = django_filters.ChoiceFilter(label=_("What was taken"), choices=named_lists)

    class Meta:
        model = ExportLog
        fields: ClassVar[list[str]] = []


class OversightList(ListView):
    """Base of what is looked over; each list leads to the others its reader may open."""

    template_name = "pages/oversight/list.html"
    default_sort = "-at"
    readers: ClassVar[frozenset[Role]] = OVERSEERS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.request.actor.has(*self.readers):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        overseer = self.request.actor.has(*OVERSEERS)
        views = [(label, reverse(name)) for label, name in VIEWS] if overseer else []
        return super().get_context_data(views=views, **kwargs)


WHEN_AND_WHO = (
    Column("at", _("Time"), kind="datetime", sort="at", lead=True),
    Column("user", pgettext_lazy("oversight", "Who"), value=lambda row: f"{row.user.name} ({row.user.username})"),
    Column("authority", _("Authority")),
)


def _dossier_url(row: RevealLog) -> str:
    return reverse("web:dossier", args=[row.dossier_id]) if row.dossier_id else ""


class RevealList(OversightList):
    """Every identifier shown in clear: to whom, whose, what for."""

    name = "oversight.reveals"
    title = _("Identifiers shown in clear")
    columns = (
        *WHEN_AND_WHO,
        Column("field", _("What was shown"), value=lambda row: label_of(row.field)),
        Column("whose", _("Whose")),
        Column("purpose", _("Purpose")),
        Column("dossier", _("Matter"), value="dossier.number", link=_dossier_url),
        Column("address", _("From the address"), phone=False),
    )
    filterset_class = RevealFilter
    empty_title = _("Nothing was shown in clear")
    empty_text = _("Whoever has a masked identifier shown states a purpose and appears here.")

    def get_columns(self) -> Sequence[Column]:
        """Administrators read no matters: to them the matter is a number without a link."""
        if may_see_business(self.request.actor):
            return self.columns
        return [replace(column, link=None) for column in self.columns]

    def get_queryset(self) -> QuerySet[RevealLog]:
        return reveals_seen_by(self.request.actor).select_related("user", "authority", "dossier")


class ExportList(OversightList):
    """Every list and whole file taken away: by whom, which, how much."""

    name = "oversight.exports"
    title = _("Exports")
    columns = (
        *WHEN_AND_WHO,
        Column("list_name", _("What was taken"), value=lambda row: title_of(row.list_name)),
        Column("query", _("Filters"), value=lambda row: filters_told(row.query), phone=False),
        Column("rows", _("Rows"), kind="number", sort="rows"),
        Column("format", _("Format"), value=lambda row: row.format.upper()),
        Column("address", _("From the address"), phone=False),
    )
    filterset_class = ExportFilter
    empty_title = _("Nothing was exported")
    empty_text = _("Every export of a list or of a matter's whole file appears here.")

    def get_queryset(self) -> QuerySet[ExportLog]:
        return exports_seen_by(self.request.actor).select_related("user", "authority")


def filters_told(query: str) -> str:
    """The values of the filters in use, without how the list was sorted or paged."""
    if "=" not in query:
        return query
    return "、".join(str(value) for name, value in QueryDict(query).items() if value and name not in ("sort", "at"))
