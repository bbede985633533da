"""What a decision tells of paying, and what must be known before it can: the account for every sum (PL-59, HY-47)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from supervision.parties.models import Authority

from .models import Fund, Route
from .selectors import account_of

Sums = Mapping[str, Decimal]


def paying(authority: Authority, on: date, refunds: Sums, fine: Decimal = Decimal(0)) -> list[dict[str, Any]]:
    """A row for every sum above zero: purpose, yuan, and the account; `refunds` by fund, the fine to the treasury.

    Holder, bank and number are empty where no account was entered for it.
    """
    owed = [(Route.FISCAL_ACCOUNT, fund, amount, str(Fund(fund).label)) for fund, amount in refunds.items()]
    owed.append((Route.TREASURY, "", fine, gettext("fine")))
    rows = []
    for route, fund, amount, purpose in owed:
        if amount:
            found = account_of(authority, route, on, fund)
            named = {name: getattr(found, name, "") for name in ("holder", "bank", "number")}
            rows.append({"purpose": purpose, "amount": amount, **named})
    return rows


def all_named(rows: list[dict[str, Any]]) -> bool:
    """Whether every sum of `paying` has its account."""
    return all(row["number"] for row in rows)
