"""Into which account what an authority decides is paid: entered from a day on, what held before ends the day before."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, QuerySet

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, AuthorityEvent
from supervision.parties.services import dated
from supervision.records.models import Paper
from supervision.records.reliance import last_issued, naming, served_by

from .models import Account, Receipt

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
    reason: str = "",
) -> Account:
    """Name the account a route's money is paid into from a day on. Raises StaffRefused, ValidationError."""
    named = {"holder": holder.strip(), "bank": bank.strip(), "number": number.strip()}
    made = Account(authority=authority, route=route, fund=fund, valid=DateRange(begins, None), **named)
    told = {"route": route, "fund": fund, **named}
    return dated.enter(actor, made, rivals(made), Verb.ACCOUNT_SET, today=today, reason=reason, **told)


def end_account(actor: Actor, account: Account, *, last: date, reason: str, today: date) -> Account:
    """Let it end with the day `last`, with none in its place. Raises StaffRefused, ValidationError."""
    return dated.end(actor, account, Verb.ACCOUNT_ENDED, last=last, reason=reason, today=today, **_named(account))


def cancel_account(actor: Actor, account: Account, *, reason: str, today: date) -> Account:
    """Take back what was entered by mistake; the account it had ended holds again. Raises StaffRefused."""
    told = _named(account)
    return dated.cancel(actor, account, rivals(account), Verb.ACCOUNT_CANCELLED, reason=reason, today=today, **told)


def rivals(account: Account) -> QuerySet[Account]:
    """What may not be in force on the same day as this: the accounts of its authority, route and fund."""
    return Account.objects.filter(authority=account.authority, route=account.route, fund=account.fund)


@dated.relied_on_by(Account)
def last_paper(account: Account, since: date) -> date | None:
    """The last day, from that day on, on which its authority, or an agency it guides, issued a paper that names it."""
    return last_issued(Paper.objects.filter(naming(account.number)), account.authority, since)


@dated.relied_on_by(Account)
def last_payment(account: Account, since: date) -> date | None:
    """The last day, from that day on, on which money came in by its route and fund."""
    paid = Receipt.objects.filter(paid_on__gte=since, route=account.route, reverses=None, reversed_by=None)
    paid = paid.filter(receivable__dossier__authority__in=served_by(account.authority))
    if account.fund:
        paid = paid.filter(fund=account.fund)
    return paid.aggregate(last=Max("paid_on"))["last"]


def _named(account: Account) -> dict[str, str]:
    return {name: getattr(account, name) for name in ("route", "fund", "holder", "bank", "number")}
