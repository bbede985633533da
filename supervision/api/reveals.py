"""`/reveals/`: a masked identifier in clear for a stated purpose, and the record of who was shown which (HY-38)."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.records import reveals
from supervision.records.models import RevealLog
from supervision.records.reveal_form import RevealForm

from .forms import body, filled, posted
from .views import ApiViewSet

HOUR_SECONDS = 3600
TARGET: dict[str, dict[str, Any]] = {
    "field": {"type": "string", "description": "Which identifier, such as insured.id_number or alert.person."},
    "id": {"type": "integer", "description": "The id of the person, practitioner or alert that holds it."},
}


class RevealSerializer(serializers.ModelSerializer[RevealLog]):
    """An identifier shown in clear: to whom, whose, what for; never the value."""

    user = serializers.CharField(source="user.name", read_only=True)
    authority = serializers.CharField(source="authority.code", read_only=True)
    dossier = serializers.CharField(source="dossier.number", read_only=True, default=None)

    class Meta:
        model = RevealLog
        fields = ("id", "user", "authority", "field", "row", "whose", "purpose", "dossier", "address", "at")


class RevealFilter(django_filters.FilterSet):
    """By identifier, staff number, and moment."""

    user = django_filters.CharFilter(field_name="user__username")
    after = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    before = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = RevealLog
        fields = ("field",)


class RevealViewSet(ApiViewSet):
    """Showing an identifier in clear, and looking over what was shown."""

    serializer_class: Any = RevealSerializer
    filterset_class = RevealFilter
    queryset = RevealLog.objects.none()

    def get_queryset(self) -> QuerySet[RevealLog]:
        return reveals.reveals_seen_by(self.actor).select_related("user", "authority", "dossier")

    @extend_schema(summary="What was shown in clear, to whom and what for")
    def list(self, request: Request) -> Response:
        """For heads and the audit administrator: by people of their authority and those below it."""
        if not self.actor.has(*reveals.OVERSEERS):
            raise PermissionDenied(_("Heads and the audit administrator look this over."))
        return self.paged(request, self.get_queryset())

    @extend_schema(
        summary="Show a masked identifier in clear",
        request=body(RevealForm, **TARGET),
        responses={200: inline_serializer("Revealed", {"value": serializers.CharField()})},
    )
    def create(self, request: Request) -> Response:
        """Takes the purpose, and the number of the matter it is for; recorded. The answer is not kept anywhere, so an
        `Idempotency-Key` has no effect here. 429 beyond the hourly number.
        """
        data = posted(request)
        pk = str(data.get("id", ""))
        if not pk.isdecimal() or len(pk) > len(str(2**62)):
            raise serializers.ValidationError({"id": [_("Name the row by its id.")]})
        name = str(data.get("field", ""))
        one, row = reveals.find(self.actor, name, int(pk))
        told = filled(request, RevealForm, also=list(TARGET), actor=self.actor, party=one.party(row))
        try:
            value = reveals.reveal(self.actor, name, row.pk, address=request.META.get("REMOTE_ADDR") or None, **told)
        except reveals.TooMany as refusal:
            raise Throttled(wait=HOUR_SECONDS, detail=str(refusal)) from None
        return Response({"value": value}, status=status.HTTP_200_OK, headers={"Cache-Control": "no-store"})
