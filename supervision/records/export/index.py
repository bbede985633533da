"""The index of a whole file: what stands in it, part by part, as `index.json` keeps it and `index.html` shows it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from supervision.law.catalogue import UnknownRule, cite
from supervision.parties.actors import Actor
from supervision.procedure.chain import covered
from supervision.procedure.models import Dossier, Event
from supervision.procedure.selectors import history

from ..models import CustodyEntry, Evidence, Paper
from ..selectors import deliberations_of, evidence_of, papers_of, reviews_of, statements_of
from .names import safe


@dataclass(frozen=True)
class Section:
    """A part of the file that another room keeps, such as money: its columns, and its rows as text."""

    name: str
    label: str | Promise
    heads: tuple[str | Promise, ...]
    rows: Callable[[Dossier], list[Sequence[str]]]


SECTIONS: dict[str, Section] = {}


def add_section(section: Section) -> None:
    """Have every file hold this part where it has rows; apps above declare theirs at start-up."""
    SECTIONS[section.name] = section


class Ports:
    """What the pages above fill: the facts of an event as a reader takes them, name and value."""

    facts_of: Callable[[Dossier, Event], Sequence[tuple[str, str]]] = staticmethod(lambda dossier, event: ())


def index_of(
    dossier: Dossier, cited: Iterable[Evidence], behind: Iterable[Paper], actor: Actor, now: datetime
) -> dict[str, Any]:
    """What the file holds; `cited` and `behind` are the evidence and the papers of other matters that go with it."""
    papers, evidence = [*papers_of(dossier), *behind], [*evidence_of(dossier), *cited]
    return {
        "dossier": {
            "id": dossier.pk,
            "number": dossier.number,
            "title": dossier.title,
            "kind": dossier.kind,
            "state": dossier.state,
            "state_label": dossier.state_label,
            "subject": str(dossier.subject or ""),
            "authority": dossier.authority.name,
            "opened_at": dossier.opened_at.isoformat(),
            "closed_at": dossier.closed_at.isoformat() if dossier.closed_at else None,
            "head": dossier.head,
        },
        "exported": {
            "at": now.isoformat(),
            "when": _here(now),
            "by": str(actor),
            "account": actor.user.username if actor.user else "",
            "authority": str(actor.authority or ""),
        },
        "papers": [_paper(place, paper, dossier) for place, paper in enumerate(papers, start=1)],
        "evidence": [_evidence(place, piece, dossier) for place, piece in enumerate(evidence, start=1)],
        "terms": [_term(term) for term in dossier.term_set.order_by("pk")],
        "statements": [_statement(one) for one in statements_of(dossier)],
        "deliberations": [_deliberation(one) for one in deliberations_of(dossier)],
        "legal_reviews": [_review(one) for one in reviews_of(dossier)],
        "sections": [part for part in map(_section(dossier), SECTIONS.values()) if part["rows"]],
    }


def events_of(dossier: Dossier) -> list[dict[str, Any]]:
    """The chain, each event with the columns its hash covers and what helps a reader."""
    return [_event(dossier, event) for event in history(dossier)]


def _section(dossier: Dossier) -> Callable[[Section], dict[str, Any]]:
    return lambda part: {
        "name": part.name,
        "label": str(part.label),
        "heads": [str(head) for head in part.heads],
        "rows": [[str(cell) for cell in row] for row in part.rows(dossier)],
    }


def _of(part: Paper | Evidence, dossier: Dossier) -> str | None:
    """The other matter that this was taken along from."""
    return None if part.dossier_id == dossier.pk else f"{part.dossier.number} {part.dossier.title}"


def _article(rule: str) -> str:
    """A rule as a reader knows it; its bare id where a later catalogue no longer has it."""
    try:
        return cite(rule)
    except UnknownRule:
        return rule


def _here(moment: datetime) -> str:
    """A moment to the minute, as the clocks of the place show it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _paper(place: int, paper: Paper, dossier: Dossier) -> dict[str, Any]:
    return {
        "file": f"papers/{place:03d} {safe(f'{paper.number} {paper.title}')}.pdf",
        "type": paper.type,
        "number": paper.number,
        "title": paper.title,
        "of": _of(paper, dossier),
        "issued_at": paper.issued_at.isoformat(),
        "when": _here(paper.issued_at)[:10],
        "issued_by": str(paper.issued_by or ""),
        "state": paper.state,
        "state_label": str(paper.get_state_display()),
        "void_reason": paper.void_reason,
        "replaces": paper.replaces.number if paper.replaces else None,
        "sha256": paper.sha256,
        "services": [
            {
                "method": str(service.get_method_display()),
                "acted_on": service.acted_on.isoformat(),
                "served_on": service.served_on.isoformat(),
                "recipient": service.recipient,
                "certificate": service.certificate.number if service.certificate else None,
            }
            for service in paper.services.all()
        ],
    }


