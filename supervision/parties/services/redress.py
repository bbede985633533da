"""Where a party reaches an authority, and where it turns against its decisions.

Entered from a day on; what held before ends the day before.
"""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from ..actors import Actor
from ..models import Authority, AuthorityEvent, Office, Redress
from . import dated

Verb = AuthorityEvent.Verb


def set_redress(
    actor: Actor, authority: Authority, *, reconsideration: str, court: str, begins: date, today: date
) -> Redress:
    """Name the reconsideration organ and the court from a day on (PL-59). Raises StaffRefused, ValidationError."""
    named = {"reconsideration": reconsideration.strip(), "court": court.strip()}
    made = Redress(authority=authority, valid=DateRange(begins, None), **named)
    rivals = Redress.objects.filter(authority=authority)
    return dated.enter(actor, made, rivals, Verb.REDRESS_SET, today=today, **named)


def end_redress(actor: Actor, redress: Redress, *, last: date, reason: str, today: date) -> Redress:
    """Let them end with the day `last`, with none in their place. Raises StaffRefused, ValidationError."""
    named = {"reconsideration": redress.reconsideration, "court": redress.court}
    return dated.end(actor, redress, Verb.REDRESS_ENDED, last=last, reason=reason, today=today, **named)


def set_office(
    actor: Actor, authority: Authority, *, address: str, contact: str, phone: str, begins: date, today: date
) -> Office:
    """Name address, unit or person and telephone from a day on (PL-44). Raises StaffRefused, ValidationError."""
    named = {"address": address.strip(), "contact": contact.strip(), "phone": phone.strip()}
    made = Office(authority=authority, valid=DateRange(begins, None), **named)
    return dated.enter(actor, made, Office.objects.filter(authority=authority), Verb.OFFICE_SET, today=today, **named)


def end_office(actor: Actor, office: Office, *, last: date, reason: str, today: date) -> Office:
    """Let it end with the day `last`, with none in its place. Raises StaffRefused, ValidationError."""
    named = {"address": office.address, "contact": office.contact, "phone": office.phone}
    return dated.end(actor, office, Verb.OFFICE_ENDED, last=last, reason=reason, today=today, **named)
