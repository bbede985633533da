"""Where a party turns against an authority's decisions: entered from a day on, what held before ends the day before."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from ..actors import Actor
from ..models import Authority, AuthorityEvent, Redress
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
