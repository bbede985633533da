"""Where a matter goes on outside its own procedure: the app that opens the next matter offers it on the earlier page.

    onward.add({"lead"}, lambda dossier, actor: Onward(_("Register a breach"), url, ("HY-18",)) if … else None)

It stands among the next steps, so that nobody has to know which list to look for and what to type again.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise

from supervision.parties.actors import Actor
from supervision.procedure.models import Dossier


@dataclass(frozen=True)
class Onward:
    """A page on which the next matter is opened, filled beforehand from this one."""

    label: str | Promise
    url: str
    law: tuple[str, ...] = ()


Offer = Callable[[Dossier, Actor], Onward | None]
_offers: list[tuple[frozenset[str], Offer]] = []


def add(kinds: Collection[str], offer: Offer) -> None:
    """Offer something on the pages of these kinds; None for a reader or a matter it is not for."""
    _offers.append((frozenset(kinds), offer))


def of_record(dossier: Dossier, actor: Actor) -> list[Onward]:
    """What this reader may open from this matter now."""
    found = (offer(dossier, actor) for kinds, offer in _offers if dossier.kind in kinds)
    return [each for each in found if each is not None]
