"""Papers and evidence on a record page: what is there, and what the reader may do with it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.roles import OFFICERS
from supervision.procedure.models import Dossier
from supervision.records.handling import may_add_evidence, may_end_papers, works_on
from supervision.records.selectors import cited_evidence, evidence_of, evidence_visible_to, papers_of

from .record_blocks import Block, add_block


def papers_block(dossier: Dossier, actor: Actor) -> Mapping[str, Any] | None:
    """Papers with their services; to the party those that were served on it."""
    papers = papers_of(dossier)
    if actor.provider is not None:
        papers = [paper for paper in papers if paper.services.all()]
    if not papers:
        return None
    return {
        "papers": papers,
        "may_serve": works_on(actor, dossier) and actor.has(*OFFICERS),
        "may_end": may_end_papers(actor, dossier),
    }


def evidence_block(dossier: Dossier, actor: Actor) -> Mapping[str, Any] | None:
    """Evidence with its verification; never to the party."""
    evidence, cited = evidence_of(dossier), cited_evidence(dossier)
    may_add = may_add_evidence(actor, dossier)
    if not evidence and not cited and not may_add:
        return None
    seen = evidence_visible_to(actor).filter(pk__in=[piece.pk for piece in cited]) if cited else ()
    waiting = sum(piece.state == piece.State.COLLECTED for piece in evidence)
    return {
        "header": _("to be verified: %(n)s") % {"n": waiting} if waiting else "",
        "waiting": waiting,
        "dossier": dossier,
        "evidence": evidence,
        "cited": cited,
        "within_sight": {piece.pk for piece in seen},
        "may_add": may_add,
    }


def declare() -> None:
    """Add both blocks to every record page."""
    add_block(Block("evidence", _("Evidence"), "components/evidence.html", evidence_block, order=40))
    add_block(Block("papers", _("Papers"), "components/papers.html", papers_block, order=45, for_party=True))
