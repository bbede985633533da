"""What the scheduler does to credit."""

from celery import shared_task

from .services import evaluate_changed


@shared_task
def evaluate_parties() -> int:
    """Evaluate every party whose events changed since its last evaluation; safe to kill and to run twice."""
    return evaluate_changed()
