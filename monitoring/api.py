"""`/claim-imports/`, `/screening-runs/`, `/alerts/`: from raw claims to a lead (HY-14, HY-31)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring import tasks
from monitoring.forms import ConfirmForm, DismissForm, LeadForm, ScreenForm, UploadForm
from monitoring.models import Alert, AlertEvent, AlertLine, ColumnMapping, ImportBatch, Rule, ScreeningRun
from monitoring.selectors import alerts as seen
from monitoring.selectors.claims import bad_rows_csv
from monitoring.services import alerts, imports, screening
from supervision.api.dossiers import KEY
from supervision.api.forms import body, filled
from supervision.api.problems import problem
from supervision.api.serializers import DossierDetailSerializer
from supervision.api.views import ApiViewSet
from supervision.parties.masks import mask_id

REFUSALS: dict[int | str, Any] = {403: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}
CSV: dict[Any, Any] = {(200, "text/csv"): OpenApiTypes.STR}


class ClaimsForm(UploadForm):
    """An upload by another system: it names a mapping by its short name."""

    mapping = forms.ModelChoiceField(queryset=ColumnMapping.objects.all(), to_field_name="slug", required=False)


class RunForm(ScreenForm):
    """A run asked for by another system: rules by their short names."""

    rules = forms.ModelMultipleChoiceField(queryset=Rule.objects.none(), to_field_name="slug", required=False)


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    """An import with its progress; rows are counted over all tables."""

    authority = serializers.CharField(source="authority.code", default=None)
    mapping = serializers.CharField(source="mapping.slug", default=None)
    percent = serializers.IntegerField(read_only=True)
    refusal = serializers.CharField(source="refusal_text", read_only=True)

    class Meta:
        model = ImportBatch
        fields = (
            "id", "name", "sha256", "size", "authority", "mapping", "state", "stage", "percent", "encodings",
            "rows_read", "rows_stored", "rows_bad", "rows_outside", "rows_replaced", "rows_duplicate", "tables",
            "refusal", "created_at", "started_at", "finished_at",
        )  # fmt: skip


class RunSerializer(serializers.ModelSerializer[ScreeningRun]):
    """A screening run with its progress."""

    authority = serializers.CharField(source="authority.code", default=None)
    parts_all = serializers.IntegerField(read_only=True)
    parts_over = serializers.IntegerField(read_only=True)
    found_new = serializers.IntegerField(read_only=True)
    found_known = serializers.IntegerField(read_only=True)

    class Meta:
        model = ScreeningRun
        fields = (
            "id", "authority", "months", "state", "parts_all", "parts_over", "found_new", "found_known", "created_at",
            "started_at", "finished_at",
        )  # fmt: skip


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert as lists show it; the person's number is masked, the amount is yuan."""

    rule = serializers.CharField(source="rule.slug", read_only=True)
    rule_name = serializers.CharField(source="rule.name", read_only=True)
    person = serializers.SerializerMethodField()
    lead = serializers.IntegerField(source="lead_id", allow_null=True, read_only=True)

    class Meta:
        model = Alert
        fields: tuple[str, ...] = (
            "id", "rule", "rule_name", "provider_code", "person", "month", "amount", "severity", "line_count", "state",
            "lead", "created_at",
        )  # fmt: skip

    def get_person(self, alert: Alert) -> str:
        return mask_id(alert.person_code)


class LineSerializer(serializers.ModelSerializer[AlertLine]):
    """A line that proves an alert; `flagged` is the part of the amount it carries."""

    class Meta:
        model = AlertLine
        fields = (
            "provider_code", "visit_code", "line_code", "began_at", "ended_at", "item_code", "item_name", "count",
            "price", "amount", "flagged",
        )  # fmt: skip


class DecisionSerializer(serializers.ModelSerializer[AlertEvent]):
    """What was decided about an alert."""

    by = serializers.CharField(source="by.name", default=None)

    class Meta:
        model = AlertEvent
        fields = ("verb", "source", "target", "by", "at", "reason")


