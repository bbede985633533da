"""Every task of inspections, by subject; Celery looks for them here."""

from inspections.draws.tasks import open_period, take_forward, tick

__all__ = ["open_period", "take_forward", "tick"]
