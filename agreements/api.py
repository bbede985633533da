"""`/breaches/` and `/agreements/`: what opens such a matter; its steps are those of `/dossiers/` (HY-15, HY-18)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.api.dossiers import KEY, DossierFilter
from supervision.api.forms import body, posted, suited
from supervision.api.serializers import DossierDetailSerializer, DossierSerializer
from supervision.api.views import ApiViewSet

from .breaches.forms import RegisterForm
from .breaches.models import BreachCase
from .breaches.selectors import breaches
from .breaches.services import register_breach
from .designation.forms import ApplicationForm
from .designation.models import Agreement
from .designation.selectors import agreements
from .designation.services import apply_for_agreement

OPENED: dict[int | str, Any] = {201: DossierDetailSerializer, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class BreachSerializer(DossierSerializer):
    """A breach case as lists show it."""

    class Meta(DossierSerializer.Meta):
        model = BreachCase
        fields = (*DossierSerializer.Meta.fields, "breached_agreement")


class AgreementSerializer(DossierSerializer):
    """A service agreement with the days it binds."""

    class Meta(DossierSerializer.Meta):
        model = Agreement
        fields = (*DossierSerializer.Meta.fields, "applied_on", "signed_on", "first_day", "last_day")


class BreachViewSet(ApiViewSet):
    """Breach cases (HY-18)."""

    serializer_class: Any = BreachSerializer
    filterset_class = DossierFilter
    queryset = BreachCase.objects.none()

    def get_queryset(self) -> QuerySet[BreachCase]:
        return breaches(self.actor)

    @extend_schema(summary="List breach cases within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(
        summary="Register a breach", parameters=[KEY], request=body(RegisterForm), responses=OPENED, filters=False
    )
    def create(self, request: Request) -> Response:
        """At the caller's agency, of the agreement in force with the provider; `origin` is the matter it arose from."""
        data = suited(posted(request), RegisterForm.base_fields)
        return self.once(request, lambda: self.opened(register_breach(self.actor, data=data)))


class AgreementViewSet(ApiViewSet):
    """Service agreements (HY-15)."""

    serializer_class: Any = AgreementSerializer
    filterset_class = DossierFilter
    queryset = Agreement.objects.none()

    def get_queryset(self) -> QuerySet[Agreement]:
        return agreements(self.actor).select_related("subject")

    @extend_schema(summary="List agreements you may see")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(
        summary="Enter an application", parameters=[KEY], request=body(ApplicationForm), responses=OPENED, filters=False
    )
    def create(self, request: Request) -> Response:
        """At the caller's agency; refused under a bar or beside another application (HY-20)."""
        data = suited(posted(request), ApplicationForm.base_fields)
        return self.once(request, lambda: self.opened(apply_for_agreement(self.actor, data=data)))


routes = [("breaches", BreachViewSet), ("agreements", AgreementViewSet)]
