"""Whose claims an authority may write and screen: told by the institution that settled them (HY-5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Jurisdiction:
    """Codes of the registered institutions ``own`` to an authority and of all ``others``.

    An institution in no register is the city's to look at (``strangers``). For a county it counts as another's: nobody
    can say that it is the county's.
    """

    own: frozenset[str]
    others: frozenset[str]
    strangers: bool

    def holds(self, code: str) -> bool:
        """Whether the institution with this code is within."""
        return code in self.own or (self.strangers and code not in self.others)
