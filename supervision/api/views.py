"""The base of every endpoint: deny by default, jurisdiction from the actor, refusals as problems."""

from typing import Any

from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from .idempotency import ActsOnce
from .pages import Pages


class ApiViewSet(ActsOnce, GenericViewSet):
    """Endpoints over what `get_queryset` lets the actor see; another's object is 404."""

    pagination_class: Any = Pages

    @property
    def actor(self) -> Any:
        return self.request.actor

    def paged(self, request: Request, queryset: Any) -> Any:
        """One page of a list through the view's serializer."""
        page = self.paginate_queryset(self.filter_queryset(queryset))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
