"""`/providers/` and `/practitioners/`: the supervised parties of the caller's region (HY-2)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.parties.actors import practitioners_visible_to, providers_visible_to
from supervision.parties.masks import mask_id
from supervision.parties.models import Employment, Practitioner, Provider

from .filters import FlagFilter
from .views import ApiViewSet


class ProviderSerializer(serializers.ModelSerializer[Provider]):
    """A designated provider."""

    region: serializers.RelatedField[Any, Any, Any] = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Provider
        fields = (
            "id", "code", "name", "region", "active", "sort", "level", "ownership", "risk", "uscc", "address",
            "legal_representative", "phone", "beds", "designated_since",
        )  # fmt: skip


class EmploymentSerializer(serializers.ModelSerializer[Employment]):
    """A registration at a provider; the last day is None while it lasts."""

    provider: serializers.RelatedField[Any, Any, Any] = serializers.SlugRelatedField("code", read_only=True)
    department = serializers.CharField(source="department.name", default=None)
    since = serializers.DateField(source="valid.lower")
    before = serializers.DateField(source="valid.upper", allow_null=True)

    class Meta:
        model = Employment
        fields = ("provider", "department", "primary", "since", "before")


class PractitionerSerializer(serializers.ModelSerializer[Practitioner]):
    """An insurance physician or pharmacist with every registration."""

    region: serializers.RelatedField[Any, Any, Any] = serializers.SlugRelatedField("code", read_only=True)
    licence = serializers.SerializerMethodField(help_text="Masked; `POST /reveals/` shows it in clear.")
    employments = EmploymentSerializer(many=True, read_only=True)

    class Meta:
        model = Practitioner
        fields = ("id", "code", "name", "region", "active", "profession", "licence", "employments")

    def get_licence(self, one: Practitioner) -> str:
        return mask_id(one.licence)


class ProviderFilter(django_filters.FilterSet):
    """By code, part of the name, region with everything below it, class, level and risk."""

    name = django_filters.CharFilter(lookup_expr="icontains")
    region = django_filters.CharFilter(field_name="region__path", lookup_expr="contains")
    active = FlagFilter()

    class Meta:
        model = Provider
        fields = ("code", "sort", "level", "ownership", "risk")


class PractitionerFilter(django_filters.FilterSet):
    """By code, part of the name, profession and the provider where one is registered."""

    name = django_filters.CharFilter(lookup_expr="icontains")
    provider = django_filters.CharFilter(field_name="employments__provider__code", distinct=True)
    active = FlagFilter()

    class Meta:
        model = Practitioner
        fields = ("code", "profession")


class ProviderViewSet(ApiViewSet):
    """Designated providers of the caller's region; a provider sees itself."""

    serializer_class: Any = ProviderSerializer
    filterset_class = ProviderFilter
    queryset = Provider.objects.none()

    def get_queryset(self) -> QuerySet[Provider]:
        return providers_visible_to(self.actor).select_related("region")

    @extend_schema(summary="List providers")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One provider")
    def retrieve(self, request: Request, pk: str) -> Response:
        """By its id; `?code=` of the list finds it by its national code."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)


class PractitionerViewSet(ApiViewSet):
    """Physicians and pharmacists registered at providers the caller may see."""

    serializer_class: Any = PractitionerSerializer
    filterset_class = PractitionerFilter
    queryset = Practitioner.objects.none()

    def get_queryset(self) -> QuerySet[Practitioner]:
        related = ("employments__provider", "employments__department")
        return practitioners_visible_to(self.actor).select_related("region").prefetch_related(*related)

    @extend_schema(summary="List practitioners")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One practitioner")
    def retrieve(self, request: Request, pk: str) -> Response:
        """By id."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)
