"""What a whole file consists of: the pieces of the matter and of those behind it, in the order of their course."""

from dataclasses import dataclass, field
from datetime import datetime

from supervision.parties.actors import Actor
from supervision.procedure.models import Dossier

from ..models import Evidence, Paper
from ..selectors import cited_evidence, evidence_of, papers_of
from .names import safe
from .sources import Enclosure, enclosures_of, rests_on, sources_of, withheld


@dataclass(frozen=True)
class Matter:
    """A matter behind that goes along: its place in the ZIP, and why its facts and papers stay out, if they do."""

    dossier: Dossier
    folder: str
    withheld: str


@dataclass(frozen=True)
class Piece:
    """One piece under its running number, whatever it is."""

    place: int
    dossier: Dossier
    what: Paper | Evidence | Enclosure

    @property
    def file(self) -> str:
        """Its name in the ZIP."""
        match self.what:
            case Paper():
                folder, name = "papers", safe(f"{self.what.number} {self.what.title}") + ".pdf"
            case Evidence():
                folder, name = "evidence", safe(self.what.original_name)
            case _:
                folder, name = "enclosures", safe(self.what.name)
        return f"{folder}/{self.place:03d} {name}"


@dataclass(frozen=True)
class Taking:
    """The matter, those behind it, the pieces that leave in order, and those kept back with a matter withheld."""

    dossier: Dossier
    sources: list[Matter] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    kept_back: list[Paper | Evidence] = field(default_factory=list)

    @property
    def papers(self) -> list[Paper]:
        return [piece.what for piece in self.pieces if isinstance(piece.what, Paper)]

    @property
    def evidence(self) -> list[Evidence]:
        return [piece.what for piece in self.pieces if isinstance(piece.what, Evidence)]

    @property
    def taken_along(self) -> list[Paper | Evidence]:
        """The pieces of other matters."""
        every: list[Paper | Evidence] = [*self.papers, *self.evidence]
        return [one for one in every if one.dossier_id != self.dossier.pk]


def gather(dossier: Dossier, actor: Actor) -> Taking:
    """All that leaves with the file of this matter: its own, what lies behind it, and evidence any of these cites."""
    found = sources_of(dossier, actor)
    names = [f"sources/{place} {safe(one.number)}" for place, one in enumerate(found, start=1)]
    sources = [Matter(one, name, withheld(one)) for one, name in zip(found, names, strict=True)]
    told = [dossier, *(one.dossier for one in sources if not one.withheld)]
    papers = [paper for one in told for paper in papers_of(one)]
    cited = list({one.pk: one for one in (*cited_evidence(*told), *rests_on(told[1:]))}.values())
    secret = {one.dossier_id for one in cited if withheld(one.dossier)}
    kept_back = [paper for one in sources if one.withheld for paper in papers_of(one.dossier)]
    owners = {one.pk: one for one in (dossier, *found)} | {one.dossier_id: one.dossier for one in cited}
    pieces: list[tuple[datetime, Dossier, Paper | Evidence | Enclosure]] = [
        *((paper.issued_at, owners[paper.dossier_id], paper) for paper in papers),
        *((one.collected_at, dossier, one) for one in evidence_of(dossier)),
        *((one.collected_at, owners[one.dossier_id], one) for one in cited if one.dossier_id not in secret),
        *((one.at, of, one) for of in told for one in enclosures_of(of)),
    ]
    ordered = sorted(pieces, key=lambda each: each[0])
    return Taking(
        dossier,
        sources,
        [Piece(place, of, what) for place, (_at, of, what) in enumerate(ordered, start=1)],
        [*kept_back, *(one for one in cited if one.dossier_id in secret)],
    )
