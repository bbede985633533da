"""`/accounts/`: into which account what an authority decides is paid (HY-47, RG-45, PL-67)."""

import django_filters

from supervision.api.dated import CodedFilter, DatedSerializer, DatedViewSet, documented

from .accounts import cancel_account, end_account, set_account
from .forms import AccountForm
from .models import Account, Fund, Route


class AccountSerializer(DatedSerializer):
    """An account; without a fund it is the treasury's, or of every fund that has none of its own."""

    class Meta:
        model = Account
        fields = ("id", "authority", "route", "fund", "holder", "bank", "number", "days")


class AccountFilter(CodedFilter):
    """By authority, route, fund, and whether it holds today."""

    route = django_filters.ChoiceFilter(choices=Route.choices)
    fund = django_filters.ChoiceFilter(choices=Fund.choices)


ENTRY = {
    "authority": "B441602",
    "route": "treasury",
    "fund": "",
    "holder": "示例·源城区财政局",
    "bank": "示例银行源城区支行",
    "number": "441602000002",
    "begins": "2027-01-01",
}


@documented(
    AccountSerializer, AccountForm, ("The treasury's account for fines", ENTRY),
    list="List accounts to pay into", create="Enter an account from a day on", end="End an account",
    cancel="Cancel an account entered by mistake",
)  # fmt: skip
class AccountViewSet(DatedViewSet):
    """The accounts that decisions name."""

    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    queryset = rows = Account.objects.all()
    form_class = AccountForm
    enter = staticmethod(set_account)
    finish = staticmethod(end_account)
    undo = staticmethod(cancel_account)
