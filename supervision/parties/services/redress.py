"""Where a party reaches an authority, and where it turns against its decisions.

Entered from a day on; what held before ends the day before, and is back once the entry is cancelled as a mistake.
"""

from datetime import date
from typing import TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from ..actors import Actor
from ..models import Authority, AuthorityEvent, Office, Redress
from . import dated

Verb = AuthorityEvent.Verb
R = TypeVar("R", Redress, Office)


def rivals(row: R) -> QuerySet[R]:
    """What may not be in force on the same day as this: every entry of its kind for its authority."""
    return type(row)._default_manager.filter(authority=row.authority)


def set_redress(
    actor: Actor, authority: Authority, *, reconsideration: str, court: str, begins: date, today: date, reason: str = ""
) -> Redress:
    """Name the reconsideration organ and the court from a day on (PL-59). Raises StaffRefused, ValidationError."""
    named = {"reconsideration": reconsideration.strip(), "court": court.strip()}
    made = Redress(authority=authority, valid=DateRange(begins, None), **named)
    return dated.enter(actor, made, rivals(made), Verb.REDRESS_SET, today=today, reason=reason, **named)


def end_redress(actor: Actor, redress: Redress, *, last: date, reason: str, today: date) -> Redress:
    """Let them end with the day `last`, with none in their place. Raises StaffRefused, ValidationError."""
    named = {"reconsideration": redress.reconsideration, "court": redress.court}
    return dated.end(actor, redress, Verb.REDRESS_ENDED, last=last, reason=reason, today=today, **named)


def cancel_redress(actor: Actor, redress: Redress, *, reason: str, today: date) -> Redress:
    """Take back what was entered by mistake; what it had ended holds again. Raises StaffRefused."""
    named = {"reconsideration": redress.reconsideration, "court": redress.court}
    return dated.cancel(actor, redress, rivals(redress), Verb.REDRESS_CANCELLED, reason=reason, today=today, **named)


def set_office(
    actor: Actor,
    authority: Authority,
    *,
    address: str,
    contact: str,
    phone: str,
    begins: date,
    today: date,
    reason: str = "",
) -> Office:
    """Name address, unit or person and telephone from a day on (PL-44). Raises StaffRefused, ValidationError."""
    named = {"address": address.strip(), "contact": contact.strip(), "phone": phone.strip()}
    made = Office(authority=authority, valid=DateRange(begins, None), **named)
    return dated.enter(actor, made, rivals(made), Verb.OFFICE_SET, today=today, reason=reason, **named)


def end_office(actor: Actor, office: Office, *, last: date, reason: str, today: date) -> Office:
    """Let it end with the day `last`, with none in its place. Raises StaffRefused, ValidationError."""
    named = {"address": office.address, "contact": office.contact, "phone": office.phone}
    return dated.end(actor, office, Verb.OFFICE_ENDED, last=last, reason=reason, today=today, **named)


def cancel_office(actor: Actor, office: Office, *, reason: str, today: date) -> Office:
    """Take back what was entered by mistake; what it had ended holds again. Raises StaffRefused."""
    named = {"address": office.address, "contact": office.contact, "phone": office.phone}
    return dated.cancel(actor, office, rivals(office), Verb.OFFICE_CANCELLED, reason=reason, today=today, **named)
