"""The desk: tiles and blocks that apps add, around what waits for a person.

desk.add_tile(lambda actor: Tile(_("Recovered this year"), yuan_short(sum_), note, url) if … else None)
desk.add_block(Block("alerts", _("This morning's alerts"), "monitoring/_desk.html", alerts_of))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from supervision.parties.actors import Actor

from .record_blocks import Block, Shown

Text = str | Promise


@dataclass(frozen=True)
class Tile:
    """One number of the desk; `value` may be HTML made safe, `tone` one of '', 'ok', 'warn', 'bad'.

    A number in `note` that is another one than the tile's leads by `note_url` to the list of exactly those.
    """

    label: Text
    value: Any
    note: Any = ""
    url: str = ""
    tone: str = ""
    note_url: str = ""


_tiles: list[tuple[int, Callable[[Actor], Tile | None]]] = []
_blocks: dict[str, Block] = {}


def add_tile(tile: Callable[[Actor], Tile | None], order: int = 50) -> None:
    """Add a tile; None for readers it is not for."""
    _tiles.append((order, tile))


def add_block(block: Block) -> None:
    """Add a block to the right of the desk; its context is asked as `context(None, actor)`."""
    _blocks[block.name] = block


def tiles_for(actor: Actor) -> list[Tile]:
    """The tiles of this reader in order."""
    found = (tile(actor) for _order, tile in sorted(_tiles, key=lambda pair: pair[0]))
    return [tile for tile in found if tile is not None]


def blocks_for(actor: Actor) -> list[Shown]:
    """The blocks of this reader in order."""
    asked = ((block, block.context(None, actor)) for block in sorted(_blocks.values(), key=lambda block: block.order))
    return [Shown(block, context) for block, context in asked if context is not None]
