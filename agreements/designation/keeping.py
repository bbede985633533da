"""The rows an agreement's steps leave on record, of which their events tell (HY-16, HY-19, HY-20, HY-25).

The settlement that a suspension or a termination stops is kept beside them.
"""

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from supervision.law.values import period
from supervision.parties.actors import Actor
from supervision.parties.models import SettlementHold
from supervision.procedure.declare import Context
from supervision.procedure.models import Dossier
from supervision.procedure.services import record
from supervision.records.rows import Kept, declare, told
from supervision.workdays import Period, Unit, calendar_end

from .. import verbs
from .models import Bar, Supplement, Suspension

Reason = SettlementHold.Reason

declare(
    Kept("supplement", Supplement, at="agreement"),
    Kept("suspension", Suspension, at="agreement"),
    Kept("bar", Bar, at="agreement"),
)


def keep_supplement(agreement: Any, step: str, context: Context) -> list[Model]:
    facts = context.facts
    given = {name: facts[name] for name in ("title", "text", "signed_on")}
    return [Supplement.objects.create(agreement=agreement, **given)]


def keep_suspension(agreement: Any, step: str, context: Context) -> list[Model]:
    """A suspension ordered by a breach case, and the settlement it stops, for whole months by the calendar (HY-19)."""
    facts = context.facts
    first: date = facts["first_day"]
    days = DateRange(first, calendar_end(first, Period(facts["months"], Unit.MONTHS)))
    own = _hold(agreement, Reason.SUSPENSION, days, facts["order"].number)
    held = Suspension.objects.create(agreement=agreement, ordered_by_id=facts["order"].pk, days=days)
    return _changed(agreement, held, *own)


def keep_own_suspension(agreement: Any, step: str, context: Context) -> list[Model]:
    """A suspension the provider asked for; its end is the term of DM-8 unless it is restored before."""
    days = DateRange(context.facts["first_day"], None)
    own = _hold(agreement, Reason.SUSPENSION, days, agreement.number)
    return _changed(agreement, Suspension.objects.create(agreement=agreement, days=days, on_request=True), *own)


def end_suspension(agreement: Any, step: str, context: Context) -> list[Model]:
    """Close the running suspension, if any; one cut short gives its remaining days of settlement back."""
    held = agreement.open_suspension
    if held is None:
        return []
    held.ended_on = context.today
    own: list[Model] = []
    if held.days.upper is None or held.days.upper > context.today:
        if order := context.facts.get("order"):
            held.cut_short_by_id, held.days_before = order.pk, held.days
        held.days = DateRange(held.days.lower, max(context.today, held.days.lower + timedelta(days=1)))
        own = _hold_as(agreement, held, str(agreement.procedure.steps[step].done))
    held.save()
    return _changed(agreement, held, *own)


def keep_termination(agreement: Any, step: str, context: Context) -> list[Model]:
    """No new agreement for the time HY-20 sets, and no settlement, from the day of termination on."""
    ended: date = context.facts["ended_on"]
    length = period("HY-20/bar", scope=agreement.authority.scope, on=ended)
    bar = Bar.objects.create(
        provider_id=agreement.provider_id, agreement=agreement, days=DateRange(ended, calendar_end(ended, length))
    )
    own = _hold(agreement, Reason.TERMINATION, DateRange(ended, None), context.facts["order"].number)
    return [*end_suspension(agreement, step, context), bar, *own]


def resume(agreement: Any, step: str, context: Context) -> list[Model]:
    """The suspension a reversed termination had cut short runs on to its own end, with the settlement it stops."""
    held = agreement.suspension_to_resume(context.facts["order"].pk, context.today)
    held.days, held.ended_on = held.days_before, None
    held.cut_short_by = held.days_before = None
    held.save()
    own = _hold_as(agreement, held, "")
    return _changed(agreement, held, *own)


def undo_suspensions(agreement: Any, step: str, context: Context) -> list[Model]:
    """What the reversed decision suspended stays on record with the reason and counts no longer (HY-25).

    The settlement it stopped is restored by the breach case itself, department and person alike.
    """
    facts = context.facts
    undone = list(agreement.suspensions.filter(ordered_by=facts["order"].pk, reversed_on__isnull=True))
    for held in undone:
        held.reversed_on, held.reversed_because = context.today, facts["reason"]
        held.ended_on = held.ended_on or context.today
        held.save(update_fields=["reversed_on", "reversed_because", "ended_on"])
    return _changed(agreement, *undone)


def _hold(agreement: Any, reason: str, days: DateRange, matter: str) -> list[Model]:
    hold = SettlementHold.objects.create(party_id=agreement.provider_id, reason=reason, days=days, matter=matter)
    return _told_where_ordered(agreement, verbs.SETTLEMENT_HELD, [hold])


def _hold_as(agreement: Any, held: Suspension, because: str) -> list[Model]:
    """The settlement a suspension stops follows its days; `because` where that ends it before its time."""
    matter = held.ordered_by.number if held.ordered_by else agreement.number
    holds = list(
        SettlementHold.objects.filter(
            party=agreement.provider_id, matter=matter, reason=Reason.SUSPENSION, department=None
        )
    )
    for hold in holds:
        hold.days, hold.ended_because = held.days, because
        hold.save(update_fields=["days", "ended_because"])
    return _told_where_ordered(agreement, verbs.SETTLEMENT_RESTORED if because else verbs.SETTLEMENT_HELD, holds)


def _told_where_ordered(agreement: Any, verb: str, holds: list[SettlementHold]) -> list[Model]:
    """Holds another matter ordered are told of there; those of the agreement itself are returned for its own event."""
    for hold in holds:
        if hold.matter != agreement.number:
            order = Dossier.objects.select_related("authority").get(number=hold.matter)
            day = "restored_on" if verb == verbs.SETTLEMENT_RESTORED else "before"
            facts = {"party": hold.party, "from": hold.days.lower, day: hold.days.upper, "kept": told(hold)}
            record(order, verb, Actor.system(order.authority), facts, law=["HY-19"])
    return [hold for hold in holds if hold.matter == agreement.number]


def _changed(agreement: Any, *held: Model) -> list[Model]:
    agreement.__dict__.pop("open_suspension", None)
    return [*held]
