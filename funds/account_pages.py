"""Into which account what an authority decides is paid: entered, ended and cancelled (缴款账户; HY-47)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from supervision.parties.models import AuthorityEvent
from supervision.web.columns import Column
from supervision.web.dated import AUTHORITY, DAYS, SPAN, DatedFilter, DatedList, entry_pages

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
    **DAYS,
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


add, end, cancel = entry_pages(
    AccountList, "funds:accounts", form=AccountForm, enter=set_account, end=end_account, cancel=cancel_account,
    rivals=rivals,
    headings=(gettext_lazy("Enter an account"), gettext_lazy("End an account"), gettext_lazy("Cancel an account")),
)  # fmt: skip
