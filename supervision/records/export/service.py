"""Gathering a dossier's whole file and streaming it as a ZIP."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import record

from .. import store, verbs
from ..models import CustodyEntry, Evidence, ExportLog, Paper
from ..rows import told
from ..selectors import cited_evidence, evidence_of, papers_behind, papers_of
from .index import events_of, index_of
from .names import safe
from .proof import seal_proofs

LAW = ("PP-57",)
WHOLE_FILE = "dossier.file"  # as which list it stands among the exports
CHECKER = Path(__file__).with_name("check.py")


@dataclass(frozen=True)
class Export:
    """A file ready to be sent: its name, and its bytes piece by piece."""

    name: str
    pieces: Iterator[bytes]


def export_file(dossier: Dossier, actor: Actor, address: str | None = None) -> Export:
    """The whole file of a matter: index, papers, evidence, events, seal proofs and a checker that needs nothing.

    What of another matter this one rests on goes with it: evidence it cites, and the papers that found the matters
    arising from theirs, such as the record of the inspection. Recorded as an event of every matter of which something
    leaves — this one's tells of each by its SHA-256 —, among the exports with the caller's `address`, and in the
    custody of every piece of evidence, before the first byte leaves.

    Raises `Dossier.DoesNotExist` for a dossier outside the actor's jurisdiction, and for the party concerned, which
    has access to what was served on it and not to the file.
    """
    with transaction.atomic():
        if actor.provider is not None:
            raise Dossier.DoesNotExist
        dossier = visible_to(actor).select_for_update(of=("self",)).get(pk=dossier.pk)
        now = clock.now()
        own, cited, behind = evidence_of(dossier), cited_evidence(dossier), papers_behind(dossier, actor)
        taken: list[Paper | Evidence] = [*behind, *cited]
        facts: dict[str, Any] = {
            "papers": len(papers_of(dossier)) + len(behind),
            "evidence": len(own) + len(cited),
            "events": dossier.events_count + 1,
            "cited": [{"title": one.title, "of": one.dossier.number, "sha256": one.sha256} for one in taken],
        }
        record(dossier, verbs.FILE_EXPORTED, actor, {**facts, "custody": _hand_out(own, actor, now)}, law=LAW)
        for _key, leaving in groupby(sorted(taken, key=_matter), key=_matter):
            _tell_there(dossier, list(leaving), actor, now)
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
        texts, files = _gather(dossier, cited, behind, actor, now)
    return Export(name=f"{safe(dossier.number)}.zip", pieces=_zip(texts, files, now))


def _matter(piece: Paper | Evidence) -> int:
    return piece.dossier_id


def _tell_there(dossier: Dossier, leaving: list[Paper | Evidence], actor: Actor, now: datetime) -> None:
    """Record on the other matter what of it leaves with the file of this one."""
    evidence = [one for one in leaving if isinstance(one, Evidence)]
    papers = [one.number for one in leaving if isinstance(one, Paper)]
    facts = {"cited_by": dossier, "papers": papers, "custody": _hand_out(evidence, actor, now)}
    record(leaving[0].dossier, verbs.EVIDENCE_EXPORTED, actor, facts, law=LAW)


def _hand_out(pieces: Iterable[Evidence], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Enter in the custody of these pieces that they left; return what the event keeps of it."""
    act = CustodyEntry.Act.EXPORTED
    entries = CustodyEntry.objects.bulk_create(
        CustodyEntry(evidence=piece, act=act, user=actor.user, authority=actor.authority, at=now) for piece in pieces
    )
    return told(*entries)


def _gather(
    dossier: Dossier, cited: list[Evidence], behind: list[Paper], actor: Actor, now: datetime
) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    index, events = index_of(dossier, cited, behind, actor, now), events_of(dossier)
    page = render_to_string("records/export/index.html", {"index": index, "events": events})
    texts = {
        "index.html": page.encode(),
        "index.json": _json(index),
        "events.json": _json(events),
        "seals.json": _json(seal_proofs(dossier)),
        "check.py": CHECKER.read_bytes(),
    }
    return texts, [(entry["file"], entry["sha256"]) for entry in (*index["papers"], *index["evidence"])]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


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
