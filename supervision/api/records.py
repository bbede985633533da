"""`/evidence/` and `/papers/`: entering and judging evidence, reading both; every look is on record (HY-37)."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError as Unfit
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.parties.roles import OFFICERS
from supervision.procedure.models import Dossier
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import visible_to
from supervision.records import store
from supervision.records.forms import ServeForm
from supervision.records.handling import EvidenceForm, VerdictForm, may_add_evidence, works_on
from supervision.records.models import CustodyEntry, Evidence, Paper, ServiceOfDocument
from supervision.records.paper_types import all_types
from supervision.records.selectors import custody_of, evidence_visible_to, papers_visible_to
from supervision.records.services import add_evidence, download, reject_evidence, verify_evidence
from supervision.records.services.serving import serve

from .dossiers import KEY
from .forms import body, filled, posted, suited
from .views import ApiViewSet

REFUSALS: dict[int | str, Any] = {403: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}
FILE: dict[Any, Any] = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
DOSSIER = {"dossier": {"type": "integer", "description": "The matter it belongs to."}}


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A piece of evidence; its file is at `file/`."""

    collectors: serializers.Field[Any, Any, Any, Any] = serializers.SlugRelatedField("name", many=True, read_only=True)
    verified_by = serializers.CharField(source="verified_by.name", default=None)

    class Meta:
        model = Evidence
        fields = (
            "id", "dossier", "kind", "title", "source", "collected_at", "collectors", "sha256", "size", "media_type",
            "original_name", "state", "verified_by", "verified_at", "note", "added_at",
        )  # fmt: skip


class CustodySerializer(serializers.ModelSerializer[CustodyEntry]):
    """An entry of the chain of custody."""

    user = serializers.CharField(source="user.name", default=None)
    authority = serializers.CharField(source="authority.code", default=None)

    class Meta:
        model = CustodyEntry
        fields = ("act", "user", "authority", "to", "note", "at")


class ServiceSerializer(serializers.ModelSerializer[ServiceOfDocument]):
    """One service of a paper."""

    class Meta:
        model = ServiceOfDocument
        fields = ("method", "acted_on", "served_on", "due", "recipient", "refused")


class PaperSerializer(serializers.ModelSerializer[Paper]):
    """A paper; its PDF is at `pdf/`."""

    authority: serializers.RelatedField[Any, Any, Any] = serializers.SlugRelatedField("code", read_only=True)
    services = ServiceSerializer(many=True, read_only=True)

    class Meta:
        model = Paper
        fields = (
            "id", "dossier", "type", "number", "title", "authority", "state", "void_reason", "replaces", "issued_at",
            "sha256", "size", "services",
        )  # fmt: skip


class EvidenceFilter(django_filters.FilterSet):
    """By matter, kind and verdict."""

    dossier = django_filters.NumberFilter(field_name="dossier")

    class Meta:
        model = Evidence
        fields = ("kind", "state")


class PaperFilter(django_filters.FilterSet):
    """By matter, type, number and whether it is in force."""

    dossier = django_filters.NumberFilter(field_name="dossier")
    type = django_filters.ChoiceFilter(choices=lambda: [(one.code, one.code) for one in all_types()])
    authority = django_filters.CharFilter(field_name="authority__code")

    class Meta:
        model = Paper
        fields = ("number", "state")


def _stream(pieces: Any, name: str, media_type: str, size: int) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Length"] = str(size)
    response.headers["Cache-Control"] = "private, no-store"
    return response


