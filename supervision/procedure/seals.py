"""Seals: every few minutes a Merkle root over the moved heads, chained to the seal before; it fixes the whole."""

import hashlib
from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from . import clock
from .models import Dossier, Event, Seal, SealLeaf

SEAL_LOCK = 735_2021  # an advisory lock of this database, so that seals follow one another


def merkle_root(leaves: Sequence[str]) -> str:
    """Root of hex SHA-256 leaves: pairs hashed as text left + right; an odd last one is carried up unchanged."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [hashlib.sha256((level[i] + level[i + 1]).encode()).hexdigest() for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def seal_hash(previous: str, number: int, root: str) -> str:
    """Hash by which one seal fixes the one before."""
    return hashlib.sha256(f"{previous}\n{number}\n{root}".encode()).hexdigest()


def leaf(dossier: int, seq: int, head: str) -> str:
    """What a dossier's head contributes to the tree."""
    return hashlib.sha256(f"{dossier}\n{seq}\n{head}".encode()).hexdigest()


@transaction.atomic
def seal() -> Seal | None:
    """Seal the heads of every dossier that moved since its last seal; None when none did.

    A head fixes all events before it, so one leaf per moved dossier is enough. A change that commits while this runs
    is simply taken by the next seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    moved = list(
        Dossier.objects.filter(events_count__gt=F("sealed_seq"))
        .order_by("pk")
        .values_list("pk", "events_count", "head")
    )
    if not moved:
        return None
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    root = merkle_root([leaf(*head) for head in moved])
    made = Seal.objects.create(
        number=number,
        leaves=len(moved),
        root=root,
        previous=previous,
        hash=seal_hash(previous, number, root),
        at=clock.now(),
    )
    SealLeaf.objects.bulk_create(
        (
            SealLeaf(seal=made, place=place, dossier_id=pk, seq=seq, head=head)
            for place, (pk, seq, head) in enumerate(moved)
        ),
        batch_size=5000,
    )
    Dossier.objects.filter(pk__in=[pk for pk, _, _ in moved]).update(
        sealed_seq=Subquery(SealLeaf.objects.filter(seal=made, dossier=OuterRef("pk")).values("seq"))
    )
    return made


def faults() -> Iterator[str]:
    """Every seal that does not hold: broken chain, wrong root, or an event that is not what was sealed."""
    previous = ""
    for number, one in enumerate(Seal.objects.order_by("number"), start=1):
        leaves = list(one.sealed.order_by("place").values_list("dossier", "seq", "head"))
        if one.number != number or one.previous != previous:
            yield f"seal {one.number}: does not follow the seal before it"
        if len(leaves) != one.leaves or not leaves or merkle_root([leaf(*head) for head in leaves]) != one.root:
            yield f"seal {one.number}: leaves do not give its root"
        if seal_hash(one.previous, one.number, one.root) != one.hash:
            yield f"seal {one.number}: altered"
        previous = one.hash
    newest = SealLeaf.objects.filter(dossier=OuterRef("pk")).order_by("-seal__number").values("seq")[:1]
    for sealed in Dossier.objects.exclude(sealed_seq=Coalesce(Subquery(newest), 0)).order_by("pk"):
        yield f"seals of dossier {sealed.pk}: the one that took its event {sealed.sealed_seq} is not there"
    unlike = SealLeaf.objects.exclude(
        Exists(Event.objects.filter(dossier=OuterRef("dossier"), seq=OuterRef("seq"), hash=OuterRef("head")))
    )
    for lost in unlike.select_related("seal").iterator():
        yield f"seal {lost.seal.number}: event {lost.seq} of dossier {lost.dossier_id} is not what was sealed"
