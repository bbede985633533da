"""Every task of inspections, by subject; Celery looks for them here."""

from inspections.draws.tasks import open_period, take_forward, tick
from inspections.leads.tasks import carry_on

__all__ = ["carry_on", "open_period", "take_forward", "tick"]
