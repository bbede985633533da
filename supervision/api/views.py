"""The base of every endpoint: deny by default, jurisdiction from the actor, refusals as problems."""

from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.procedure.forms import unread
from supervision.procedure.models import Dossier

from .idempotency import ActsOnce
from .pages import Pages
from .problems import UnknownParameters
from .serializers import DossierDetailSerializer, etag

M = TypeVar("M", bound=Model)
BIGGEST_KEY = 2**63 - 1


class ApiViewSet(ActsOnce, GenericViewSet):
    """Endpoints over what `get_queryset` lets the actor see; another's object is 404."""

    pagination_class: Any = Pages

    #: parameters of the address that the endpoint reads itself, besides filters and pages
    asked: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who calls is known: raises UnknownParameters for what is asked by a name that nothing reads."""
        super().initial(request, *args, **kwargs)
        sent = set(request.query_params) - {*self.asked}
        known = [*self.asked]
        listed = request.method in ("GET", "HEAD") and not (self.detail and self.action == "retrieve")
        if listed and self.pagination_class is not None:
            known += [self.pagination_class.cursor_query_param, self.pagination_class.page_size_query_param]
            sent -= {*known}
        if listed and (filters := getattr(self, "filterset_class", None)) is not None:
            form = filters(request.query_params, queryset=self.queryset, request=request).form  # type: ignore[arg-type]
            known += [*form.fields]
            sent = {*unread(form, sent)}
        if sent:
            raise UnknownParameters(sorted(sent), known)

    @property
    def actor(self) -> Actor:
        """Where the caller acts, as the permission `identity.HoldsAPost` found."""
        return self.request.actor  # type: ignore[attr-defined]

    @property
    def authority(self) -> Authority:
        """The authority the caller acts at; raises PermissionDenied when it is none."""
        if self.actor.authority is None:
            raise PermissionDenied(_("Only authorities do this."))
        return self.actor.authority

    def paged(self, request: Request, queryset: Any) -> Any:
        """One page of a list through the view's serializer."""
        page = self.paginate_queryset(self.filter_queryset(queryset))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def one(self, queryset: QuerySet[M], pk: str) -> M:
        """The row of this key among those the actor may see; Http404 for any other, or for a key that is no number."""
        found = queryset.filter(pk=pk).first() if pk.isdecimal() and int(pk) <= BIGGEST_KEY else None
        if found is None:
            raise Http404
        return found

    def opened(self, dossier: Dossier) -> Response:
        """A matter just opened, as `/dossiers/{id}/` gives it: 201 with its address and ETag."""
        told = DossierDetailSerializer(dossier).data
        headers = {"ETag": etag(dossier), "Location": f"/api/v1/dossiers/{dossier.pk}/"}
        return Response(told, status=status.HTTP_201_CREATED, headers=headers)
