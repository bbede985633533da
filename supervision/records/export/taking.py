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
    """One piece under its running number, whatever it is; a paper filed as evidence too is there once, `filed_as`."""

    place: int
    dossier: Dossier
    what: Paper | Evidence | Enclosure
    filed_as: "Piece | None" = None

    @property
    def file(self) -> str:
        """Its name in the ZIP."""
        if self.filed_as is not None:
            return self.filed_as.file
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
    return Taking(
        dossier,
        sources,
        _numbered(sorted(pieces, key=lambda each: each[0])),
        [*kept_back, *(one for one in cited if one.dossier_id in secret)],
    )


def _numbered(ordered: list[tuple[datetime, Dossier, Paper | Evidence | Enclosure]]) -> list[Piece]:
    """Running numbers in this order; evidence that is a paper of its own matter has that paper's."""
    issued = {(what.dossier_id, what.sha256) for _at, _of, what in ordered if isinstance(what, Paper)}
    once: list[tuple[Dossier, Paper | Evidence | Enclosure]] = []
    again: list[tuple[Dossier, Evidence]] = []
    for _at, of, what in ordered:
        if isinstance(what, Evidence) and (of.pk, what.sha256) in issued:
            again.append((of, what))
        else:
            once.append((of, what))
    pieces = [Piece(place, of, what) for place, (of, what) in enumerate(once, start=1)]
    papers = {(one.dossier.pk, one.what.sha256): one for one in pieces if isinstance(one.what, Paper)}
    filed = [(of, what, papers[of.pk, what.sha256]) for of, what in again]
    return pieces + [Piece(paper.place, of, what, filed_as=paper) for of, what, paper in filed]
