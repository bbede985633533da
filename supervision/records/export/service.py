"""Gathering a dossier's whole file and streaming it as a ZIP."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from supervision.law.catalogue import UnknownRule, cite
from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.models import Dossier, Event
from supervision.procedure.selectors import history, visible_to
from supervision.procedure.services import record

from .. import store, verbs
from ..models import CustodyEntry, Evidence, ExportLog, Paper
from ..rows import told
from ..selectors import cited_evidence, deliberations_of, evidence_of, papers_of, reviews_of, statements_of
from .proof import seal_proofs

LAW = ("PP-57",)
WHOLE_FILE = "dossier.file"  # as which list it stands among the exports
CHECKER = Path(__file__).with_name("check.py")
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True)
class Export:
    """A file ready to be sent: its name, and its bytes piece by piece."""

    name: str
    pieces: Iterator[bytes]


def export_file(dossier: Dossier, actor: Actor, address: str | None = None) -> Export:
    """The whole file of a matter: index, papers, evidence, events, seal proofs and a checker that needs nothing.

    Evidence of another matter that this one cites goes with it. Recorded as an event of every matter whose evidence
    leaves, among the exports with the caller's `address`, and in the custody of every piece of evidence, before the
    first byte leaves. Raises `Dossier.DoesNotExist` for a dossier outside the actor's jurisdiction, and for the party
    concerned, which has access to what was served on it and not to the file.
    """
    with transaction.atomic():
        if actor.provider is not None:
            raise Dossier.DoesNotExist
        dossier = visible_to(actor).select_for_update(of=("self",)).get(pk=dossier.pk)
        now = clock.now()
        own, cited = evidence_of(dossier), cited_evidence(dossier)
        facts: dict[str, Any] = {
            "papers": len(papers_of(dossier)),
            "evidence": len(own) + len(cited),
            "events": dossier.events_count + 1,
            "cited": [{"title": piece.title, "of": piece.dossier.number} for piece in cited],
        }
        record(dossier, verbs.FILE_EXPORTED, actor, {**facts, "custody": _hand_out(own, actor, now)}, law=LAW)
        for _key, pieces in groupby(sorted(cited, key=_matter), key=_matter):
            leaving = list(pieces)
            told_there = {"cited_by": dossier, "custody": _hand_out(leaving, actor, now)}
            record(leaving[0].dossier, verbs.EVIDENCE_EXPORTED, actor, told_there, law=LAW)
        if actor.user is not None:
            ExportLog.objects.create(
                user=actor.user,
                authority=actor.authority,
                list_name=WHOLE_FILE,
                query=dossier.number,
                format="zip",
                rows=facts["papers"] + facts["evidence"],
                address=address,
            )
        texts, files = _gather(dossier, cited, actor, now)
    return Export(name=f"{safe(dossier.number)}.zip", pieces=_zip(texts, files, now))


def safe(name: str) -> str:
    """A name any system takes for a file, at most 120 characters."""
    return UNSAFE.sub("_", name).strip(" .")[:120] or "file"


def _matter(piece: Evidence) -> int:
    return piece.dossier_id


def _hand_out(pieces: Iterable[Evidence], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Enter in the custody of these pieces that they left; return what the event keeps of it."""
    act = CustodyEntry.Act.EXPORTED
    entries = CustodyEntry.objects.bulk_create(
        CustodyEntry(evidence=piece, act=act, user=actor.user, authority=actor.authority, at=now) for piece in pieces
    )
    return told(*entries)


def _gather(
    dossier: Dossier, cited: list[Evidence], actor: Actor, now: datetime
) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    papers = [_paper(place, paper) for place, paper in enumerate(papers_of(dossier), start=1)]
    evidence = [
        _evidence(place, piece, dossier) for place, piece in enumerate([*evidence_of(dossier), *cited], start=1)
    ]
    events = [_event(event) for event in history(dossier)]
    index = {
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
        "papers": papers,
        "evidence": evidence,
        "terms": [_term(term) for term in dossier.term_set.order_by("pk")],
        "statements": [_statement(one) for one in statements_of(dossier)],
        "deliberations": [_deliberation(one) for one in deliberations_of(dossier)],
        "legal_reviews": [_review(one) for one in reviews_of(dossier)],
    }
    texts = {
        "index.html": render_to_string(
            "records/export/index.html", {"index": index, "events": events, "dossier": dossier}
        ).encode(),
        "index.json": _json(index),
        "events.json": _json(events),
        "seals.json": _json(seal_proofs(dossier)),
        "check.py": CHECKER.read_bytes(),
    }
    files = [(entry["file"], entry["sha256"]) for entry in (*papers, *evidence)]
    return texts, files


def _article(rule: str) -> str:
    """A rule as a reader knows it; its bare id where a later catalogue no longer has it."""
    try:
        return cite(rule)
    except UnknownRule:
        return rule


def _here(moment: datetime) -> str:
    """A moment to the minute, as the clocks of the place show it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _paper(place: int, paper: Paper) -> dict[str, Any]:
    return {
        "file": f"papers/{place:03d} {safe(f'{paper.number} {paper.title}')}.pdf",
        "type": paper.type,
        "number": paper.number,
        "title": paper.title,
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
        "of": None if piece.dossier_id == dossier.pk else f"{piece.dossier.number} {piece.dossier.title}",
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


def _event(event: Event) -> dict[str, Any]:
    """The columns an event's hash covers, exactly as it covers them, and what helps a reader."""
    return {
        "dossier": event.dossier_id,
        "seq": event.seq,
        "verb": event.verb,
        "source": event.source,
        "target": event.target,
        "user": event.user_id,
        "authority": event.authority_id,
        "facts": event.facts,
        "law": event.law,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous": event.previous,
        "hash": event.hash,
        "label": event.label,
        "who": str(event.user or ""),
        "where": str(event.authority or ""),
        "when": _here(event.at),
        "articles": "、".join(_article(rule) for rule in event.law),
        "recorded_at": event.recorded_at.isoformat(),
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
        "oral": one.oral,
        "text": one.text,
        "points": [
            {"text": point.text, "answer": point.answer, "accepted": point.accepted} for point in one.points.all()
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
        "opinion": str(one.get_opinion_display()) if one.opinion else "",
        "reasons": one.reasons,
        "passed": one.passed,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
    }


class _Outlet(io.RawIOBase):
    """A stream that is written to and drained, so that a ZIP of any size passes through a small memory."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._sent = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        self._sent += len(data)
        return len(data)

    def tell(self) -> int:
        return self._sent

    def drain(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


def _zip(texts: dict[str, bytes], files: Iterable[tuple[str, str]], now: datetime) -> Iterator[bytes]:
    stamp = timezone.localtime(now).timetuple()[:6]
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:  # type: ignore[call-overload]
        for name, content in texts.items():
            archive.writestr(_entry(name, stamp, packed=True), content)
            yield outlet.drain()
        for name, sha256 in files:
            try:
                source = store.open_file(sha256)
            except store.Missing:
                continue  # the checker names what the index lists and the ZIP lacks
            # Pictures, films and PDFs are compressed already.
            with source, archive.open(_entry(name, stamp, packed=False), "w", force_zip64=True) as target:
                while piece := source.read(store.CHUNK):
                    target.write(piece)
                    yield outlet.drain()
    yield outlet.drain()


def _entry(name: str, stamp: Any, *, packed: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry
