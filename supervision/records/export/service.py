"""Gathering a dossier's whole file and streaming it as a ZIP."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
from .index import chain_of, index_of
from .names import safe
from .proof import seal_proofs
from .sources import Enclosure
from .taking import Taking, gather

LAW = ("PP-57",)
WHOLE_FILE = "dossier.file"  # as which list it stands among the exports
CHECKER = Path(__file__).with_name("check.py")


@dataclass(frozen=True)
class Export:
    """A file ready to be sent: its name, and its bytes piece by piece."""

    name: str
    pieces: Iterator[bytes]


def export_file(dossier: Dossier, actor: Actor, address: str | None = None) -> Export:
    """The whole file of a matter: index, papers, evidence, chains, seal proofs and a checker that needs nothing.

    What this one grew from goes with it: the matters behind with their papers and chains, the evidence they and this
    one cite, and what the rooms above enclose. Recorded as an event of every matter of which something leaves — this
    one's tells of each piece by its SHA-256, and of all files together by that of `manifest.json` —, among the exports
    with the caller's `address`, and in the custody of every piece of evidence, before the first byte leaves.

    Raises `Dossier.DoesNotExist` for a dossier outside the actor's jurisdiction, and for the party concerned, which
    has access to what was served on it and not to the file.
    """
    with transaction.atomic():
        if actor.provider is not None:
            raise Dossier.DoesNotExist
        _lock(gather(visible_to(actor).get(pk=dossier.pk), actor))
        dossier = visible_to(actor).select_related("authority", "subject").get(pk=dossier.pk)
        taking, now = gather(dossier, actor), clock.now()
        along = taking.taken_along
        for of in _others(taking):
            _tell_there(dossier, of, [one for one in along if one.dossier_id == of.pk], actor, now)
        custody = _hand_out([one for one in taking.evidence if one.dossier_id == dossier.pk], actor, now)
        texts = _texts(taking, actor, now)
        manifest = _json(_manifest(taking, texts))
        facts: dict[str, Any] = {
            "papers": len(taking.papers),
            "evidence": len(taking.evidence),
            "events": dossier.events_count + 1,
            "cited": [{"title": one.title, "of": one.dossier.number, "sha256": one.sha256} for one in along],
            "manifest": {"sha256": sha256(manifest).hexdigest()},
            "custody": custody,
        }
        record(dossier, verbs.FILE_EXPORTED, actor, facts, law=LAW)
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
        texts |= {"events.json": _json(chain_of(dossier)), "manifest.json": manifest}
    return Export(name=f"{safe(dossier.number)}.zip", pieces=_zip(texts, _stored(taking).items(), now))


def _lock(taking: Taking) -> None:
    """Every matter that is told of the export, in one order, so that two exports never wait for each other."""
    keys = [taking.dossier.pk, *(one.pk for one in _others(taking))]
    list(Dossier.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def _others(taking: Taking) -> list[Dossier]:
    """The matters behind and those of which evidence is cited, each once."""
    found = [*(one.dossier for one in taking.sources), *(one.dossier for one in taking.taken_along)]
    return list({one.pk: one for one in found}.values())


def _tell_there(dossier: Dossier, of: Dossier, leaving: list[Paper | Evidence], actor: Actor, now: datetime) -> None:
    """Record on the other matter what of it leaves with the file of this one."""
    evidence = [one for one in leaving if isinstance(one, Evidence)]
    papers = [one.number for one in leaving if isinstance(one, Paper)]
    facts = {"cited_by": dossier, "papers": papers, "custody": _hand_out(evidence, actor, now)}
    record(of, verbs.EVIDENCE_EXPORTED, actor, facts, law=LAW)


def _hand_out(pieces: Iterable[Evidence], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Enter in the custody of these pieces that they left; return what the event keeps of it."""
    act = CustodyEntry.Act.EXPORTED
    entries = CustodyEntry.objects.bulk_create(
        CustodyEntry(evidence=piece, act=act, user=actor.user, authority=actor.authority, at=now) for piece in pieces
    )
    return told(*entries)


def _texts(taking: Taking, actor: Actor, now: datetime) -> dict[str, bytes]:
    """The files made here, but the chain of the matter itself, which ends with the event that tells of them."""
    index = index_of(taking, actor, now)
    texts = {
        "index.html": render_to_string("records/export/index.html", {"index": index}).encode(),
        "index.json": _json(index),
        "seals.json": _json(seal_proofs(taking.dossier)),
        "check.py": CHECKER.read_bytes(),
    }
    for one in taking.sources:
        texts[f"{one.folder}/events.json"] = _json(chain_of(one.dossier, one.withheld))
        texts[f"{one.folder}/seals.json"] = _json(seal_proofs(one.dossier))
    return texts | {piece.file: piece.what.content for piece in taking.pieces if isinstance(piece.what, Enclosure)}


def _manifest(taking: Taking, texts: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Every file of the ZIP with its SHA-256, but the two that tell of this list and are told by it."""
    digests = {name: sha256(content).hexdigest() for name, content in texts.items()}
    return [{"file": name, "sha256": digest} for name, digest in sorted((digests | _stored(taking)).items())]


def _stored(taking: Taking) -> dict[str, str]:
    """The files that come from the store, and the SHA-256 of each."""
    return {piece.file: piece.what.sha256 for piece in taking.pieces if not isinstance(piece.what, Enclosure)}


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
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
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