class AlertDetailSerializer(AlertSerializer):
    """An alert with the rule's words and numbers, what proves it, and what was decided."""

    explanation = serializers.CharField(source="rule.explanation", read_only=True)
    rule_version = serializers.IntegerField(source="rule.version", read_only=True)
    lines = LineSerializer(many=True, read_only=True)
    decisions = DecisionSerializer(source="events", many=True, read_only=True)

    class Meta(AlertSerializer.Meta):
        fields = (*AlertSerializer.Meta.fields, "explanation", "rule_version", "parameters", "lines", "decisions")


class AlertFilter(django_filters.FilterSet):
    """By rule, provider, month, severity, state and amount."""

    rule = django_filters.ChoiceFilter(
        field_name="rule__slug", choices=lambda: [(rule.slug, rule.slug) for rule in seen.rules()]
    )
    provider = django_filters.CharFilter(field_name="provider_code")
    least = django_filters.NumberFilter(field_name="amount", lookup_expr="gte")

    class Meta:
        model = Alert
        fields = ("month", "severity", "state")


class Workers(ApiViewSet):
    """Endpoints on which only officers and heads act."""

    def require_worker(self) -> None:
        """Raises PermissionDenied."""
        if not seen.may_work(self.actor):
            raise PermissionDenied(_("Only officers and heads of a bureau or an agency do this."))


class ImportViewSet(Workers):
    """Claims on their way into the store."""

    serializer_class: Any = ImportSerializer
    queryset = ImportBatch.objects.none()

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return seen.batches(self.actor).select_related("authority", "mapping")

    @extend_schema(summary="List claims imports")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="Progress of an import")
    def retrieve(self, request: Request, pk: str) -> Response:
        """While it runs and after."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)

    @extend_schema(
        summary="Send claims", parameters=[KEY], request=body(ClaimsForm), filters=False,
        responses={202: ImportSerializer, 200: ImportSerializer, **REFUSALS},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """CSV, gzip, workbook or zip of these. The same content again is the same import (200 instead of 202)."""
        self.require_worker()
        given = filled(request, ClaimsForm)
        return self.once(request, lambda: self._received(**given))

    def _received(self, file: Any, mapping: ColumnMapping | None) -> Response:
        batch, created = imports.receive(
            name=file.name, blocks=file.chunks(), mapping=mapping, by=self.request.user, authority=self.authority
        )
        if created:
            transaction.on_commit(lambda: tasks.import_claims.delay(batch.pk))
        elif not self.get_queryset().filter(pk=batch.pk).exists():
            sentence = _("Another authority has imported a file with exactly this content.")
            return problem(status.HTTP_409_CONFLICT, "imported", sentence)
        code = status.HTTP_202_ACCEPTED if created else status.HTTP_200_OK
        return Response(ImportSerializer(batch).data, status=code)

    @extend_schema(summary="Rows set aside, with reasons", responses=CSV, filters=False)
    @action(detail=True, url_path="bad-rows", pagination_class=None)
    def bad_rows(self, request: Request, pk: str) -> HttpResponseBase:
        """As CSV that a spreadsheet opens safely."""
        batch = self.one(self.get_queryset(), pk)
        return StreamingHttpResponse(bad_rows_csv(batch), content_type="text/csv; charset=utf-8")


class RunViewSet(Workers):
    """Rules over settlement months."""

    serializer_class: Any = RunSerializer
    queryset = ScreeningRun.objects.none()

    def get_queryset(self) -> QuerySet[ScreeningRun]:
        return seen.runs(self.actor).select_related("authority")

    @extend_schema(summary="List screening runs")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="Progress of a run")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Parts done of all parts, alerts found."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)

    @extend_schema(
        summary="Start a screening", parameters=[KEY], request=body(RunForm), filters=False,
        responses={202: RunSerializer, **REFUSALS},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Over the months and rules named; over all where none is named."""
        self.require_worker()
        given = filled(request, RunForm)
        try:
            return self.once(request, lambda: self._started(**given))
        except screening.NothingToScreen:
            sentence = _("There are no claims or no rules to screen. Import claims first.")
            return problem(status.HTTP_409_CONFLICT, "nothing-to-screen", sentence)

    def _started(self, months: Sequence[str], rules: QuerySet[Rule]) -> Response:
        run = screening.start(rules=rules, chosen=months, by=self.request.user, authority=self.authority)
        transaction.on_commit(lambda: tasks.screen.delay(run.pk))
        told = RunSerializer(self.get_queryset().get(pk=run.pk)).data
        return Response(told, status=status.HTTP_202_ACCEPTED)


