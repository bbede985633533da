#!/usr/bin/env python3
"""证明本案卷自导出以来未被改动。只需 Python 3.8 以上：不联网，不装任何软件包。

    python3 check.py                  在解压后的文件夹中运行；或者不解压：python3 check.py 案卷.zip
    python3 check.py --seal 散列值    并要求最新一次存证就是机关公布的那一次
    python3 check.py --english        in English

一、重新计算每个事件的散列值，且每个事件都记有前一事件的散列值。
二、每份文书、每份证据的 SHA-256 都与事件链所记一致；不缺一份，也没有事件链所不知的文件。
三、事件链系于存证：自卷宗的末个事件沿默克尔树上溯至树根，存证的散列值覆盖该树根。请与机关当日公布的散列值核对。

逐条列出相符与不符之处；全部相符时退出码为0，否则为1。

Proves that nothing of this exported file was altered. Needs Python 3.8 alone: no network, no packages.
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
CHINESE, ENGLISH = 0, 1
SAYS = {
    "foreign event": ("事件{0}属于另一卷宗", "event {0} belongs to another dossier"),
    "moved event": ("事件{0}被删除或者调换了次序", "event {0} was removed or reordered"),
    "loose event": ("事件{0}与前一事件不相衔接", "event {0} does not follow the one before it"),
    "altered event": ("事件{0}被改动", "event {0} was altered"),
    "no events": ("没有事件", "there are no events"),
    "cut off": ("末尾的事件被删除", "the last events were removed"),
    "missing": ("缺少 {0}", "{0} is missing"),
    "altered": ("{0} 被改动", "{0} was altered"),
    "untold": ("{0}：事件链没有记载", "{0}: no event of the chain tells of it"),
    "stranger": ("{0} 不属于本案卷", "{0} does not belong here"),
    "paper missing": ("事件{1}所记文书 {0} 缺失", "paper {0} of event {1} is missing"),
    "cited missing": (
        "事件{2}所记引自 {1} 的《{0}》缺失",
        "{0} of {1}, which event {2} took along, is missing",
    ),
    "seal event": ("存证{0}：事件{1}不是当时存证的事件", "seal {0}: event {1} is not what was sealed"),
    "seal root": ("存证{0}：末个事件不能上溯至其树根", "seal {0}: the head does not lead to its root"),
    "seal altered": ("存证{0}：被改动", "seal {0}: altered"),
    "other seal": ("最新一次存证不是公布的那一次", "the newest seal is not the published one"),
    "chained": ("{0}个事件环环相扣，末个：{1}", "{0} events chained, the last: {1}"),
    "held": ("文书{0}份，证据{1}份", "{0} papers and {1} pieces of evidence"),
    "sealed": ("事件1至{0}已由存证{1}（{2}）固定：{3}", "events 1-{0} fixed by seal {1} of {2}: {3}"),
    "newer": ("事件{0}至{1}晚于该次存证", "events {0}-{1} are newer than this seal"),
    "unsealed": ("尚未列入任何一次存证", "not yet taken into any seal"),
    "fault": ("不符", "FAULT"),
    "bad": ("已非原貌", "NOT AS IT WAS"),
    "good": ("未发现任何改动", "NOTHING WAS ALTERED"),
}


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
            yield "foreign event", event["seq"]
        if event["seq"] != place:
            yield "moved event", place
        if event["previous"] != previous:
            yield "loose event", event["seq"]
        if event_hash(event) != event["hash"]:
            yield "altered event", event["seq"]
        previous = event["hash"]
    if not events:
        yield ("no events",)


def file_faults(source, index, events):
    told = {value for event in events for value in hashes_told(event["facts"])}
    listed = [*index["papers"], *index["evidence"]]
    present = source.names()
    for entry in listed:
        if entry["file"] not in present:
            yield "missing", entry["file"]
        elif file_hash(source, entry["file"]) != entry["sha256"]:
            yield "altered", entry["file"]
        if entry["sha256"] not in told:
            yield "untold", entry["file"]
    known = {entry["file"] for entry in listed}
    for name in sorted(present):
        if name.startswith(("papers/", "evidence/")) and name not in known:
            yield "stranger", name
    papers = {entry["sha256"] for entry in index["papers"]}
    for event in events:
        paper = event["facts"].get("paper")
        if isinstance(paper, dict) and "sha256" in paper and paper["sha256"] not in papers:
            yield "paper missing", paper.get("number"), event["seq"]
    here = {entry["sha256"] for entry in listed}
    for event in events[-1:]:  # the export itself, which tells what it took along from other matters
        for one in event["facts"].get("cited", ()):
            if one["sha256"] not in here:
                yield "cited missing", one["title"], one["of"], event["seq"]


def seal_faults(proofs, events, dossier):
    hashes = {event["seq"]: event["hash"] for event in events}
    for proof in proofs:
        if hashes.get(proof["seq"]) != proof["head"]:
            yield "seal event", proof["seal"], proof["seq"]
        here = text_hash(f"{dossier}\n{proof['seq']}\n{proof['head']}")
        for side, neighbour in proof["way"]:
            here = text_hash(neighbour + here if side == "left" else here + neighbour)
        if here != proof["root"]:
            yield "seal root", proof["seal"]
        if text_hash(f"{proof['previous']}\n{proof['seal']}\n{proof['root']}") != proof["hash"]:
            yield "seal altered", proof["seal"]


def holding(index, events, proofs):
    yield "chained", len(events), events[-1]["hash"] if events else "-"
    yield "held", len(index["papers"]), len(index["evidence"])
    for proof in proofs[-1:]:
        yield "sealed", proof["seq"], proof["seal"], proof["at"], proof["hash"]
        if proof["seq"] < len(events):
            yield "newer", proof["seq"] + 1, len(events)
    if not proofs:
        yield ("unsealed",)


def say(what, language):
    """A finding in words: the name of its sentence and what stands in it."""
    return SAYS[what[0]][language].format(*what[1:])


def check(place, published="", language=CHINESE):
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
        faults.append(("cut off",))
    faults += file_faults(source, index, events)
    faults += seal_faults(proofs, events, dossier)
    if published and (not proofs or proofs[-1]["hash"] != published.lower()):
        faults.append(("other seal",))
    holds = holding(index, events, proofs)
    return [say(one, language) for one in holds], [say(one, language) for one in faults]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--seal", default="", help="机关公布的最新一次存证的散列值 / newest seal as it was published")
    parser.add_argument("--english", action="store_true", help="in English")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a console without Chinese still tells the outcome
    given = parser.parse_args()
    language = ENGLISH if given.english else CHINESE
    holds, faults = check(given.place, given.seal, language)
    for line in holds:
        print(line)
    for line in faults:
        print(say(("fault",), language), line)
    print(say(("bad" if faults else "good",), language))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
