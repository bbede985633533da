"""What the scheduler does to dossiers: ends terms whose last day is over, and seals the events."""

from celery import shared_task

from . import lapses, seals


@shared_task
def sweep_terms() -> int:
    """Lapse or mark overdue every running term whose last day has passed; safe to kill and to run twice."""
    return lapses.sweep()


@shared_task
def seal_events() -> int | None:
    """Take the events since the last seal into a new one; returns its number, None when nothing is new."""
    made = seals.seal()
    return made.number if made else None
