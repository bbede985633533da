"""What events keep of a matter's own row and of who has charge of it, so that neither is altered unseen (HY-34, HY-48).

A step tells how it found the row and how it leaves it: what was altered in between, however followed by other steps,
stands between two digests that do not join.
"""

import hashlib
from collections.abc import Iterable

from .chain import row_digest
from .models import Assignment, Dossier

MATTER_TOLD, MATTER_FOUND = "matter_row", "matter_found"
OFFICERS_TOLD, OFFICERS_FOUND = "officers_row", "officers_found"
# Moved by every event and by the seals, which the chain and the seals themselves check.
MOVED_BY_EVENTS = frozenset({"events_count", "head", "sealed_seq"})


def matter_digest(dossier: Dossier) -> str:
    """SHA-256 of every column of a dossier of its own kind, base row and kind's row alike."""
    columns = [field.attname for field in dossier._meta.concrete_fields if field.name not in MOVED_BY_EVENTS]
    return row_digest(dossier, columns)


def matter_told(dossier: Dossier) -> dict[str, str]:
    """What an event keeps of the row as it is stored; `dossier` is of its own kind. One query."""
    return {MATTER_TOLD: matter_digest(type(dossier)._base_manager.get(pk=dossier.pk))}


def officers_digest(assignments: Iterable[Assignment]) -> str:
    """SHA-256 over a dossier's assignments, ended ones too, in the order made."""
    columns = [field.attname for field in Assignment._meta.concrete_fields]
    return hashlib.sha256("\n".join(row_digest(one, columns) for one in assignments).encode()).hexdigest()


def officers_told(dossier: Dossier, name: str = OFFICERS_TOLD) -> dict[str, str]:
    """What an event keeps of who has charge of a dossier, now or as it was found. One query."""
    return {name: officers_digest(Assignment.objects.filter(dossier=dossier.pk).order_by("pk"))}
