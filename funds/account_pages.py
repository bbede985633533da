"""Into which account what an authority decides is paid: entered, ended and cancelled (缴款账户; HY-47)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from supervision.parties.dated_forms import CancelForm, EndForm
from supervision.parties.models import AuthorityEvent
from supervision.web.columns import Column
from supervision.web.dated import AUTHORITY, SPAN, DatedFilter, DatedList, cancel_page, end_page, enter_page, one_seen
from supervision.web.request import PageRequest

from .accounts import cancel_account, end_account, rivals, set_account
from .forms import AccountForm
from .models import Account, Fund, Route
from .naming import destination

Verb = AuthorityEvent.Verb
LABELS: dict[str, Any] = {
    "route": gettext_lazy("Route"),
    "fund": gettext_lazy("Fund"),
    "holder": gettext_lazy("Account holder"),
    "bank": gettext_lazy("Bank"),
    "number": gettext_lazy("Account number"),
    "first": gettext_lazy("In force from"),
    "last": gettext_lazy("Last day in force"),
    "reason": gettext_lazy("Reason"),
}
CHOICES: dict[str, dict[Any, Any]] = {"route": dict(Route.choices), "fund": dict(Fund.choices)}


class AccountFilter(DatedFilter):
    q = django_filters.CharFilter(label=gettext_lazy("Holder, bank or number"), method="named", max_length=100)
    field_order = ("q", "authority", "route", "fund", "standing")

    class Meta:
        model = Account
        fields = ("route", "fund")

    def named(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        return rows.filter(Q(holder__icontains=value) | Q(bank__icontains=value) | Q(number__icontains=value))


class AccountList(DatedList):
    """The accounts of every authority within the jurisdiction."""

    name = "funds.accounts"
    title = gettext_lazy("Accounts to pay into")
    columns = (
        AUTHORITY,
        Column("where", gettext_lazy("Route"), value=lambda row: destination(row.route, row.fund)),
        Column("holder", gettext_lazy("Account holder")),
        Column("bank", gettext_lazy("Bank")),
        Column("number", gettext_lazy("Account number")),
        *SPAN,
    )
    filterset_class = AccountFilter
    model = Account
    verbs = (Verb.ACCOUNT_SET, Verb.ACCOUNT_ENDED, Verb.ACCOUNT_CANCELLED)
    add_url, end_url, cancel_url = "funds:account-add", "funds:account-end", "funds:account-cancel"
    labels = LABELS
    choices = CHOICES
    empty_title = gettext_lazy("No account is entered")
    empty_text = gettext_lazy("Without it no decision orders a payment; the system administrator enters it.")


def _back() -> tuple[str, str]:
    return str(AccountList.title), reverse("funds:accounts")


@require_http_methods(["GET", "POST"])
def add(request: PageRequest) -> HttpResponse:
    """Enter an account from a day on."""
    return enter_page(request, AccountForm, set_account, heading=_("Enter an account"), back=_back())


@require_http_methods(["GET", "POST"])
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End it with none in its place."""
    row = one_seen(request, Account.objects.select_related("authority"), pk)
    return end_page(request, EndForm, row, end_account, heading=_("End an account"), back=_back())


@require_http_methods(["GET", "POST"])
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what was entered by mistake."""
    row = one_seen(request, Account.objects.select_related("authority"), pk)
    return cancel_page(
        request, CancelForm, row, rivals(row), cancel_account, heading=_("Cancel an account"), back=_back()
    )
