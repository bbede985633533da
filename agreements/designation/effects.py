"""What follows from the steps of an agreement: its force, and the end of a bar whose termination was reversed."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from supervision.procedure.declare import Context, settles
from supervision.procedure.models import Event
from supervision.procedure.services import advance
from supervision.records.effects import open_to_party

from .services import lift_bar


@settles
def bring_into_force(agreement: Any, context: Context) -> None:
    """From the later of signature and first day on, to the last day, the agreement binds."""
    first = max(agreement.first_day, agreement.signed_on)
    agreement.in_force = DateRange(first, agreement.last_day + timedelta(days=1))
    agreement.save(update_fields=["in_force"])


@settles
def end_force(agreement: Any, context: Context) -> None:
    """The agreement binds no longer from the day it ended."""
    last: date = context.facts.get("ended_on") or context.today
    if agreement.in_force is not None and last < agreement.in_force.upper:
        agreement.in_force = DateRange(agreement.in_force.lower, max(last, agreement.in_force.lower))
        agreement.save(update_fields=["in_force"])


def lift_own_bars(agreement: Any, event: Event, context: Context) -> None:
    """The bar of a reversed termination is lifted with the reason (HY-25)."""
    for bar in agreement.own_bars.filter(lifted_on__isnull=True):
        lift_bar(bar, context.actor, reason=context.facts["reason"])


@settles
def bind_again(agreement: Any, context: Context) -> None:
    """The agreement whose termination was reversed binds again, to its last day (HY-25)."""
    agreement.in_force = DateRange(agreement.in_force.lower, agreement.last_day + timedelta(days=1))
    agreement.save(update_fields=["in_force"])


def resume_what_was_cut_short(agreement: Any, event: Event, context: Context) -> None:
    """A suspension that the reversed termination had cut short runs on, for the time it had left (HY-25)."""
    facts = context.facts
    if cut := agreement.suspension_to_resume(facts["order"].pk, context.today):
        step = "resume_own_suspension" if cut.on_request else "resume_suspension"
        said = {"order": facts["order"].pk, "reason": facts["reason"], "first_day": cut.days.lower}
        advance(agreement, step, context.actor, **said)


__all__ = [
    "bind_again",
    "bring_into_force",
    "end_force",
    "lift_own_bars",
    "open_to_party",
    "resume_what_was_cut_short",
]
