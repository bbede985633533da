"""`/receivables/`: what is owed by fund and route, and the money that came in (HY-3, HY-47)."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.api.dossiers import KEY
from supervision.api.forms import body, filled
from supervision.api.problems import law_of, problem
from supervision.api.serializers import PartySerializer
from supervision.api.views import ApiViewSet

from .account_api import AccountViewSet
from .forms import CancelForm, PlanForm, ReasonForm, ReceiptForm
from .models import Receipt, Receivable
from .selectors import receivables
from .services import MoneyRefused, agree_plan, cancel_receivable, record_receipt, reverse_receipt

REFUSABLE = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """Money that came in, or its counter-entry."""

    class Meta:
        model = Receipt
        fields = ("id", "amount", "route", "fund", "paid_on", "voucher", "reverses", "reason", "recorded_at")


class ReceivableSerializer(serializers.ModelSerializer[Receivable]):
    """What a party owes by a decision; yuan."""

    debtor = PartySerializer(read_only=True)
    authority = serializers.CharField(source="dossier.authority.code", read_only=True)
    number = serializers.CharField(source="dossier.number", read_only=True)
    received = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    outstanding = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)

    class Meta:
        model = Receivable
        fields = (
            "id", "dossier", "number", "authority", "debtor", "kind", "fund", "route", "amount", "received",
            "outstanding", "due_on", "state", "law", "opened_on", "ended_on",
        )  # fmt: skip


class ReceivableFilter(django_filters.FilterSet):
    """By matter, debtor, kind, fund, state and day due."""

    debtor = django_filters.CharFilter(field_name="debtor__code")
    dossier = django_filters.NumberFilter(field_name="dossier")
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Receivable
        fields: ClassVar = ["kind", "fund", "route", "state"]


class ReceivableViewSet(ApiViewSet):
    """What is owed in the matters the caller may see."""

    serializer_class: Any = ReceivableSerializer
    filterset_class = ReceivableFilter
    queryset = Receivable.objects.none()

    def get_queryset(self) -> QuerySet[Receivable]:
        return receivables(self.actor)

    @extend_schema(summary="List what is owed within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One receivable")
    def retrieve(self, request: Request, pk: str) -> Response:
        """With what was received and what is outstanding."""
        return Response(self.get_serializer(self.one(self.get_queryset(), pk)).data)

    @extend_schema(
        summary="Its receipts; record one",
        methods=["GET"],
        responses=ReceiptSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        summary="Record money that came in",
        methods=["POST"],
        parameters=[KEY],
        request=body(ReceiptForm),
        responses=REFUSABLE | {201: ReceiptSerializer},
        filters=False,
        examples=[
            OpenApiExample(
                "A refund to the fund",
                request_only=True,
                value={
                    "amount": "12345.60",
                    "route": "fiscal",
                    "fund": "resident",
                    "paid_on": "2026-10-28",
                    "voucher": "BK-1",
                },
            )
        ],
    )
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def receipts(self, request: Request, pk: str) -> Response:
        """Money to a wrong fund or route, or more than is outstanding, is refused with its article (HY-47)."""
        owed = self.one(self.get_queryset(), pk)
        if request.method == "GET":
            return Response(ReceiptSerializer(owed.receipts.order_by("pk"), many=True).data)
        given = filled(request, ReceiptForm)
        return self._done(request, lambda: ReceiptSerializer(record_receipt(owed, self.actor, **given)))

    @extend_schema(
        summary="Take a wrongly recorded receipt back",
        parameters=[KEY, OpenApiParameter("receipt", OpenApiTypes.INT, OpenApiParameter.PATH)],
        request=body(ReasonForm),
        responses=REFUSABLE | {201: ReceiptSerializer},
    )
    @action(detail=True, methods=["post"], url_path=r"receipts/(?P<receipt>\d+)/reversal")
    def reversal(self, request: Request, pk: str, receipt: str) -> Response:
        """By a counter-entry with its reason; both stay on record."""
        wrong = self.one(Receipt.objects.filter(receivable=self.one(self.get_queryset(), pk)), receipt)
        given = filled(request, ReasonForm)
        return self._done(request, lambda: ReceiptSerializer(reverse_receipt(wrong, self.actor, **given)))

    @extend_schema(
        summary="Defer a payment or agree on instalments",
        parameters=[KEY],
        request=body(PlanForm),
        responses=REFUSABLE | {201: ReceivableSerializer},
    )
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str) -> Response:
        """The instalments make up what is outstanding; the claim falls due with the last of them (PP-53)."""
        owed = self.one(self.get_queryset(), pk)
        given = filled(request, PlanForm)
        return self._done(request, lambda: self._now(agree_plan(owed, self.actor, **given).receivable))

    @extend_schema(
        summary="Cancel a claim on a ground of law",
        parameters=[KEY],
        request=body(CancelForm),
        responses=REFUSABLE | {201: ReceivableSerializer},
    )
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, pk: str) -> Response:
        """On a document that says so; a reversed decision takes its claims along by itself (HY-25, PP-47, PP-56)."""
        owed = self.one(self.get_queryset(), pk)
        given = filled(request, CancelForm, owed=owed)
        return self._done(request, lambda: self._now(cancel_receivable(owed, self.actor, **given)))

    def _now(self, owed: Receivable) -> "serializers.BaseSerializer[Any]":
        """The receivable as it stands, with its sums."""
        return self.get_serializer(self.get_queryset().get(pk=owed.pk))

    def _done(self, request: Request, do: "Callable[[], serializers.BaseSerializer[Any]]") -> Response:
        """Once per idempotency key; what the service refuses is told with its article."""
        try:
            return self.once(request, lambda: Response(do().data, status=status.HTTP_201_CREATED))
        except MoneyRefused as refused:
            said = str(refused.sentence)
            errors: dict[str, Any] = {"errors": {refused.field: [said]}} if refused.field else {}
            return problem(status.HTTP_409_CONFLICT, "money-refused", said, law=law_of(refused.law), **errors)


routes = [("receivables", ReceivableViewSet), ("accounts", AccountViewSet)]
