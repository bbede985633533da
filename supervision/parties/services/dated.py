"""What holds for an authority from a day on, kept by its system administrator: entered, ended, cancelled, told of.

At every day at most one entry is in force (an exclusion constraint holds it). An entry that papers or payments rest on
stays for the days they do: none begins in its place earlier, and it is ended, not cancelled (HY-48).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..actors import Actor, authorities_within
from ..models import Authority, AuthorityEvent, Dated
from ..roles import Role
from ..served import served
from .staff import StaffRefused, must_be, must_reach

M = TypeVar("M", bound=Dated)
Seen = TypeVar("Seen", bound=Model)
Verb = AuthorityEvent.Verb
# (row, from a day on) → the last day on which something rests on it; apps above add what they know of.
Reliance = Callable[[Any, date], date | None]
BEGIN_LATER = _("Another one is in force from %(day)s: begin later.")
RESTED_ON = _("A paper or a payment of %(day)s rests on what is in force then: begin after that day.")
RELIANCES: dict[type[Model], list[Reliance]] = {}


@dataclass(frozen=True)
class Effect:
    """What entering from a day on does: `ends` is cut on the day before; `blocked` begins that day or later."""

    ends: Any = None
    blocked: Any = None
    used: date | None = None  # the last day from `begins` on, on which something rests on `ends`


def relied_on_by(model: type[Model]) -> Callable[[Reliance], Reliance]:
    """Have this say until when something rests on an entry of that model."""

    def add(reliance: Reliance) -> Reliance:
        RELIANCES.setdefault(model, []).append(reliance)
        return reliance

    return add


def last_use(row: Any, since: date) -> date | None:
    """The last day, from that day on, on which a paper or a payment rests on the entry; None if there is none."""
    days = [day for asked in RELIANCES.get(type(row), ()) if (day := asked(row, since)) is not None]
    return max(days, default=None)


def effect(rivals: QuerySet[M], begins: date, today: date) -> Effect:
    """What an entry from that day on would do to `rivals`; changes nothing."""
    met = rivals.filter(valid__overlap=DateRange(begins, None)).order_by("valid")
    coming = next((row for row in met if row.valid.lower >= begins), None)  # type: ignore[attr-defined]
    held = next((row for row in met if row.valid.lower < begins), None)  # type: ignore[attr-defined]
    return Effect(held, coming, last_use(held, begins) if held is not None and begins <= today else None)


@served
def enter(actor: Actor, row: M, rivals: QuerySet[M], verb: Verb, *, today: date, reason: str = "", **facts: Any) -> M:
    """Save `row` with its `authority` and `valid`; what still runs of `rivals` on its first day ends the day before.

    Raises StaffRefused for who may not, ValidationError for what does not fit, by field or as a whole: also for a day
    in the past that cuts an entry without a `reason`, or while a paper or a payment rests on it.
    """
    place, begins = row.authority, row.valid.lower  # type: ignore[attr-defined]
    _guard(actor, place, today)
    _differs(rivals, row, facts)
    cut = _make_room(rivals.select_for_update(), row, begins, today, reason)
    row.full_clean()
    row.save()
    ended = {"ended": cut, "ended_last": begins - timedelta(days=1)} if cut is not None else {}
    _tell(actor, place, verb, first=begins, reason=reason, **ended, **facts)
    return row


@served
def end(actor: Actor, row: M, verb: Verb, *, last: date, reason: str, today: date, **facts: Any) -> M:
    """Let `row` end with the day `last`; yesterday ends it at once, and what held before stays.

    Raises StaffRefused for who may not and for what has ended, ValidationError for a day that does not fit: one before
    its first would cancel it.
    """
    _guard(actor, row.authority, today)  # type: ignore[attr-defined]
    held: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if held.valid.isempty or (held.valid.upper is not None and held.valid.upper <= today):
        raise StaffRefused(_("This has ended already."))
    if last < held.valid.lower:
        raise ValidationError({"last": _("It begins after that day: cancel it instead.")})
    if last < today - timedelta(days=1) or (held.valid.upper and last >= held.valid.upper):
        raise ValidationError(
            {"last": _("What is in force ends yesterday at the earliest, and earlier than it would now.")}
        )
    held.valid = DateRange(held.valid.lower, last + timedelta(days=1))
    held.save(update_fields=["valid"])
    _tell(actor, held.authority, verb, last=last, reason=reason, **facts)
    return held


@served
def cancel(actor: Actor, row: M, rivals: QuerySet[M], verb: Verb, *, reason: str, today: date, **facts: Any) -> M:
    """Let an entry made by mistake never have been: what it had ended is in force again. Returns it without its days.

    Raises StaffRefused for who may not, for what is cancelled already, and while a paper or a payment rests on it.
    """
    _guard(actor, row.authority, today)  # type: ignore[attr-defined]
    held: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    must_be_cancellable(held, today)
    days = held.valid
    # The event first: the database lets an account lose or regain days only with it.
    former = restored(held, rivals)
    told = _told_restored(former)
    _tell(actor, held.authority, verb, first=days.lower, reason=reason, **told, **facts)
    held.valid = DateRange(empty=True)
    held.save(update_fields=["valid"])
    for later in rivals.select_for_update().filter(replaces=held.pk):
        later.replaces, later.replaced_until = held.replaces, held.replaced_until
        later.save(update_fields=["replaces", "replaced_until"])
    if former:
        _restore(*former, held.replaced_until, rivals)
    return held


def restored(row: Any, rivals: QuerySet[Any]) -> tuple[Any, date | None] | None:
    """The entry that cancelling `row` brings back, and the day it will end before (None: open); None if none is."""
    former = rivals.filter(pk=row.replaces_id).first() if row.replaces_id else None
    if former is None or former.valid.isempty or former.valid.upper != row.valid.lower:
        return None  # cancelled or ended by itself in the meantime
    following = _following(rivals.exclude(pk=row.pk), former)
    ends = [day for day in (row.replaced_until, following and following.valid.lower) if day is not None]
    return former, min(ends, default=None)


def _told_restored(former: tuple[Any, date | None] | None) -> dict[str, Any]:
    if former is None:
        return {}
    row, until = former
    return {"restored": row, "restored_last": until - timedelta(days=1) if until else None}


def may_cancel(row: Any, today: date) -> bool:
    """Whether the entry has days left to take back and nothing rests on it."""
    try:
        must_be_cancellable(row, today)
    except StaffRefused:
        return False
    return True


def must_be_cancellable(row: Any, today: date) -> None:
    """Raise StaffRefused with the reason where the entry cannot be taken back."""
    if row.valid.isempty:
        raise StaffRefused(_("This was cancelled already."))
    if row.valid.lower <= today and (used := last_use(row, row.valid.lower)) is not None:
        raise StaffRefused(
            _("A paper or a payment of %(day)s rests on it: end it, and enter what is to hold next.") % {"day": used}
        )


def _following(rivals: QuerySet[Any], former: Any) -> Any:
    later = rivals.filter(valid__startswith__gt=former.valid.lower, valid__isempty=False)
    return later.order_by("valid").first()


def _restore(former: Any, until: date | None, natural: date | None, rivals: QuerySet[Any]) -> None:
    """Give an entry its days back; one that begins within them is now what ended it."""
    former.valid = DateRange(former.valid.lower, until)
    former.save(update_fields=["valid"])
    following = _following(rivals, former)
    if following is None:
        return
    cuts = natural is None or natural > following.valid.lower
    following.replaces, following.replaced_until = (former, natural) if cuts else (None, None)
    following.save(update_fields=["replaces", "replaced_until"])


def may_keep(actor: Actor) -> bool:
    """Whether the actor enters and ends what holds for authorities in their charge."""
    return actor.authority is not None and actor.has(Role.SYSTEM_ADMIN)


def seen_by(actor: Actor, rows: QuerySet[Seen], today: date) -> QuerySet[Seen]:
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


def _make_room(rivals: QuerySet[Any], row: Any, begins: date, today: date, reason: str) -> Any:
    """End what still runs on that day, the day before, and return it; what begins later is not entered over."""
    found = effect(rivals, begins, today)
    if found.blocked is not None:
        day = found.blocked.valid.lower
        raise ValidationError({"begins": BEGIN_LATER % {"day": day}})
    if (cut := found.ends) is None:
        return None
    if found.used is not None:
        raise ValidationError({"begins": RESTED_ON % {"day": found.used}})
    if begins < today and not reason.strip():
        raise ValidationError({"reason": _("This day has passed: say why it is entered only now.")})
    row.replaces, row.replaced_until = cut, cut.valid.upper
    cut.valid = DateRange(cut.valid.lower, begins)
    cut.save(update_fields=["valid"])
    return cut


def _tell(actor: Actor, authority: Authority, verb: Verb, **facts: Any) -> None:
    told = {name: str(value) for name, value in facts.items() if value not in (None, "")}
    AuthorityEvent.objects.create(
        authority=authority, verb=verb, by=actor.user, at_authority=actor.authority, facts=told
    )
