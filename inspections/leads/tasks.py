"""What the worker does for leads."""

from celery import shared_task

from . import services


@shared_task
def carry_on() -> int:
    """Daily: move every lead fit for filing that would be stuck (PP-14); returns how many moved."""
    return services.carry_on()
