"""What the scheduler does to the store."""

from celery import shared_task

from . import sweeping


@shared_task
def sweep_stray() -> int:
    """Remove content that no record has come to name; safe to kill and to run twice. Returns how many files."""
    return sweeping.sweep()
