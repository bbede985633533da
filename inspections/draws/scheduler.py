"""What the calendar does: opens due periods and takes every draw as far as law and clock allow.

Business schedules live in ``PlanPeriod``; the beat only ticks. Each phase is one step through the one door,
so a worker killed at any line leaves the draw in the state of its last finished phase, and the next tick
goes on from there.
"""

from collections.abc import Iterator

import structlog
from django.db import transaction
from django.db.models import Q

from inspections.draws import services
from inspections.draws.models import Draw, PlanPeriod, YearPlan
from inspections.draws.procedure import DrawProcedure
from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance

log = structlog.get_logger(__name__)
State = DrawProcedure.State
NEXT = {
    State.PREPARED: "freeze_rolls",
    State.ROLLS_FROZEN: "announce",
    State.ANNOUNCED: "open_contributions",
    State.REVEALED: "draw_lots",
    State.DRAWN: "publish",
}


def due_periods() -> list[int]:
    """Periods of adopted plans whose draw should be open by now."""
    due = PlanPeriod.objects.filter(opened_at=None, opens_at__lte=clock.now(), plan__state=YearPlan.State.ADOPTED)
    return list(due.order_by("opens_at", "pk").values_list("pk", flat=True))


def draws_to_move() -> list[int]:
    """Draws whose next phase may be due; the step itself decides."""
    now, today = clock.now(), clock.today()
    ready = (
        Q(state=State.PREPARED, freeze_at__lte=now)
        | Q(state=State.ROLLS_FROZEN, draw_at__gt=now)
        | Q(state=State.ANNOUNCED, draw_at__lte=now)
        | Q(state=State.REVEALED)
        | Q(state=State.DRAWN, publish_on__lte=today)
        | Q(state__in=[State.DRAWN, State.PUBLISHED], tasks_opened=False)
    )
    return list(Draw.objects.filter(ready).order_by("draw_at", "pk").values_list("pk", flat=True))


def take_forward(draw_id: int) -> list[str]:
    """Take every phase that is due, one transaction each; returns the steps taken.

    A draw that somebody is moving right now is left to them.
    """
    taken = []
    for step in _phases(draw_id):
        draw = Draw.objects.select_related("authority", "plan").get(pk=draw_id)
        try:
            with transaction.atomic():
                if not _claim(draw_id):
                    break
                advance(draw, step, Actor.system(draw.authority))
        except StepRefused as refusal:
            log.info("draw_waits", draw=draw.number, step=step, reasons=[r.name for r in refusal.reasons])
            break
        taken.append(step)
        log.info("draw_moved", draw=draw.number, step=step)
    draw = Draw.objects.select_related("authority", "plan").get(pk=draw_id)
    if draw.state in (State.DRAWN, State.PUBLISHED) and not draw.tasks_opened:
        services.open_tasks(draw)
    return taken


def close_plans() -> int:
    """End adopted plans whose year is over; returns how many."""
    over = YearPlan.objects.filter(state=YearPlan.State.ADOPTED, year__lt=clock.today().year).select_related(
        "authority"
    )
    for plan in over:
        advance(plan, "expire", Actor.system(plan.authority))
    return len(over)


def _phases(draw_id: int) -> Iterator[str]:
    """The step of the state the draw is in, again after each that was taken."""
    while True:
        state = Draw.objects.values_list("state", flat=True).get(pk=draw_id)
        if state not in NEXT:
            return
        yield NEXT[State(state)]


def _claim(draw_id: int) -> bool:
    """Whether nobody else moves the draw; the lock is gone with the transaction, or with the process that
    held it.
    """
    return Dossier.objects.select_for_update(skip_locked=True).filter(pk=draw_id).only("pk").first() is not None
