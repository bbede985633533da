"""Filters of the endpoints: a value that is none of the choices is refused with those there are."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from supervision.procedure.filters import nonsense


class Filters(DjangoFilterBackend):
    """Raises ValidationError by parameter for what makes no sense; never an empty or an unfiltered list instead."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(nonsense(filterset.form, keys=True))
        return filterset.qs
