"""A small table of the database kept in every process, so that reading it costs nothing.

What is kept is only ever committed data. A transaction that changes the table sees its own change and nobody
else does; when it commits, this process forgets at once and the others within ``CHECK_SECONDS`` (a generation
number in the shared cache tells them); when it rolls back, its view is dropped with it.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from django.core.cache import cache
from django.db import connection, transaction

T = TypeVar("T")
CHECK_SECONDS = 2.0
log = structlog.get_logger(__name__)


class Kept(Generic[T]):
    """``kept()`` gives the table; call ``kept.changed()`` after every write, in the same transaction."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self._name = name
        self._load = load
        self._lock = threading.Lock()
        self._kept: tuple[str, T] | None = None
        self._epoch = 0
        self._generation: object = None
        self._checked = 0.0
        self._views = threading.local()

    def __call__(self) -> T:
        if writes := self._uncommitted_writes():
            return self._own_view(writes)
        self._look_for_changes_elsewhere()
        database, epoch, kept = connection.settings_dict["NAME"], self._epoch, self._kept
        if kept is None or kept[0] != database:
            kept = (database, self._load())
            with self._lock:
                if epoch == self._epoch:  # else it changed while we were reading: good for this call only
                    self._kept = kept
        return kept[1]

    def changed(self) -> None:
        """Say that the table has just been written in the current transaction."""
        self._views.view = None
        transaction.on_commit(self._forget_everywhere)

    def _uncommitted_writes(self) -> int:
        # Django drops the callbacks of a rolled-back transaction or savepoint: those still queued are open
        # writes.
        queue = connection.run_on_commit
        return sum(entry[1] == self._forget_everywhere for entry in queue) if queue else 0

    def _own_view(self, writes: int) -> T:
        view: tuple[int, T] | None = getattr(self._views, "view", None)
        if view is None or view[0] != writes:
            view = self._views.view = (writes, self._load())
        return view[1]

    def _key(self) -> str:
        return f"kept:{connection.settings_dict['NAME']}:{self._name}"

    def _forget(self, generation: object) -> None:
        with self._lock:
            self._generation = generation
            self._epoch += 1
            self._kept = None

    def _forget_everywhere(self) -> None:
        self._views.view = None
        generation = time.time_ns()
        self._forget(generation)
        try:
            cache.set(self._key(), generation, timeout=None)
        except Exception:  # the shared cache is a courtesy to other processes; the change itself is committed
            log.exception("kept_table_not_announced", table=self._name)

    def _look_for_changes_elsewhere(self) -> None:
        now = time.monotonic()
        if self._checked and now - self._checked < CHECK_SECONDS:
            return
        self._checked = now
        try:
            generation = cache.get(self._key())
        except Exception:  # without the shared cache the last known table is still the law
            log.exception("kept_table_not_checked", table=self._name)
            return
        if generation != self._generation:
            self._forget(generation)
