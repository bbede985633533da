"""What the worker does for draws: each task takes an id, is idempotent and may be killed at any line."""

from celery import shared_task

from inspections.draws import scheduler, services


@shared_task
def tick() -> int:
    """Every minute: hand each due period and each draw with a due phase to a worker; returns how many."""
    scheduler.close_plans()
    periods, draws = scheduler.due_periods(), scheduler.draws_to_move()
    for period in periods:
        open_period.delay(period)
    for draw in draws:
        take_forward.delay(draw)
    return len(periods) + len(draws)


@shared_task
def open_period(period_id: int) -> int | None:
    """Open the draw of a period unless somebody has; returns the draw's id."""
    draw = services.open_period(period_id)
    return draw.pk if draw else None


@shared_task
def take_forward(draw_id: int) -> list[str]:
    """Take a draw through every phase that is due; returns the steps taken."""
    return scheduler.take_forward(draw_id)
