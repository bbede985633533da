"""What the scheduler does to agreements."""

from celery import shared_task

from .designation.services import follow_calendar


@shared_task
def follow_agreements_calendar() -> int:
    """Restore and expire agreements whose day has come; safe to kill and to run twice. Returns how many moved."""
    return follow_calendar()