class EvidenceViewSet(ApiViewSet):
    """Evidence of the matters the caller may see; never to the party investigated."""

    serializer_class: Any = EvidenceSerializer
    filterset_class = EvidenceFilter
    queryset = Evidence.objects.none()

    def get_queryset(self) -> QuerySet[Evidence]:
        related = ("verified_by", "dossier__authority")
        return evidence_visible_to(self.actor).select_related(*related).prefetch_related("collectors")

    def _dossier(self, pk: str) -> Dossier:
        dossier = concrete(self.one(visible_to(self.actor).select_related("authority"), pk))
        if not may_add_evidence(self.actor, dossier):
            raise PermissionDenied(_("Only officers of the authority in charge work on evidence of an open matter."))
        return dossier

    @extend_schema(summary="List evidence")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor; usually with `?dossier=`."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One piece of evidence")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Without its file."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)

    @extend_schema(
        summary="Enter evidence", parameters=[KEY], request=body(EvidenceForm, **DOSSIER), filters=False,
        responses={201: EvidenceSerializer, **REFUSALS},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Collected by at least two officers; the type is told from the content, the file scanned."""
        dossier = self._dossier(str(posted(request).get("dossier", "")))
        given = filled(request, EvidenceForm, also=["dossier"], dossier=dossier)
        return self.once(request, lambda: self._entered(dossier, given))

    def _entered(self, dossier: Dossier, given: dict[str, Any]) -> Response:
        try:
            evidence = add_evidence(dossier, self.actor, **given)
        except Unfit as unfit:
            told = unfit.message_dict if hasattr(unfit, "error_dict") else {"file": unfit.messages}
            raise ValidationError(told) from unfit
        return Response(EvidenceSerializer(evidence).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Judge it", parameters=[KEY], request=body(VerdictForm), filters=False,
        responses={200: EvidenceSerializer, **REFUSALS},
    )  # fmt: skip
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def verdict(self, request: Request, pk: str) -> Response:
        """Verified, or rejected with a reason."""
        evidence = self.one(self.get_queryset(), pk)
        self._dossier(str(evidence.dossier_id))
        given = filled(request, VerdictForm)
        judge = verify_evidence if given["verdict"] == "verify" else reject_evidence
        return self.once(
            request, lambda: Response(EvidenceSerializer(judge(evidence, self.actor, note=given["note"])).data)
        )

    @extend_schema(summary="Its chain of custody", responses=CustodySerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def custody(self, request: Request, pk: str) -> Response:
        """Who had it in hand, in order."""
        entries = custody_of(self.one(self.get_queryset(), pk))
        return Response(CustodySerializer(entries, many=True).data)

    @extend_schema(summary="Its file", responses=FILE, filters=False)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """Entered in the chain of custody before the first byte leaves."""
        evidence = self.one(self.get_queryset(), pk)
        pieces = download(evidence, self.actor)
        return _stream(pieces, evidence.original_name, evidence.media_type, evidence.size)


class PaperViewSet(ApiViewSet):
    """Papers of the matters the caller may see; a provider sees those served on it."""

    serializer_class: Any = PaperSerializer
    filterset_class = PaperFilter
    queryset = Paper.objects.none()

    def get_queryset(self) -> QuerySet[Paper]:
        return papers_visible_to(self.actor).select_related("authority").prefetch_related("services")

    @extend_schema(summary="List papers")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor; usually with `?dossier=`."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One paper")
    def retrieve(self, request: Request, pk: str) -> Response:
        """With its services."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)

    @extend_schema(
        summary="Record its service", parameters=[KEY], request=body(ServeForm), filters=False,
        responses={201: ServiceSerializer, **REFUSALS},
    )  # fmt: skip
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def services(self, request: Request, pk: str) -> Response:
        """Outside any step, by officers of the authority in charge; issues its certificate."""
        paper = self.one(self.get_queryset(), pk)
        dossier = concrete(self.one(visible_to(self.actor).select_related("authority"), str(paper.dossier_id)))
        if not (works_on(self.actor, dossier) and self.actor.has(*OFFICERS)):
            raise PermissionDenied(_("Only officers of the authority in charge serve its papers."))
        data = suited(posted(request), ServeForm.base_fields)
        return self.once(request, lambda: self._served(paper, data, request.FILES or None))

    def _served(self, paper: Paper, data: Any, files: Any) -> Response:
        service = serve(paper, self.actor, data=data, files=files)
        return Response(ServiceSerializer(service).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Its PDF as it was frozen", filters=False, responses={(200, "application/pdf"): OpenApiTypes.BINARY}
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def pdf(self, request: Request, pk: str) -> HttpResponseBase:
        """PDF/A-2b; its SHA-256 is the paper's."""
        paper = self.one(self.get_queryset(), pk)
        return _stream(store.pieces(paper.sha256), paper.filename, "application/pdf", paper.size)
