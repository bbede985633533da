"""`/accounts/`: into which account what an authority decides is paid (HY-47, RG-45, PL-67)."""

import django_filters
from drf_spectacular.utils import OpenApiExample, OpenApiTypes, extend_schema, extend_schema_view

from supervision.api.dated import CodedFilter, DatedSerializer, DatedViewSet
from supervision.api.dossiers import KEY
from supervision.api.forms import body
from supervision.parties.dated_forms import CancelForm, EndForm

from .accounts import cancel_account, end_account, set_account
from .forms import AccountForm
from .models import Account, Fund, Route

REFUSABLE = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class AccountSerializer(DatedSerializer):
    """An account; without a fund it is the treasury's, or of every fund that has none of its own."""

    class Meta:
        model = Account
        fields = ("id", "authority", "route", "fund", "holder", "bank", "number", "days")


class AccountFilter(CodedFilter):
    """By authority, route, fund, and whether it holds today."""

    route = django_filters.ChoiceFilter(choices=Route.choices)
    fund = django_filters.ChoiceFilter(choices=Fund.choices)


ENTRY = OpenApiExample(
    "The treasury's account for fines",
    request_only=True,
    value={
        "authority": "B441602",
        "route": "treasury",
        "fund": "",
        "holder": "示例·源城区财政局",
        "bank": "示例银行源城区支行",
        "number": "441602000002",
        "begins": "2027-01-01",
    },
)


@extend_schema_view(
    list=extend_schema(summary="List accounts to pay into"),
    create=extend_schema(
        summary="Enter an account from a day on",
        parameters=[KEY],
        request=body(AccountForm),
        responses=REFUSABLE | {201: AccountSerializer},
        examples=[ENTRY],
    ),
    end=extend_schema(
        summary="End an account",
        parameters=[KEY],
        request=body(EndForm),
        responses=REFUSABLE | {200: AccountSerializer},
    ),
    cancel=extend_schema(
        summary="Cancel an account entered by mistake",
        parameters=[KEY],
        request=body(CancelForm),
        responses=REFUSABLE | {200: AccountSerializer},
    ),
)
class AccountViewSet(DatedViewSet):
    """The accounts that decisions name."""

    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    queryset = rows = Account.objects.all()
    form_class = AccountForm
    enter = staticmethod(set_account)
    finish = staticmethod(end_account)
    undo = staticmethod(cancel_account)
