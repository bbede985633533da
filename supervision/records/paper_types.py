"""The types of paper that can be issued: each app declares its own in its `papers` module, loaded at start-up.

register(PaperType("breach_notice", _("Breach notice"), word="违告",
                   template="agreements/papers/breach_notice.typ", context=breach_notice))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from supervision.procedure.declare import Context

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class PaperType:
    """One type of paper.

    - `word`: follows the authority's word in its numbers; shared with no kind of dossier.
    - `template`: typst file, its path from the project's root.
    - `context`: `(dossier, context) → facts` the template reads; dates, decimals and objects become plain text.
    """

    code: str
    title: str | Promise
    word: str
    template: str
    context: Callable[[Any, Context], Facts]
    law: tuple[str, ...] = field(default=())

    @property
    def path(self) -> Path:
        return Path(settings.BASE_DIR) / self.template


class UnknownPaperType(LookupError):
    """No app has registered a paper of this type."""


_types: dict[str, PaperType] = {}


def register(paper_type: PaperType) -> PaperType:
    """Make a type of paper known; raises ValueError when another has its code."""
    if _types.setdefault(paper_type.code, paper_type) != paper_type:
        raise ValueError(f"two types of paper named {paper_type.code}")
    return paper_type


def knows(code: str) -> bool:
    """Whether such a type was registered."""
    return code in _types


def paper_type(code: str) -> PaperType:
    """The type of that code; raises `UnknownPaperType`."""
    try:
        return _types[code]
    except KeyError:
        raise UnknownPaperType(code) from None


def all_types() -> list[PaperType]:
    """Every registered type, in the order of registration."""
    return list(_types.values())


def label(code: str) -> str:
    """What a type is called in the reader's language; of a type no longer registered, its code."""
    return str(_types[code].title) if code in _types else code


__all__ = ["PaperType", "UnknownPaperType", "all_types", "knows", "label", "paper_type", "register"]
