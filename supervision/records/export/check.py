#!/usr/bin/env python3
"""Proves that nothing of this exported file was altered. Needs Python 3 alone: no network, no packages.

    python3 check.py                  in the unpacked folder, or beside nothing else: python3 check.py FILE.zip
    python3 check.py --seal HASH      also demand that the newest seal is the published one

1. Every event's hash is computed again from its contents, and every event names the hash of the one before.
2. Every paper and every piece of evidence has the SHA-256 that an event of the chain tells of it; none is missing, and
   none is here that the chain does not know.
3. The chain is tied to a seal: from the dossier's head up a Merkle tree to its root, which the seal's hash covers.
   Compare that hash with the one the authority published on that day.

Prints what holds and what does not; ends with 0 when everything holds, else 1.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path

COVERED = ("dossier", "seq", "verb", "source", "target", "user", "authority", "facts", "law", "at", "previous")


class Folder:
    """The unpacked export."""

    def __init__(self, place):
        self.place = Path(place)

    def names(self):
        files = (path for path in self.place.rglob("*") if path.is_file())
        return {path.relative_to(self.place).as_posix() for path in files}

    def open(self, name):
        return (self.place / name).open("rb")


class Packed:
    """The ZIP as it came."""

    def __init__(self, place):
        self.archive = zipfile.ZipFile(place)

    def names(self):
        return {name for name in self.archive.namelist() if not name.endswith("/")}

    def open(self, name):
        return self.archive.open(name)


def text_hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(source, name):
    digest = hashlib.sha256()
    with source.open(name) as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def event_hash(event):
    covered = {name: event[name] for name in COVERED}
    return text_hash(json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def hashes_told(facts):
    """Every SHA-256 the facts of an event tell of a file."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            if name == "sha256" and isinstance(value, str):
                yield value
            else:
                yield from hashes_told(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from hashes_told(value)


def chain_faults(events, dossier):
    previous = ""
    for place, event in enumerate(events, start=1):
        if event["dossier"] != dossier:
            yield f"event {event['seq']} belongs to another dossier"
        if event["seq"] != place:
            yield f"event {place} was removed or reordered"
        if event["previous"] != previous:
            yield f"event {event['seq']} does not follow the one before it"
        if event_hash(event) != event["hash"]:
            yield f"event {event['seq']} was altered"
        previous = event["hash"]
    if not events:
        yield "there are no events"


def file_faults(source, index, events):
    told = {value for event in events for value in hashes_told(event["facts"])}
    listed = [*index["papers"], *index["evidence"]]
    present = source.names()
    for entry in listed:
        if entry["file"] not in present:
            yield f"{entry['file']} is missing"
        elif file_hash(source, entry["file"]) != entry["sha256"]:
            yield f"{entry['file']} was altered"
        if entry["sha256"] not in told:
            yield f"{entry['file']}: no event of the chain tells of it"
    known = {entry["file"] for entry in listed}
    for name in sorted(present):
        if name.startswith(("papers/", "evidence/")) and name not in known:
            yield f"{name} does not belong here"
    papers = {entry["sha256"] for entry in index["papers"]}
    for event in events:
        paper = event["facts"].get("paper")
        if isinstance(paper, dict) and "sha256" in paper and paper["sha256"] not in papers:
            yield f"paper {paper.get('number')} of event {event['seq']} is missing"


def seal_faults(proofs, events, dossier):
    hashes = {event["seq"]: event["hash"] for event in events}
    for proof in proofs:
        name = f"seal {proof['seal']}"
        if hashes.get(proof["seq"]) != proof["head"]:
            yield f"{name}: event {proof['seq']} is not what was sealed"
        here = text_hash(f"{dossier}\n{proof['seq']}\n{proof['head']}")
        for side, neighbour in proof["way"]:
            here = text_hash(neighbour + here if side == "left" else here + neighbour)
        if here != proof["root"]:
            yield f"{name}: the head does not lead to its root"
        if text_hash(f"{proof['previous']}\n{proof['seal']}\n{proof['root']}") != proof["hash"]:
            yield f"{name}: altered"


def check(place, published=""):
    """(what holds, what does not) of an export at `place`: a folder or a ZIP."""
    source = Packed(place) if Path(place).is_file() else Folder(place)
    loaded = {}
    for name in ("index.json", "events.json", "seals.json"):
        with source.open(name) as file:
            loaded[name] = json.load(file)
    index, events, proofs = loaded["index.json"], loaded["events.json"], loaded["seals.json"]
    dossier = index["dossier"]["id"]
    faults = list(chain_faults(events, dossier))
    if events and index["dossier"]["head"] != events[-1]["hash"]:
        faults.append("the last events were removed")
    faults += file_faults(source, index, events)
    faults += seal_faults(proofs, events, dossier)
    if published and (not proofs or proofs[-1]["hash"] != published.lower()):
        faults.append("the newest seal is not the published one")
    holds = [
        f"{len(events)} events chained, the last: {events[-1]['hash'] if events else '-'}",
        f"{len(index['papers'])} papers and {len(index['evidence'])} pieces of evidence",
    ]
    for proof in proofs[-1:]:
        holds.append(f"events 1-{proof['seq']} fixed by seal {proof['seal']} of {proof['at']}: {proof['hash']}")
        if proof["seq"] < len(events):
            holds.append(f"events {proof['seq'] + 1}-{len(events)} are newer than this seal")
    if not proofs:
        holds.append("not yet taken into any seal")
    return holds, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--seal", default="", help="hash of the newest seal as the authority published it")
    given = parser.parse_args()
    holds, faults = check(given.place, given.seal)
    for line in holds:
        print(line)
    for line in faults:
        print("FAULT", line)
    print("NOT AS IT WAS" if faults else "NOTHING WAS ALTERED")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