def _evidence(place: int, piece: Evidence, dossier: Dossier) -> dict[str, Any]:
    custody = CustodyEntry.objects.filter(evidence=piece).select_related("user", "authority").order_by("pk")
    return {
        "file": f"evidence/{place:03d} {safe(piece.original_name)}",
        "kind": str(piece.get_kind_display()),
        "title": piece.title,
        "of": _of(piece, dossier),
        "source": piece.source,
        "collected_at": piece.collected_at.isoformat(),
        "when": _here(piece.collected_at),
        "collectors": [str(person) for person in piece.collectors.all()],
        "state": piece.state,
        "state_label": str(piece.get_state_display()),
        "judged_by": str(piece.verified_by or ""),
        "note": piece.note,
        "media_type": piece.media_type,
        "size": piece.size,
        "sha256": piece.sha256,
        "custody": [
            {
                "act": str(entry.get_act_display()),
                "at": entry.at.isoformat(),
                "person": str(entry.user or ""),
                "authority": str(entry.authority or ""),
                "to": entry.to,
            }
            for entry in custody
        ],
    }


def _event(dossier: Dossier, event: Event) -> dict[str, Any]:
    """The columns an event's hash covers, exactly as it covers them, and what helps a reader."""
    return {
        **covered(event),
        "hash": event.hash,
        "label": event.label,
        "who": str(event.user or ""),
        "where": str(event.authority or ""),
        "when": _here(event.at),
        "articles": "、".join(_article(rule) for rule in event.law),
        "recorded_at": event.recorded_at.isoformat(),
        "told": [[str(name), str(value)] for name, value in Ports.facts_of(dossier, event)],
    }


def _term(term: Any) -> dict[str, Any]:
    return {
        "kind": term.kind,
        "label": term.label,
        "law": term.law,
        "start": term.start.isoformat(),
        "due": term.due.isoformat(),
        "state": term.state,
        "state_label": str(term.get_state_display()),
        "ended_on": term.ended_on.isoformat() if term.ended_on else None,
        "computation": term.steps,
    }


def _statement(one: Any) -> dict[str, Any]:
    return {
        "made_on": one.made_on.isoformat(),
        "made_by": one.made_by,
        "entered_by": str(one.entered_by or ""),
        "oral": one.oral,
        "text": one.text,
        "points": [
            {
                "place": point.place,
                "text": point.text,
                "answer": point.answer,
                "accepted": point.accepted,
                "answered_by": str(point.answered_by or ""),
                "answered_at": point.answered_at.isoformat() if point.answered_at else None,
            }
            for point in one.points.all()
        ],
    }


def _deliberation(one: Any) -> dict[str, Any]:
    return {
        "body": str(one.body),
        "held_on": one.held_on.isoformat(),
        "chair": str(one.chair),
        "attendees": [str(person) for person in one.attendees.all()],
        "entitled": one.entitled,
        "votes_for": one.votes_for,
        "votes_against": one.votes_against,
        "abstained": one.abstained,
        "dissent": one.dissent,
        "resolution": one.resolution,
        "carried": one.carried,
    }


def _review(one: Any) -> dict[str, Any]:
    return {
        "reviewer": str(one.reviewer or ""),
        "requested_at": one.requested_at.isoformat(),
        "when": _here(one.decided_at or one.requested_at)[:10],
        "opinion": str(one.get_opinion_display()) if one.opinion else "",
        "reasons": one.reasons,
        "passed": one.passed,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
    }
