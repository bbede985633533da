"""Removing content that no record names: uploads whose step was refused, papers whose transaction was rolled back."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from . import store
from .models import Evidence, Paper


def sweep(older_than: timedelta) -> int:
    """Delete stray content stored longer ago than that; returns how many files.

    Content is written before the row that names it commits, so what is newer may still be waiting for its row.
    """
    removed = 0
    limit = timezone.now() - older_than
    storage = store.storage()
    for sha256 in _stored():
        place = store.path_of(sha256)
        if storage.get_modified_time(place) > limit:
            continue
        if Evidence.objects.filter(sha256=sha256).exists() or Paper.objects.filter(sha256=sha256).exists():
            continue
        storage.delete(place)
        removed += 1
    return removed


def _stored() -> Iterator[str]:
    storage = store.storage()
    if not storage.exists("."):
        return
    for first in storage.listdir(".")[0]:
        for second in storage.listdir(first)[0]:
            yield from (name for name in storage.listdir(f"{first}/{second}")[1] if len(name) == store.HASH_LENGTH)
