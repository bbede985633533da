"""Into which account what an authority decides is paid: entered from a day on, what held before ends the day before."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, AuthorityEvent
from supervision.parties.services import dated

from .models import Account

Verb = AuthorityEvent.Verb


def set_account(
    actor: Actor,
    authority: Authority,
    *,
    route: str,
    holder: str,
    bank: str,
    number: str,
    begins: date,
    today: date,
    fund: str = "",
) -> Account:
    """Name the account a route's money is paid into from a day on. Raises StaffRefused, ValidationError."""
    named = {"holder": holder.strip(), "bank": bank.strip(), "number": number.strip()}
    made = Account(authority=authority, route=route, fund=fund, valid=DateRange(begins, None), **named)
    rivals = Account.objects.filter(authority=authority, route=route, fund=fund)
    return dated.enter(actor, made, rivals, Verb.ACCOUNT_SET, today=today, route=route, fund=fund, **named)


def end_account(actor: Actor, account: Account, *, last: date, reason: str, today: date) -> Account:
    """Let it end with the day `last`, with none in its place. Raises StaffRefused, ValidationError."""
    named = {name: getattr(account, name) for name in ("route", "fund", "holder", "bank", "number")}
    return dated.end(actor, account, Verb.ACCOUNT_ENDED, last=last, reason=reason, today=today, **named)
