"""One box finds everything: apps add what they hold, each within the reader's jurisdiction.

search.register(_("Cases"), find_cases)      # find_cases(actor, text, limit) -> list[Hit]
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.actors import (
    Actor,
    authorities_within,
    may_see_business,
    practitioners_visible_to,
    providers_visible_to,
)
from supervision.parties.crypto import blind_index
from supervision.parties.models import User
from supervision.parties.roles import OFFICERS
from supervision.procedure import clock
from supervision.procedure.selectors import visible_to

from .parties_links import party_url

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
    rows = practitioners_visible_to(actor).filter(named(text) | Q(licence_index=blind_index(text)))
    return [
        Hit(row.name, party_url(row), f"{row.code} · {row.get_profession_display()}")
        for row in rows.order_by("sort_key", "pk")[:limit]
    ]


def find_dossiers(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Matters by number or title."""
    rows = visible_to(actor).filter(Q(number__icontains=text) | Q(title__icontains=text)).select_related("subject")
    return [
        Hit(
            f"{row.number} {row.title}",
            reverse("web:dossier", args=[row.pk]),
            " · ".join(filter(None, (str(row.subject or ""), row.state_label))),
        )
        for row in rows.order_by("-opened_at", "-pk")[:limit]
    ]


def find_officers(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Officers of the jurisdiction by name, staff number or certificate; they lead to the matters in their charge."""
    if actor.authority is None or not may_see_business(actor):
        return []
    places = authorities_within(actor.authority, clock.today()).values("pk")
    matching = Q(name__icontains=text) | Q(username__iexact=text) | Q(certificates__number__icontains=text)
    here = Q(is_machine=False, posts__authority__in=places, posts__role__in=OFFICERS)
    people = User.objects.filter(matching & here).distinct()
    return [
        Hit(
            person.name,
            f"{reverse('web:dossiers')}?officer={person.pk}",
            " · ".join(certificate.number for certificate in person.certificates.all()),
        )
        for person in people.prefetch_related("certificates").order_by("name", "pk")[:limit]
    ]


def named(text: str) -> Q:
    """A party's name or code contains the text, or its pinyin sort key begins with it."""
    return Q(name__icontains=text) | Q(code__istartswith=text) | Q(sort_key__icontains=text.lower())


register(_("Matters"), find_dossiers)
register(_("Providers"), find_providers)
register(_("Physicians and pharmacists"), find_practitioners)
register(pgettext_lazy("search", "Officers"), find_officers)
