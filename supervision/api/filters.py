"""Filters of the endpoints: a value that is none of the choices is refused with those there are."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from supervision.procedure.filters import LONGEST, nonsense

FLAGS = {"true": True, "1": True, "false": False, "0": False}


class FlagField(forms.Field):
    """True, False, or None where nothing was asked; raises ValidationError for anything else."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:
        """What the address says, in capitals or not."""
        if value in self.empty_values:
            return None
        try:
            return FLAGS[str(value).lower()]
        except KeyError:
            sentence = _("“%(asked)s” is no choice here. There are: %(known)s.")
            told = {"asked": str(value)[:LONGEST], "known": _("、").join(("true", "false"))}
            raise forms.ValidationError(sentence % told) from None


class FlagFilter(django_filters.BooleanFilter):
    """Yes or no; Django's own field takes every nonsense for not asked."""

    field_class = FlagField


class Filters(DjangoFilterBackend):
    """Raises ValidationError by parameter for what makes no sense; never an empty or an unfiltered list instead."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(nonsense(filterset.form, keys=True))
        return filterset.qs
