"""`/credit/`: where a party stands, and every point explained (HY-11, CE-1, EL-2)."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.api.serializers import PartySerializer
from supervision.api.views import ApiViewSet
from supervision.parties.actors import practitioners_visible_to, providers_visible_to
from supervision.parties.models import Party
from supervision.procedure import clock
from supervision.procedure.selectors import visible_to

from . import scheme
from .models import CreditEvent
from .selectors import eligibility, events_of, standing, year_points


class CreditEventSerializer(serializers.ModelSerializer[CreditEvent]):
    """What took points; the matter's id only where the caller may see it."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    dossier = serializers.SerializerMethodField()
    corrected_because = serializers.CharField(source="correction.reason", default=None)

    class Meta:
        model = CreditEvent
        fields = ("indicator", "label", "points", "gravest", "effective_on", "law", "dossier", "corrected_because")

    def get_label(self, event: CreditEvent) -> str:
        return str(scheme.label(event.indicator, event.party.kind))

    def get_dossier(self, event: CreditEvent) -> int | None:
        return event.dossier_id if event.dossier_id in self.context["visible"] else None


class StandingSerializer(serializers.Serializer[Any]):
    """Score and grade of the year so far, demerit points of a practitioner, and what explains them."""

    party = PartySerializer()
    on = serializers.DateField()
    score = serializers.DecimalField(max_digits=5, decimal_places=2)
    grade = serializers.CharField()
    points = serializers.IntegerField(allow_null=True, help_text="Demerit points of the year; practitioners only.")
    eligibility = serializers.CharField(allow_blank=True, help_text="'', 'suspend' or 'terminate'.")
    events = CreditEventSerializer(many=True)


class CreditViewSet(ApiViewSet):
    """The standing of one provider or practitioner of the caller's region."""

    serializer_class: Any = StandingSerializer
    pagination_class = None
    asked = ("party",)
    queryset = CreditEvent.objects.none()

    @extend_schema(
        summary="Where a party stands",
        responses=StandingSerializer,
        parameters=[OpenApiParameter("party", str, required=True, description="The national code.")],
    )
    def list(self, request: Request) -> Response:
        """404 for a party outside the caller's region."""
        party = self._party(request.query_params.get("party", ""))
        today = clock.today()
        now = standing(party, today)
        practitioner = getattr(party, "practitioner", None)
        events = list(events_of(party).select_related("party", "dossier", "correction")[:200])
        seen = visible_to(self.actor).filter(pk__in=[event.dossier_id for event in events])
        told = {
            "party": party,
            "on": today,
            "score": now.points,
            "grade": now.grade,
            "points": year_points(practitioner, today.year) if practitioner else None,
            "eligibility": eligibility(practitioner, today) if practitioner else "",
            "events": events,
        }
        context = {"visible": set(seen.values_list("pk", flat=True))}
        return Response(StandingSerializer(told, context=context).data)

    def _party(self, code: str) -> Party:
        if not code or "\x00" in code:
            raise Http404
        for seen in (providers_visible_to(self.actor), practitioners_visible_to(self.actor)):
            if found := seen.filter(code=code).first():
                return found
        raise Http404


routes = [("credit", CreditViewSet)]
