"""Blocks of record pages and institution files: each app adds what it knows, the page asks all of them.

    add_block(Block("money", _("Money"), "funds/_record.html", money_of, kinds={"breach", "case"}))

A block's `context(dossier_or_party, actor)` gives its template's context, or None when there is nothing to show.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.procedure.models import Dossier

Text = str | Promise


@dataclass(frozen=True)
class Block:
    """A block of a page.

    - `kinds`: dossier kinds (or party kinds) it is for; None for all.
    - `aside`: in the narrow column. `order`: smaller is higher.
    - `for_party`: also shown to the party concerned when it looks at its own matter.
    """

    name: str
    title: Text
    template: str
    context: Callable[[Any, Actor], Mapping[str, Any] | None]
    kinds: Collection[str] | None = None
    aside: bool = False
    order: int = 50
    for_party: bool = False


@dataclass(frozen=True)
class Shown:
    """A block with its context, ready for the page."""

    block: Block
    context: Mapping[str, Any]


_of_records: dict[str, Block] = {}
_of_files: dict[str, Block] = {}


def add_block(block: Block) -> None:
    """Add a block to record pages; the same name again replaces it."""
    _of_records[block.name] = block


def add_file_block(block: Block) -> None:
    """Add a block to institution files; its context is asked with the party."""
    _of_files[block.name] = block


def of_record(dossier: Dossier, actor: Actor, own: Collection[Block] = ()) -> list[Shown]:
    """The blocks of this dossier's page for this reader; `own` are the kind's."""
    return _shown([*own, *_of_records.values()], dossier.kind, dossier, actor)


def of_file(party: Party, actor: Actor) -> list[Shown]:
    """The blocks of this party's file for this reader."""
    return _shown(list(_of_files.values()), party.kind, party, actor)


def _shown(blocks: list[Block], kind: str, thing: Any, actor: Actor) -> list[Shown]:
    found = []
    for block in sorted(blocks, key=lambda each: each.order):
        if block.kinds is not None and kind not in block.kinds:
            continue
        if actor.provider is not None and not block.for_party:
            continue
        context = block.context(thing, actor)
        if context is not None:
            found.append(Shown(block, context))
    return found
