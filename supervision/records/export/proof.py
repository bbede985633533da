"""What binds a dossier to the published seals: per seal its leaf, the way up the tree, and the seal's own hash."""

from typing import Any

from supervision.procedure.models import Dossier, SealLeaf
from supervision.procedure.seals import leaf, merkle_root


def way_up(leaves: list[str], place: int) -> list[list[str]]:
    """The neighbours from a leaf to the root: ['left' | 'right', hash], nothing where an odd last is carried up."""
    way: list[list[str]] = []
    level = leaves
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            way.append(["left" if neighbour < place else "right", level[neighbour]])
        level = [merkle_root(level[i : i + 2]) for i in range(0, len(level), 2)]
        place //= 2
    return way


def seal_proofs(dossier: Dossier) -> list[dict[str, Any]]:
    """Every seal that took in this dossier, oldest first, with the proof that it did."""
    proofs = []
    for own in SealLeaf.objects.filter(dossier=dossier.pk).select_related("seal").order_by("seal__number"):
        seal = own.seal
        heads = SealLeaf.objects.filter(seal=seal).order_by("place").values_list("dossier", "seq", "head")
        leaves = [leaf(*head) for head in heads]
        proofs.append(
            {
                "seal": seal.number,
                "at": seal.at.isoformat(),
                "seq": own.seq,
                "head": own.head,
                "way": way_up(leaves, own.place),
                "root": seal.root,
                "previous": seal.previous,
                "hash": seal.hash,
            }
        )
    return proofs
