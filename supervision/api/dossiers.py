"""`/dossiers/`: every matter of every kind, its history, and its next steps — through the same door as the pages."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiTypes, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.procedure.declare import Procedure
from supervision.procedure.models import Dossier
from supervision.procedure.registry import concrete, form_of, models_by_kind
from supervision.procedure.selectors import history, steps_for, visible_to
from supervision.procedure.services import advance, preview
from supervision.records.export.service import export_file

from .filters import FlagFilter
from .forms import filled, posted, suited
from .idempotency import REPLAYED, key_of
from .serializers import DossierDetailSerializer, DossierSerializer, EventSerializer, OfferSchema, etag, offer
from .views import ApiViewSet

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="ETag of the dossier as you last read it."
)
KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="A repeated key acts only once."
)


def _states() -> list[tuple[str, str]]:
    """Every state of every kind of matter."""
    known = {state for procedure in Procedure.registry.values() for state in procedure.State.values}
    return [(state, state) for state in sorted(known)]


class DossierFilter(django_filters.FilterSet):
    """Filters of the list of matters."""

    kind = django_filters.MultipleChoiceFilter(choices=lambda: [(kind, kind) for kind in sorted(models_by_kind())])
    state = django_filters.ChoiceFilter(choices=_states)
    number = django_filters.CharFilter()
    subject = django_filters.CharFilter(field_name="subject__code")
    authority = django_filters.CharFilter(field_name="authority__code")
    opened_after = django_filters.DateFilter(field_name="opened_at", lookup_expr="date__gte")
    opened_before = django_filters.DateFilter(field_name="opened_at", lookup_expr="date__lte")
    open = FlagFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = Dossier
        fields = ()


def expected(request: Request, dossier: Dossier) -> int | None:
    """The number of events the caller has seen, from `If-Match`; None when it was not sent."""
    sent = request.headers.get("If-Match")
    if sent in (None, "*"):
        return None
    pk, _dash, count = str(sent).strip('W/"').partition("-")
    if pk != str(dossier.pk) or not count.isdigit():
        raise ValidationError({"If-Match": [_("Send the ETag of this dossier.")]})
    return int(count)


@extend_schema_view(
    list=extend_schema(summary="List matters within your jurisdiction"),
    retrieve=extend_schema(summary="One matter with its facts and terms"),
)
class DossierViewSet(ApiViewSet):
    """Matters of every kind."""

    serializer_class: Any = DossierSerializer
    filterset_class = DossierFilter
    queryset = Dossier.objects.none()

    def get_queryset(self) -> QuerySet[Dossier]:
        return visible_to(self.actor).select_related("subject", "authority")

    def _one(self, pk: str) -> Dossier:
        return concrete(self.one(self.get_queryset().select_related("authority__parent__parent"), pk))

    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(responses=DossierDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The matter; its ETag goes into `If-Match` of a step."""
        dossier = self._one(pk)
        return Response(DossierDetailSerializer(dossier).data, headers={"ETag": etag(dossier)})

    @extend_schema(summary="Its history", responses=EventSerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None)
    def events(self, request: Request, pk: str) -> Response:
        """Every event in order, with hashes: the chain can be recomputed by the reader."""
        page = self.paginate_queryset(history(self._one(pk)))
        return self.get_paginated_response(EventSerializer(page, many=True).data)

    @extend_schema(
        summary="Its next steps: open, and blocked with every reason", responses=OfferSchema(many=True), filters=False
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def steps(self, request: Request, pk: str) -> Response:
        """What may be done next, by whom, under which article, and what is still missing."""
        dossier = self._one(pk)
        offers = [offer(dossier, one, self.actor) for one in steps_for(dossier, self.actor)]
        return Response(offers, headers={"ETag": etag(dossier)})

    @extend_schema(
        summary="Take a step",
        parameters=[IF_MATCH, KEY],
        request={
            "application/json": {"type": "object", "additionalProperties": True},
            "multipart/form-data": {"type": "object", "additionalProperties": True},
        },
        responses={200: EventSerializer, 409: OpenApiTypes.OBJECT, 412: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
        examples=[
            OpenApiExample(
                "Serve a notice",
                request_only=True,
                value={
                    "served_on": "2026-10-28",
                    "method": "direct",
                    "second_server": 12,
                    "relation": "staff",
                    "recipient": "李示例",
                    "on_paper": True,
                },
            )
        ],
    )
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>[a-z_]+)", pagination_class=None)
    def take(self, request: Request, pk: str, step: str) -> Response:
        """Through the one door: the same form, the same guards, the same event as on the page."""
        dossier = self._one(pk)
        declared = dossier.procedure.steps.get(step)
        fields = form_of(dossier.procedure, declared).base_fields if declared else {}
        before = dossier.events_count
        event = advance(
            dossier,
            step,
            self.actor,
            key=key_of(request),
            expect=expected(request, dossier),
            data=suited(posted(request), fields),
            files=request.FILES or None,
        )
        again = REPLAYED if event.seq <= before else {}
        return Response(EventSerializer(event).data, headers={"ETag": etag(dossier), **again})

    @extend_schema(
        summary="See the paper a step would issue",
        request={
            "application/json": {"type": "object", "additionalProperties": True},
            "multipart/form-data": {"type": "object", "additionalProperties": True},
        },
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
        filters=False,
        examples=[
            OpenApiExample(
                "The order to correct as it would read",
                request_only=True,
                value={"ordered_on": "2026-10-28", "correct_by": "2026-11-12", "content": "停止重复收费"},
            )
        ],
    )
    @action(
        detail=True, methods=["post"], url_path=r"steps/(?P<step>[a-z_]+)/preview", filterset_class=None,
        pagination_class=None,
    )  # fmt: skip
    def preview(self, request: Request, pk: str, step: str) -> HttpResponseBase:
        """The PDF, made from what is sent as the step would make it, without a number; nothing is issued or kept.

        To whoever may take the step, refused as the step is; of a step that serves a paper, the certificate of service.
        404 for a step that issues none.
        """
        dossier = self._one(pk)
        declared = dossier.procedure.steps.get(step)
        fields = form_of(dossier.procedure, declared).base_fields if declared else {}
        data = suited(posted(request), fields)
        (made,) = preview(dossier, step, self.actor, data=data, files=request.FILES or None, pdf=True)
        response = HttpResponse(made, content_type="application/pdf")
        response.headers["Content-Disposition"] = content_disposition_header(False, f"{step}.pdf") or "inline"
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @extend_schema(
        summary="Its whole file as a ZIP that proves itself", request=None, filters=False,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )  # fmt: skip
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def export(self, request: Request, pk: str) -> HttpResponseBase:
        """Index, papers, evidence, events and a checker (PP-57); recorded before the first byte leaves.

        404 for the party concerned, which has what was served on it and not the file.
        """
        filled(request, forms.Form)
        try:
            made = export_file(self._one(pk), self.actor, request.META.get("REMOTE_ADDR") or None)
        except Dossier.DoesNotExist:
            raise Http404 from None
        response = StreamingHttpResponse(made.pieces, content_type="application/zip")
        response.headers["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
        response.headers["Cache-Control"] = "private, no-store"
        return response
