"""Owning a piece of background work: claim it once, show signs of life, finish it only while still its owner."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from monitoring import conf
from monitoring.models.work import Work, WorkState

PULSE_SECONDS = 10


class LostClaim(Exception):
    """Another worker took the work over; whatever was being done is given up."""


def open_to_claim() -> Q:
    """Work nobody does: queued, or running without a sign of life for too long."""
    stale = timezone.now() - timedelta(seconds=conf.stale_seconds())
    return Q(state=WorkState.QUEUED) | Q(state=WorkState.RUNNING, heartbeat__lt=stale)


def claim(rows: QuerySet[Any], pk: int) -> uuid.UUID | None:
    """Take the work by conditional update; None when someone else has it or it is over."""
    token, now = uuid.uuid4(), timezone.now()
    taken = rows.filter(open_to_claim(), pk=pk).update(
        state=WorkState.RUNNING, claim=token, heartbeat=now, started_at=now, finished_at=None
    )
    return token if taken else None


def update_owned(model: type[Work], pk: int, token: uuid.UUID, **fields: Any) -> None:
    """Change the work, and show life, only as its owner. Raises :class:`LostClaim`."""
    changed = model._default_manager.filter(pk=pk, claim=token, state=WorkState.RUNNING).update(
        heartbeat=timezone.now(), **fields
    )
    if not changed:
        raise LostClaim


@contextmanager
def pulse(model: type[Work], pk: int, token: uuid.UUID) -> Iterator[None]:
    """Show life every few seconds from a thread while one long statement runs; it dies with the process."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(PULSE_SECONDS):
                model._default_manager.filter(pk=pk, claim=token).update(heartbeat=timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
