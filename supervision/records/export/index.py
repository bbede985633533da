"""The index of a whole file: what stands in it, part by part, as `index.json` keeps it and `index.html` shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from supervision.law.catalogue import UnknownRule, cite
from supervision.parties.actors import Actor
from supervision.procedure.chain import covered
from supervision.procedure.models import Dossier, Event
from supervision.procedure.selectors import history

from ..models import CustodyEntry, Evidence, Paper
from ..selectors import deliberations_of, reviews_of, statements_of
from .sources import BARE, Enclosure
from .taking import Matter, Piece, Taking


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


def index_of(taking: Taking, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the file holds: its contents in the order of the course, then part by part, then what happened."""
    dossier = taking.dossier
    papers, evidence = _of_kind(taking, Paper), _of_kind(taking, Evidence)
    return {
        "dossier": _matter(dossier),
        "exported": {
            "at": now.isoformat(),
            "when": _here(now),
            "by": str(actor),
            "account": actor.user.username if actor.user else "",
            "authority": str(actor.authority or ""),
        },
        "contents": [_entry(piece, taking) for piece in taking.pieces if piece.filed_as is None],
        "papers": [_entry(piece, taking) | _paper(piece.what) for piece in papers],
        "evidence": [_entry(piece, taking) | _evidence(piece.what) for piece in evidence],
        "enclosures": [_entry(piece, taking) for piece in _of_kind(taking, Enclosure)],
        "sources": [_source(one) for one in taking.sources],
        "kept_back": [_kept_back(one) for one in taking.kept_back],
        "terms": [_term(term) for term in dossier.term_set.order_by("pk")],
        "statements": [_statement(one) for one in statements_of(dossier)],
        "deliberations": _deliberations(dossier),
        "legal_reviews": [_review(one) for one in reviews_of(dossier)],
        "sections": _sections(dossier),
        "course": [_happened(dossier, event) for event in history(dossier)],
    }


def chain_of(dossier: Dossier, reason: str = "") -> list[dict[str, Any]]:
    """The chain of a matter: of each event what its hash covers, and the hash.

    Of a matter that is withheld the facts of an event are left out, unless none of them was typed in as a sentence.
    """
    return [_link(event, told=not reason or set(event.facts) <= BARE) for event in history(dossier)]


def _link(event: Event, *, told: bool) -> dict[str, Any]:
    held = covered(event)
    if not told:
        del held["facts"]
    return {**held, "hash": event.hash}


def _of_kind(taking: Taking, kind: type) -> list[Any]:
    return sorted((one for one in taking.pieces if isinstance(one.what, kind)), key=lambda one: one.place)


def _matter(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.pk,
        "number": dossier.number,
        "title": dossier.title,
        "kind": dossier.kind,
        "kind_label": str(dossier.procedure.label),
        "state": dossier.state,
        "state_label": dossier.state_label,
        "subject": str(dossier.subject or ""),
        "authority": dossier.authority.name,
        "opened_at": dossier.opened_at.isoformat(),
        "when": _here(dossier.opened_at)[:10],
        "closed_at": dossier.closed_at.isoformat() if dossier.closed_at else None,
    }


def _source(one: Matter) -> dict[str, Any]:
    """A matter behind; of one that is withheld its number, its state and when each step was taken."""
    happened = list(history(one.dossier))
    told = _matter(one.dossier)
    return {
        **told,
        "title": str(one.dossier.procedure.label) if one.withheld else told["title"],
        "folder": one.folder,
        "head": happened[-1].hash,
        "withheld": one.withheld,
        "sections": [] if one.withheld else _sections(one.dossier),
        "course": [_happened(one.dossier, event, facts=not one.withheld) for event in happened],
    }


def _kept_back(one: Paper | Evidence) -> dict[str, Any]:
    """What stays out, without a word that somebody typed."""
    if isinstance(one, Paper):
        number, title, at = one.number, one.title, one.issued_at
    else:
        number, title, at = "", str(one.get_kind_display()), one.collected_at
    return {"of": one.dossier.number, "number": number, "title": title, "when": _here(at)[:10], "sha256": one.sha256}


def _sections(dossier: Dossier) -> list[dict[str, Any]]:
    return [part for part in map(_section(dossier), SECTIONS.values()) if part["rows"]]


def _section(dossier: Dossier) -> Callable[[Section], dict[str, Any]]:
    return lambda part: {
        "name": part.name,
        "label": str(part.label),
        "heads": [str(head) for head in part.heads],
        "rows": [[str(cell) for cell in row] for row in part.rows(dossier)],
    }


