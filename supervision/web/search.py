"""One box finds everything: apps add what they hold, each within the reader's jurisdiction.

search.register(_("Cases"), find_cases)      # find_cases(actor, text, limit) -> list[Hit]
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor, providers_visible_to

from .parties_links import party_url
from .party_selectors import practitioners_visible_to

LIMIT = 6
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, where it is, and a line that tells it from its like."""

    title: str
    url: str
    note: str = ""


Find = Callable[[Actor, str, int], list[Hit]]
_sources: dict[str, tuple[str | Promise, Find]] = {}


def register(label: str | Promise, find: Find) -> None:
    """Add a source of hits under this heading; sources are asked in the order they were added."""
    _sources[f"{find.__module__}.{find.__qualname__}"] = (label, find)


def search(actor: Actor, text: str, limit: int = LIMIT) -> list[tuple[str, list[Hit]]]:
    """What is found, by heading; nothing for less than two signs."""
    wanted = " ".join(text.split())
    if len(wanted) < SHORTEST:
        return []
    found = ((str(label), find(actor, wanted, limit)) for label, find in _sources.values())
    return [(label, hits) for label, hits in found if hits]


def find_providers(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Providers by name, code, credit code, or the first letters of the pinyin."""
    rows = providers_visible_to(actor).filter(named(text) | Q(uscc__iexact=text)).select_related("region")
    return [
        Hit(row.name, party_url(row), f"{row.code} · {row.region} · {row.get_sort_display()}")
        for row in rows.order_by("sort_key", "pk")[:limit]
    ]


def find_practitioners(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Physicians and pharmacists of the providers the reader may see, by name, code or licence."""
    rows = practitioners_visible_to(actor).filter(named(text) | Q(licence__iexact=text))
    return [
        Hit(row.name, party_url(row), f"{row.code} · {row.get_profession_display()}")
        for row in rows.order_by("sort_key", "pk")[:limit]
    ]


def named(text: str) -> Q:
    """A party's name or code contains the text, or its pinyin sort key begins with it."""
    return Q(name__icontains=text) | Q(code__istartswith=text) | Q(sort_key__icontains=text.lower())


register(_("Providers"), find_providers)
register(_("Physicians and pharmacists"), find_practitioners)
