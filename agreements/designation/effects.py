"""What follows from the steps of an agreement: its force, its suspensions with the settlement they stop, the bar."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from supervision.law.values import period
from supervision.parties.models import SettlementHold
from supervision.procedure.declare import Context
from supervision.procedure.models import Event
from supervision.procedure.services import advance
from supervision.records.effects import open_to_party
from supervision.workdays import Period, Unit, calendar_end

from .models import Bar, Supplement, Suspension
from .services import lift_bar

Reason = SettlementHold.Reason


def bring_into_force(agreement: Any, event: Event, context: Context) -> None:
    """From the later of signature and first day on, to the last day, the agreement binds."""
    first = max(agreement.first_day, agreement.signed_on)
    agreement.in_force = DateRange(first, agreement.last_day + timedelta(days=1))
    agreement.save(update_fields=["in_force"])


def keep_supplement(agreement: Any, event: Event, context: Context) -> None:
    facts = context.facts
    Supplement.objects.create(
        agreement=agreement, title=facts["title"], text=facts["text"], signed_on=facts["signed_on"]
    )


def keep_suspension(agreement: Any, event: Event, context: Context) -> None:
    """A suspension ordered by a breach case, and the settlement it stops, for whole months by the calendar (HY-19)."""
    facts = context.facts
    first: date = facts["first_day"]
    days = DateRange(first, calendar_end(first, Period(facts["months"], Unit.MONTHS)))
    Suspension.objects.create(agreement=agreement, ordered_by_id=facts["order"].pk, days=days)
    _hold(agreement, Reason.SUSPENSION, days, facts["order"].number)
    _forget(agreement)


def keep_own_suspension(agreement: Any, event: Event, context: Context) -> None:
    """A suspension the provider asked for; its end is the term of DM-8 unless it is restored before."""
    days = DateRange(context.facts["first_day"], None)
    Suspension.objects.create(agreement=agreement, days=days, on_request=True)
    _hold(agreement, Reason.SUSPENSION, days, agreement.number)
    _forget(agreement)


def end_suspension(agreement: Any, event: Event, context: Context) -> None:
    """Close the running suspension; one cut short gives its remaining days of settlement back."""
    held = agreement.open_suspension
    if held is None:
        return
    held.ended_on = context.today
    if held.days.upper is None or held.days.upper > context.today:
        if order := context.facts.get("order"):
            held.cut_short_by_id, held.days_before = order.pk, held.days
        held.days = DateRange(held.days.lower, max(context.today, held.days.lower + timedelta(days=1)))
        _hold_as(agreement, held, str(event.label))
    held.save()
    _forget(agreement)


def resume(agreement: Any, event: Event, context: Context) -> None:
    """The suspension a reversed termination had cut short runs on to its own end, with the settlement it stops."""
    held = agreement.suspension_to_resume(context.facts["order"].pk, context.today)
    held.days, held.ended_on = held.days_before, None
    held.cut_short_by = held.days_before = None
    held.save()
    _hold_as(agreement, held, "")
    _forget(agreement)


def _hold_as(agreement: Any, held: Suspension, because: str) -> None:
    """The settlement a suspension stops follows its days; `because` where that ends it before its time."""
    matter = held.ordered_by.number if held.ordered_by else agreement.number
    SettlementHold.objects.filter(
        party=agreement.provider_id, matter=matter, reason=Reason.SUSPENSION, department=None
    ).update(days=held.days, ended_because=because)


def end_force(agreement: Any, event: Event, context: Context) -> None:
    """The agreement binds no longer from the day it ended."""
    last: date = context.facts.get("ended_on") or context.today
    if agreement.in_force is not None and last < agreement.in_force.upper:
        agreement.in_force = DateRange(agreement.in_force.lower, max(last, agreement.in_force.lower))
        agreement.save(update_fields=["in_force"])


def bar_provider(agreement: Any, event: Event, context: Context) -> None:
    """No new agreement for the time HY-20 sets, and no settlement, from the day of termination on."""
    ended: date = context.facts["ended_on"]
    length = period("HY-20/bar", scope=agreement.authority.scope, on=ended)
    Bar.objects.create(
        provider_id=agreement.provider_id, agreement=agreement, days=DateRange(ended, calendar_end(ended, length))
    )
    _hold(agreement, Reason.TERMINATION, DateRange(ended, None), context.facts["order"].number)


def undo_order(agreement: Any, event: Event, context: Context) -> None:
    """What the reversed decision ordered binds no longer; suspension and bar stay on record with the reason (HY-25).

    The settlement it stopped is restored by the breach case itself, department and person alike.
    """
    facts = context.facts
    for held in agreement.suspensions.filter(ordered_by=facts["order"].pk, reversed_on__isnull=True):
        held.reversed_on, held.reversed_because = context.today, facts["reason"]
        held.ended_on = held.ended_on or context.today
        held.save(update_fields=["reversed_on", "reversed_because", "ended_on"])
    if event.verb == "reinstate":
        for bar in agreement.own_bars.filter(lifted_on__isnull=True):
            lift_bar(bar, context.actor, reason=facts["reason"])
        agreement.in_force = DateRange(agreement.in_force.lower, agreement.last_day + timedelta(days=1))
        agreement.save(update_fields=["in_force"])
    _forget(agreement)
    if cut := agreement.suspension_to_resume(facts["order"].pk, context.today):
        step = "resume_own_suspension" if cut.on_request else "resume_suspension"
        said = {"order": facts["order"].pk, "reason": facts["reason"], "first_day": cut.days.lower}
        advance(agreement, step, context.actor, **said)


def _hold(agreement: Any, reason: str, days: DateRange, matter: str) -> None:
    SettlementHold.objects.create(party_id=agreement.provider_id, reason=reason, days=days, matter=matter)


def _forget(agreement: Any) -> None:
    agreement.__dict__.pop("open_suspension", None)


__all__ = [
    "bar_provider",
    "bring_into_force",
    "end_force",
    "end_suspension",
    "keep_own_suspension",
    "keep_supplement",
    "keep_suspension",
    "open_to_party",
    "resume",
    "undo_order",
]
