"""The other matters a whole file takes along: those its own arose from, as the rooms above declare their kinds (PP-57).

Whoever has the file alone follows the matter from what first pointed at it: each of them comes with its papers, its
chain of events and its seals. What would tell who gave a tip stays out (HY-45): such a matter is there with its chain,
its facts and papers are not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from supervision.parties.actors import Actor
from supervision.procedure.models import Dossier
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import visible_to
from supervision.procedure.terms import TERMS_TOLD

from ..models import Evidence
from ..selectors import evidence_of


@dataclass(frozen=True)
class Source:
    """A kind of matter that others arise from.

    - `beside`: it goes along also where it arose from one of those behind and is about the same party, as the
      inspection does that a lead asked for.
    - `withheld`: why neither its facts nor its papers may leave; '' where they may.
    - `rests_on`: kinds of its evidence that go along though no row cites them, as a record's signatures do.
    """

    kind: str
    beside: bool = False
    withheld: Callable[[Any], str | Promise] = lambda dossier: ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enclosure:
    """A file made for the reader of the whole file, such as the lines that prove an alert."""

    name: str
    title: str
    issuer: str
    at: datetime
    content: bytes


SOURCES: dict[str, Source] = {}
ENCLOSING: list[Callable[[Dossier], Iterable[Enclosure]]] = []

# Facts no sentence is typed into: an event that tells of nothing else is told also of a matter that is withheld.
BARE = frozenset({"officer", "officers", "duty", "due", "paper", "result", "cited_by", "papers", "custody", TERMS_TOLD})


def add_source(source: Source) -> None:
    """Have files take along matters of this kind; apps above declare theirs at start-up."""
    SOURCES[source.kind] = source


def add_enclosures(make: Callable[[Dossier], Iterable[Enclosure]]) -> None:
    """Have what `make` gives for a matter lie in its file, and in those of the matters that arise from it."""
    ENCLOSING.append(make)


def enclosures_of(dossier: Dossier) -> list[Enclosure]:
    """What the rooms above add to this matter's file."""
    return [one for make in ENCLOSING for one in make(dossier)]


def withheld(dossier: Dossier) -> str:
    """Why this matter's facts and papers do not leave with the file of another; '' where they do."""
    source = SOURCES.get(dossier.kind)
    return str(source.withheld(concrete(dossier))) if source else ""


def rests_on(behind: Iterable[Dossier]) -> list[Evidence]:
    """Evidence of matters behind that goes along by its kind."""
    return [
        piece
        for one in behind
        if (source := SOURCES.get(one.kind)) is not None and source.rests_on
        for piece in evidence_of(one)
        if piece.kind in source.rests_on
    ]


def sources_of(dossier: Dossier, actor: Actor) -> list[Dossier]:
    """The matters behind this one that go along with its file, within sight of who asks, the oldest first."""
    line = [dossier]
    while (origin := line[-1].origin) is not None:
        line.append(origin)
    behind, parties = line[1:], {one.subject_id for one in line if one.subject_id}
    aside = [source.kind for source in SOURCES.values() if source.beside]
    wanted = Q(pk__in=[one.pk for one in behind]) | Q(origin__in=behind, subject__in=parties, kind__in=aside)
    found = visible_to(actor).filter(wanted, kind__in=list(SOURCES)).exclude(pk=dossier.pk)
    return list(found.select_related("authority", "subject").order_by("opened_at", "pk"))
