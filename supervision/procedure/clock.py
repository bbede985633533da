"""The clock every procedure reads, so that a past can be replayed through the real steps when records are loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_stopped_at: ContextVar[datetime | None] = ContextVar("procedure_clock", default=None)


def now() -> datetime:
    """The moment at which a step is taken; aware."""
    return _stopped_at.get() or timezone.now()


def today() -> date:
    """The day, in the authority's time zone, on which a step is taken."""
    return timezone.localdate(now())


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Take steps as of an earlier moment, for loading history.

    The database still stamps `Event.recorded_at` with the true time, so replayed history can always be told from
    what was recorded as it happened. Raises ValueError for a moment in the future.
    """
    if moment > timezone.now():
        raise ValueError("the clock cannot be set to the future")
    token = _stopped_at.set(moment)
    try:
        yield
    finally:
        _stopped_at.reset(token)
