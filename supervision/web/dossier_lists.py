"""Lists of matters: all kinds together, one's own, and the base an app's list of one kind starts from.

class CaseList(DossierList):
    name, title, kind = "enforcement.cases", _("Enforcement cases"), "case"
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.procedure import clock
from supervision.procedure.declare import Procedure
from supervision.procedure.models import Dossier, Term
from supervision.procedure.registry import model_of
from supervision.procedure.selectors import late_terms, open_terms, visible_to, with_late_term

from .columns import Column
from .deadlines import describe
from .law import law_link
from .lists import ListView
from .party_lists import regions_seen
from .queue import awaiting, in_my_charge


def dossier_url(dossier: Dossier) -> str:
    """The page of a matter, whatever its kind."""
    return reverse("web:dossier", args=[dossier.pk])


def kinds() -> list[tuple[str, str]]:
    """Every kind of matter by its name."""
    return [(kind, capfirst(str(procedure.label))) for kind, procedure in sorted(Procedure.registry.items())]


class DossierFilter(django_filters.FilterSet):
    """Number, title or party; region; open or closed; when opened; whose."""

    q = django_filters.CharFilter(
        label=_("Number, title or party"),
        method="named",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=regions_seen, method="within")
    open = django_filters.ChoiceFilter(
        label=pgettext_lazy("matter", "Progress"),
        choices=(("yes", _("under way")), ("no", _("closed"))),
        method="progress",
    )
    since = django_filters.DateFilter(
        label=_("Opened since"),
        field_name="opened_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    mine = django_filters.ChoiceFilter(label=_("In charge"), choices=(("yes", _("me")),), method="in_charge")
    own = django_filters.ChoiceFilter(label=_("Authority"), choices=(("yes", _("our own")),), method="of_ours")
    late = django_filters.ChoiceFilter(
        label=_("Deadlines"), choices=(("yes", _("with one overdue")),), method="is_late"
    )
    officer = django_filters.NumberFilter(method="of_officer", widget=forms.HiddenInput)

    class Meta:
        model = Dossier
        fields: ClassVar[list[str]] = []

    def named(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(subject__name__icontains=text)
            | Q(subject__code__iexact=text)
        )

    def within(self, rows: QuerySet[Any], _name: str, region: Any) -> QuerySet[Any]:
        return rows.filter(authority__region__path__startswith=region.path)

    def progress(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(closed_at__isnull=value == "yes")

    def in_charge(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows.filter(assignments__user=self.request.user, assignments__until=None).distinct()

    def of_ours(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows.filter(authority=self.request.actor.authority)

    def is_late(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return with_late_term(rows)

    def of_officer(self, rows: QuerySet[Any], _name: str, pk: Any) -> QuerySet[Any]:
        return rows.filter(assignments__user=int(pk), assignments__until=None).distinct()


class KindFilter(DossierFilter):
    """The same with the kind of matter first."""

    kind = django_filters.ChoiceFilter(label=_("Kind of matter"), choices=kinds)
    field_order = ("q", "kind")


NUMBER = Column("number", _("Number"), link=dossier_url, lead=True)
TITLE = Column("title", _("Matter"), link=dossier_url)
PARTY = Column("subject", _("Party concerned"), kind="party")
STATE = Column(
    "state",
    _("State"),
    value=lambda row: row.state_label,
    kind="tag",
    tone=lambda row: "" if row.closed_at else "on",
)
OPENED = Column("opened_at", _("Opened"), kind="date", sort="opened_at")
CLOSED = Column("closed_at", _("Closed"), kind="date", sort="closed_at", optional=True)
AUTHORITY = Column("authority", _("Authority"), phone=False)
KIND = Column("kind", _("Kind of matter"), value=lambda row: capfirst(str(row.procedure.label)))


def _nearest(dossier: Any) -> Any:
    return describe(dossier.deadlines[0]) if dossier.deadlines else None


NEAREST = Column(
    "deadline",
    _("Deadline"),
    value=lambda dossier: due.word if (due := _nearest(dossier)) else "",
    kind="tag",
    tone=lambda dossier: due.tone if (due := _nearest(dossier)) else "",
)


class DossierList(ListView):
    """Matters of one kind within the jurisdiction; a subclass names the kind and may add columns."""

    kind: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]] = (NUMBER, TITLE, PARTY, STATE, OPENED, CLOSED, AUTHORITY)
    default_sort = "-opened_at"
    empty_title = _("No such matter yet")

    @property
    def filterset_class(self) -> type[django_filters.FilterSet]:  # type: ignore[override]
        """The filters of this kind, its states among them."""
        states = Procedure.registry[self.kind].State.choices
        state = django_filters.ChoiceFilter(label=_("State"), choices=states)
        return type("KindStateFilter", (DossierFilter,), {"state": state, "Meta": DossierFilter.Meta})

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = visible_to(self.request.actor, model_of(self.kind)._default_manager.all())
        return rows.filter(kind=self.kind).select_related("subject", "authority")


class AllDossiers(ListView):
    """Every matter of every kind within the jurisdiction."""

    name = "web.dossiers"
    title = _("All matters")
    columns: ClassVar[Sequence[Column]] = (NUMBER, KIND, TITLE, PARTY, STATE, OPENED, CLOSED, AUTHORITY)
    filterset_class = KindFilter
    default_sort = "-opened_at"
    empty_title = _("No matter yet")
    empty_text = _("Matters appear here as soon as they are opened in your jurisdiction.")

    def get_queryset(self) -> QuerySet[Dossier]:
        return visible_to(self.request.actor).select_related("subject", "authority")


class MyDossiers(AllDossiers):
    """What I am in charge of."""

    name = "web.mine"
    title = _("Matters in my charge")
    filterset_class = KindFilter

    def get_queryset(self) -> QuerySet[Dossier]:
        return in_my_charge(self.request.actor)


class AwaitingMe(AllDossiers):
    """Matters whose next step is mine by role."""

    name = "web.awaiting"
    title = _("Matters awaiting my step")
    columns: ClassVar[Sequence[Column]] = (*AllDossiers.columns[:4], NEAREST, *AllDossiers.columns[4:])
    filterset_class = KindFilter

    def get_queryset(self) -> QuerySet[Dossier]:
        return awaiting(self.request.actor)


class TermFilter(django_filters.FilterSet):
    """When the last day is."""

    when = django_filters.ChoiceFilter(
        label=_("Last day"),
        choices=(("late", _("overdue")), ("today", _("Due today")), ("coming", _("still to come"))),
        method="falls",
    )

    class Meta:
        model = Term
        fields: ClassVar[list[str]] = []

    def falls(self, rows: QuerySet[Term], _name: str, value: str) -> QuerySet[Term]:
        today = clock.today()
        if value == "late":
            return rows.filter(late_terms())
        return rows.filter(due=today) if value == "today" else rows.filter(due__gt=today)


class MyTerms(ListView):
    """Every running deadline of my matters, the nearest first."""

    name = "web.terms"
    title = _("Legal deadlines of my matters")
    columns = (
        Column(
            "due_in",
            _("Deadline"),
            value=lambda term: describe(term).word,
            kind="tag",
            tone=lambda term: describe(term).tone,
        ),
        Column("what", _("What"), value="label", lead=True, link=lambda term: dossier_url(term.dossier)),
        Column("matter", _("Matter"), value=lambda term: term.dossier.title),
        Column("party", _("Party concerned"), value="dossier.subject", kind="party"),
        Column("law", _("Basis"), value="law", cell=lambda term: law_link(term.law)),
        Column("due", _("Last day"), kind="date", sort="due"),
    )
    filterset_class = TermFilter
    default_sort = "due"
    empty_title = _("No deadline is running")
    empty_text = _("Deadlines of the matters in your charge appear here.")

    def get_queryset(self) -> QuerySet[Term]:
        return open_terms(self.request.actor)