def _entry(piece: Piece, taking: Taking) -> dict[str, Any]:
    """A line of the contents: running number, file, what it is, who answers for it and when."""
    what = piece.what
    line: dict[str, Any]
    match what:
        case Paper():
            line = {"number": what.number, "issuer": what.authority.name, "at": what.issued_at, "sha256": what.sha256}
        case Evidence():
            people = "、".join(str(person) for person in what.collectors.all())
            line = {"number": "", "issuer": people, "at": what.collected_at, "sha256": what.sha256}
        case _:
            line = {"number": "", "issuer": what.issuer, "at": what.at, "sha256": sha256(what.content).hexdigest()}
    other = piece.dossier.pk != taking.dossier.pk
    return {
        "piece": piece.place,
        "file": piece.file,
        "title": what.title,
        **line,
        "at": line["at"].isoformat(),
        "when": _here(line["at"])[:10],
        "of": f"{piece.dossier.number} {piece.dossier.title}" if other else None,
        "dossier": piece.dossier.pk,
    }


def _article(rule: str) -> str:
    """A rule as a reader knows it; its bare id where a later catalogue no longer has it."""
    try:
        return cite(rule)
    except UnknownRule:
        return rule


def _here(moment: datetime) -> str:
    """A moment to the minute, as the clocks of the place show it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "type": paper.type,
        "issued_by": str(paper.issued_by or ""),
        "state": paper.state,
        "state_label": str(paper.get_state_display()),
        "void_reason": paper.void_reason,
        "replaces": paper.replaces.number if paper.replaces else None,
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


def _evidence(piece: Evidence) -> dict[str, Any]:
    custody = CustodyEntry.objects.filter(evidence=piece).select_related("user", "authority").order_by("pk")
    return {
        "kind": str(piece.get_kind_display()),
        "source": piece.source,
        "collected": _here(piece.collected_at),
        "collectors": [str(person) for person in piece.collectors.all()],
        "state": piece.state,
        "state_label": str(piece.get_state_display()),
        "judged_by": str(piece.verified_by or ""),
        "note": piece.note,
        "media_type": piece.media_type,
        "size": piece.size,
        "custody": [
            {
                "act": str(entry.get_act_display()),
                "at": entry.at.isoformat(),
                "when": _here(entry.at),
                "person": str(entry.user or ""),
                "authority": str(entry.authority or ""),
                "to": entry.to,
            }
            for entry in custody
        ],
    }


def _happened(dossier: Dossier, event: Event, *, facts: bool = True) -> dict[str, Any]:
    """An event as a reader takes it; its chain stands beside."""
    return {
        "seq": event.seq,
        "label": event.label,
        "who": str(event.user or ""),
        "where": str(event.authority or ""),
        "when": _here(event.at),
        "articles": "、".join(_article(rule) for rule in event.law),
        "recorded_at": event.recorded_at.isoformat(),
        "hash": event.hash,
        "told": [[str(name), str(value)] for name, value in Ports.facts_of(dossier, event)] if facts else [],
    }


def _term(term: Any) -> dict[str, Any]:
    return {
        "kind": term.kind,
        "label": term.label,
        "law": term.law,
        "start": term.start.isoformat(),
        "due": term.due.isoformat(),
        "until": term.until.isoformat() if term.until else None,
        "last": _here(term.until) if term.until else term.due.isoformat(),
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


def _deliberations(dossier: Dossier) -> list[dict[str, Any]]:
    """Every collective discussion, with the event that tells of it, by which the checker compares it."""
    told = {
        row["id"]: event
        for event in history(dossier)
        for row in event.facts.get("kept", ())
        if row["row_of"] == "deliberation"
    }
    return [_deliberation(one, told.get(one.pk)) for one in deliberations_of(dossier)]


def _deliberation(one: Any, event: Event | None) -> dict[str, Any]:
    """Who discussed, when and where, what each member said, and who was heard without a vote (PP-44).

    A person is called as the event calls the person, so that a later change of name is no difference.
    """
    facts = event.facts if event else {}
    names = {str(key): row["name"] for key, row in facts.get("votes", {}).items()}
    names |= {str(person["id"]): person["text"] for person in facts.get("heard", ())}
    return {
        "id": one.pk,
        "event": event.seq if event else None,
        "body": str(one.body),
        "held_on": one.held_on.isoformat(),
        "begun_at": one.begun_at.isoformat() if one.begun_at else None,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "hours": f"{one.begun_at:%H:%M}–{one.ended_at:%H:%M}" if one.begun_at and one.ended_at else "",
        "place": one.place,
        "recorder": str(one.recorder or ""),
        "votes": [
            {
                "person": vote.member_id,
                "name": names.get(str(vote.member_id), str(vote.member)),
                "vote": vote.choice,
                "vote_label": str(vote.get_choice_display()),
                "opinion": vote.opinion,
            }
            for vote in one.votes.all()
        ],
        "heard": [{"person": person.pk, "name": names.get(str(person.pk), str(person))} for person in one.heard.all()],
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
        "sound": one.sound,
        "passed": one.passed,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
    }
