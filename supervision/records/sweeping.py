"""Removing content that no record names: uploads whose step was refused, papers whose transaction was rolled back."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from . import store
from .models import Evidence, Paper
from .storage import UNFINISHED

BATCH = 500
CONTENT = re.compile(r"[0-9a-f]{64}")
logger = structlog.get_logger(__name__)

# A file may be named by an event alone, such as a letter that came with a step.
TOLD = """
    SELECT DISTINCT told #>> '{}' FROM procedure_event, jsonb_path_query(facts, 'lax $.**.sha256') AS told
    WHERE told #>> '{}' = ANY(%s)
"""


def sweep(older_than: timedelta | None = None) -> int:
    """Delete stray content stored longer ago than that, by default `EVIDENCE_STRAY_HOURS`; returns how many files.

    Content is written before the row that names it commits, so what is newer may still be waiting for its row. Safe
    to kill, to run twice and to run beside uploads.
    """
    limit = timezone.now() - (timedelta(hours=settings.EVIDENCE_STRAY_HOURS) if older_than is None else older_than)
    removed = _unfinished(limit)
    for batch in _batches(limit):
        for sha256 in sorted(batch - named(batch)):
            if store.remove_stray(sha256, limit):
                logger.info("stray content removed", sha256=sha256)
                removed += 1
    return removed


def named(contents: set[str]) -> set[str]:
    """Those of these SHA-256 that evidence, a paper or an event names."""
    wanted = list(contents)
    found: set[str] = set()
    for model in (Evidence, Paper):
        found.update(model.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    if rest := contents - found:
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [list(rest)])
            found.update(sha256 for (sha256,) in cursor.fetchall())
    return found


def _batches(limit: datetime) -> Iterator[set[str]]:
    batch: set[str] = set()
    for name, moment in store.storage().contents():
        sha256 = name.rpartition("/")[2]
        if moment <= limit and CONTENT.fullmatch(sha256) and name == store.path_of(sha256):
            batch.add(sha256)
        if len(batch) == BATCH:
            yield batch
            batch = set()
    if batch:
        yield batch


def _unfinished(limit: datetime) -> int:
    """Drop what a killed upload left half written; returns how many."""
    storage = store.storage()
    left = [
        name
        for name, moment in storage.contents()
        if moment <= limit and name.rpartition("/")[2].startswith(UNFINISHED)
    ]
    for name in left:
        storage.delete(name)
        logger.info("unfinished file removed", name=name)
    return len(left)
