"""What the public may narrow the published decisions by."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enforcement.models import EnforcementCase
from supervision.parties.models import Authority
from supervision.procedure import clock
from supervision.records.models import Paper
from supervision.web.forms import DateInput

from .selectors import NAMED


def deciders(_request: Any) -> QuerySet[Authority]:
    """The bureaus that have published a decision."""
    shown = EnforcementCase.objects.filter(published_on__lte=clock.today(), outcome=EnforcementCase.Outcome.PENALTY)
    return Authority.objects.filter(pk__in=shown.values("authority")).order_by("region__path", "pk")


class SpanForm(forms.Form):
    """Days that lie in their order."""

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first."))
        return cleaned


class PenaltyFilter(django_filters.FilterSet):
    """By organisation, number, bureau and day; a natural person is not found by name, which would name the person."""

    q = django_filters.CharFilter(
        label=_("Organisation or number"),
        method="named",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    authority = django_filters.ModelChoiceFilter(label=_("Decided by"), queryset=deciders, to_field_name="code")
    since = django_filters.DateFilter(
        label=_("Decided since"), field_name="decided_on", lookup_expr="gte", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=_("Decided until"), field_name="decided_on", lookup_expr="lte", widget=DateInput
    )

    class Meta:
        model = EnforcementCase
        form = SpanForm
        fields: ClassVar[list[str]] = []

    def named(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        papers = Paper.objects.filter(type="penalty_decision", number__icontains=text)
        organisation = Q(subject__kind__in=NAMED) & (Q(subject__name__icontains=text) | Q(subject__code__iexact=text))
        return rows.filter(organisation | Q(number__icontains=text) | Q(pk__in=papers.values("dossier")))
