"""The registers of supervised parties as lists: providers, physicians and pharmacists (HY-2)."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.actors import practitioners_visible_to, providers_visible_to
from supervision.parties.masks import mask_id
from supervision.parties.models import Practitioner, Provider, Region

from .columns import Column
from .lists import ListView
from .parties_links import party_url
from .request import PageRequest
from .search import named

RISK_TONES = {"high": "bad", "medium_high": "warn", "medium": "warn"}


def regions_seen(request: PageRequest | None) -> QuerySet[Region]:
    """The regions the actor's jurisdiction covers."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.authority is None:
        return Region.objects.none()
    return Region.objects.filter(path__startswith=actor.authority.region.path)


class RegionFilter(django_filters.ModelChoiceFilter):
    """A region with everything below it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Region"), queryset=regions_seen, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Region | None) -> QuerySet[Any]:
        return qs if value is None else qs.filter(region__path__startswith=value.path)


class NameFilter(django_filters.CharFilter):
    """Name, code or pinyin, as in the search box."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "search"})
        super().__init__(label=_("Name, code or pinyin"), max_length=100, widget=widget, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(named(value)) if value else qs


class ProviderFilter(django_filters.FilterSet):
    q = NameFilter()
    region = RegionFilter()
    sort_of = django_filters.ChoiceFilter(label=_("Class"), field_name="sort", choices=Provider.Sort.choices)
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Provider.Level.choices)
    risk = django_filters.ChoiceFilter(label=_("Risk class"), choices=Provider.Risk.choices)
    active = django_filters.ChoiceFilter(
        label=_("Designated"), choices=((True, _("yes")), (False, _("no longer"))), field_name="active"
    )

    class Meta:
        model = Provider
        fields: ClassVar[list[str]] = []


class ProviderList(ListView):
    """Every designated provider of the jurisdiction, each leading to its file."""

    name = "parties.providers"
    title = _("Institution files")
    columns = (
        Column("name", _("Name"), link=party_url, lead=True, sort="sort_key"),
        Column("code", _("National code"), sort="code"),
        Column("region", _("Region")),
        Column("sort", _("Class"), value="get_sort_display"),
        Column("level", _("Level"), value="get_level_display"),
        Column(
            "risk",
            _("Risk class"),
            value="get_risk_display",
            kind="tag",
            tone=lambda row: RISK_TONES.get(row.risk, ""),
        ),
        Column("beds", _("Beds"), kind="number", sort="beds"),
        Column("designated_since", _("Designated since"), kind="date", sort="designated_since", phone=False),
        Column("ownership", _("Ownership"), value="get_ownership_display", optional=True),
        Column("uscc", _("Credit code"), optional=True),
        Column("legal_representative", _("Legal representative"), optional=True),
        Column("address", _("Address"), optional=True),
    )
    filterset_class = ProviderFilter
    default_sort = "sort_key"
    empty_title = _("No provider is registered yet")
    empty_text = _("The system administrator imports the list of designated providers.")

    def get_queryset(self) -> QuerySet[Provider]:
        return providers_visible_to(self.request.actor).select_related("region")


class PractitionerFilter(django_filters.FilterSet):
    q = NameFilter()
    region = RegionFilter()
    profession = django_filters.ChoiceFilter(label=_("Profession"), choices=Practitioner.Profession.choices)

    class Meta:
        model = Practitioner
        fields: ClassVar[list[str]] = []


class PractitionerList(ListView):
    """Physicians and pharmacists registered at a provider of the jurisdiction."""

    name = "parties.practitioners"
    title = _("Physicians and pharmacists")
    columns = (
        Column("name", pgettext_lazy("person", "Name"), link=party_url, lead=True, sort="sort_key"),
        Column("code", _("National code"), sort="code"),
        Column("profession", _("Profession"), value="get_profession_display"),
        Column("region", _("Region")),
        Column("licence", _("Licence"), value=lambda row: mask_id(row.licence), optional=True),
    )
    filterset_class = PractitionerFilter
    default_sort = "sort_key"
    empty_title = _("No physician or pharmacist is registered yet")
    empty_text = _("The system administrator imports the list of physicians and pharmacists.")

    def get_queryset(self) -> QuerySet[Practitioner]:
        return practitioners_visible_to(self.request.actor).select_related("region")