class AlertViewSet(Workers):
    """Suspicions about the providers of the caller's region."""

    serializer_class: Any = AlertSerializer
    filterset_class = AlertFilter
    queryset = Alert.objects.none()

    def get_queryset(self) -> QuerySet[Alert]:
        return seen.alerts(self.actor).select_related("rule", "provider")

    @extend_schema(summary="List alerts")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One alert with what proves it", responses=AlertDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """At most 200 lines; the page offers all."""
        found = self.get_queryset().prefetch_related("lines", "events__by")
        return Response(AlertDetailSerializer(self.one(found, pk)).data)

    @extend_schema(
        summary="Confirm it", parameters=[KEY], request=body(ConfirmForm), filters=False,
        responses={200: AlertSerializer, **REFUSALS},
    )  # fmt: skip
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def confirm(self, request: Request, pk: str) -> Response:
        """The suspicion holds."""
        alert, given = self.one(self.get_queryset(), pk), filled(request, ConfirmForm)
        return self._decided(request, lambda: alerts.confirm(alert=alert, actor=self.actor, **given), alert)

    @extend_schema(
        summary="Dismiss it", parameters=[KEY], request=body(DismissForm), filters=False,
        responses={200: AlertSerializer, **REFUSALS},
    )  # fmt: skip
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def dismiss(self, request: Request, pk: str) -> Response:
        """The suspicion does not hold, and why."""
        alert, given = self.one(self.get_queryset(), pk), filled(request, DismissForm)
        return self._decided(request, lambda: alerts.dismiss(alert=alert, actor=self.actor, **given), alert)

    def _decided(self, request: Request, act: Any, alert: Alert) -> Response:
        def decide() -> Response:
            act()
            return Response(AlertSerializer(alert).data)

        try:
            return self.once(request, decide)
        except alerts.NotPossible as refused:
            return _refused(refused)

    @extend_schema(
        summary="Make a lead of it", parameters=[KEY], request=body(LeadForm), filters=False,
        responses={201: DossierDetailSerializer, **REFUSALS},
    )  # fmt: skip
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def lead(self, request: Request, pk: str) -> Response:
        """At the caller's authority; `together` takes along the other open alerts of the rule about the provider."""
        alert, given = self.one(self.get_queryset(), pk), filled(request, LeadForm)
        others = seen.same_suspicion(self.actor, alert).select_related("rule", "provider") if given["together"] else []

        def make() -> Response:
            lead = alerts.make_lead(alert=alert, actor=self.actor, together=list(others), note=given["reason"])
            return self.opened(lead)

        try:
            return self.once(request, make)
        except alerts.NotPossible as refused:
            return _refused(refused)


def _refused(refused: alerts.NotPossible) -> Response:
    sentences = [str(reason) for reason in refused.reasons]
    return problem(status.HTTP_409_CONFLICT, "not-possible", _("The step may not be taken"), "；".join(sentences))


routes = [("claim-imports", ImportViewSet), ("screening-runs", RunViewSet), ("alerts", AlertViewSet)]
