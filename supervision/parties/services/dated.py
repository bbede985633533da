"""What holds for an authority from a day on, kept by its system administrator: entered, ended, and told of (HY-48)."""

from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..actors import Actor, authorities_within
from ..models import Authority, AuthorityEvent
from ..roles import Role
from .staff import StaffRefused, must_be, must_reach

M = TypeVar("M", bound=Model)
Verb = AuthorityEvent.Verb


@transaction.atomic
def enter(actor: Actor, row: M, rivals: QuerySet[M], verb: Verb, *, today: date, **facts: Any) -> M:
    """Save `row` with its `authority` and `valid`; what still runs of `rivals` on its first day ends the day before.

    Raises StaffRefused for who may not, ValidationError for what does not fit, by field or as a whole.
    """
    place, begins = row.authority, row.valid.lower  # type: ignore[attr-defined]
    _guard(actor, place, today)
    _differs(rivals, row, facts)
    _make_room(rivals, begins)
    row.full_clean()
    row.save()
    _tell(actor, place, verb, first=begins, **facts)
    return row


@transaction.atomic
def end(actor: Actor, row: M, verb: Verb, *, last: date, reason: str, today: date, **facts: Any) -> M:
    """Let `row` end with the day `last`; yesterday ends it at once, and what held before stays.

    Raises StaffRefused for who may not and for what has ended, ValidationError for a day that does not fit.
    """
    _guard(actor, row.authority, today)  # type: ignore[attr-defined]
    held: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if held.valid.isempty or (held.valid.upper is not None and held.valid.upper <= today):
        raise StaffRefused(_("This has ended already."))
    if last < today - timedelta(days=1) or (held.valid.upper and last >= held.valid.upper):
        raise ValidationError(
            {"last": _("What is in force ends yesterday at the earliest, and earlier than it would now.")}
        )
    stop = last + timedelta(days=1)
    held.valid = DateRange(held.valid.lower, stop) if held.valid.lower < stop else DateRange(empty=True)
    held.save(update_fields=["valid"])
    _tell(actor, held.authority, verb, last=last, reason=reason, **facts)
    return held


def may_keep(actor: Actor) -> bool:
    """Whether the actor enters and ends what holds for authorities in their charge."""
    return actor.authority is not None and actor.has(Role.SYSTEM_ADMIN)


def seen_by(actor: Actor, rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Rows of the authorities within the actor's jurisdiction, and of the one that guides the actor's own."""
    here = actor.authority
    if here is None:
        return rows.none()
    own = [one.pk for one in here.with_guide]
    return rows.filter(Q(authority__in=authorities_within(here, today).values("pk")) | Q(authority__in=own))


def standing_so(rows: QuerySet[M], standing: str, today: date) -> QuerySet[M]:
    """Those of `rows` that on that day stand so: now, coming or ended."""
    if standing == "now":
        return rows.filter(valid__contains=today)
    if standing == "coming":
        return rows.filter(valid__startswith__gt=today)
    return rows.filter(Q(valid__endswith__lte=today) | Q(valid__isempty=True))


def standing(row: Any, today: date) -> str:
    """now, coming or ended, as of that day."""
    days = row.valid
    if days.isempty or (days.upper is not None and days.upper <= today):
        return "ended"
    return "coming" if days.lower > today else "now"


def _guard(actor: Actor, authority: Authority, today: date) -> None:
    """The server itself, or the system administrator in whose charge the authority is; one at a time."""
    if not actor.is_system:
        must_be(actor, Role.SYSTEM_ADMIN)
        must_reach(actor, authority, today)
    Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)


def _differs(rivals: QuerySet[Any], row: Any, facts: dict[str, Any]) -> None:
    """Entering once more what is in force would only end it: refused."""
    same = {name: said for name, said in facts.items() if hasattr(row, name)}
    lasting = rivals.filter(valid__contains=row.valid.lower, valid__endswith__isnull=True)
    if lasting.filter(**same).exists():
        raise ValidationError(_("Exactly this is in force then already: there is nothing to enter."))


def _make_room(rows: QuerySet[Any], begins: date) -> None:
    """End what still runs on that day, the day before; what begins that day or later is not entered over."""
    for row in rows.select_for_update().filter(valid__overlap=DateRange(begins, None)):
        if row.valid.lower >= begins:
            raise ValidationError(
                {"begins": _("Another one is in force from %(day)s: begin later.") % {"day": row.valid.lower}}
            )
        row.valid = DateRange(row.valid.lower, begins)
        row.save(update_fields=["valid"])


def _tell(actor: Actor, authority: Authority, verb: Verb, **facts: Any) -> None:
    told = {name: str(value) for name, value in facts.items() if value not in (None, "")}
    AuthorityEvent.objects.create(
        authority=authority, verb=verb, by=actor.user, at_authority=actor.authority, facts=told
    )
