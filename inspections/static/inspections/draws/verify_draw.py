#!/usr/bin/env python3
"""Verify a published double-random draw, format fund-supervision-draw/1. Python 3.8 or newer, nothing else.

    python3 verify_draw.py draw.json
    python3 verify_draw.py draw.json --targets targets.tsv --inspectors inspectors.tsv
    python3 verify_draw.py draw.json --where H100004

The rolls in draw.json are used unless roll files are given. Every value is computed again and compared with
the published one. Exit status: 0 all agree, 1 something differs, 2 the files cannot be read.

H(a, b, ...) is the lower-case hex SHA-256 of the UTF-8 texts joined by one line feed.
    roll         sorted lines: stratum TAB code TAB area LF; certificate TAB areas TAB recused LF
    commitment   H(announcement as JSON with sorted keys, no blanks, unescaped)
    seed         H(commitment, contribution 1, ..., contribution n[, public value])
    ticket       H(seed, "target", stratum, code); the smallest of each stratum are drawn
    inspectors   drawn targets by ascending ticket; among those whose area allows it and who are not recused:
                 least drawn so far first, then H(seed, "inspector", code, certificate)
    replacement  the next ticket of the stratum; the next inspector in the order of the target
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

FORMAT = "fund-supervision-draw/1"


def h(*texts):
    return hashlib.sha256("\n".join(texts).encode("utf-8")).hexdigest()


def roll_bytes(rows):
    rows = sorted([field.encode("utf-8") for field in row] for row in rows)
    return b"".join(b"\t".join(row) + b"\n" for row in rows)


def roll_rows(content):
    return [line.split("\t") for line in content.decode("utf-8").split("\n")[:-1]]


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def tickets_by_stratum(targets, seed):
    """Ticket, code and area of every target, in ticket order, by stratum."""
    queues = {}
    for stratum, code, area in targets:
        queues.setdefault(stratum, []).append((h(seed, "target", stratum, code), code, area))
    for queue in queues.values():
        queue.sort()
    return queues


def order_of_inspectors(inspectors, drawn, seed, code, area):
    able = []
    for certificate, areas, recused in inspectors:
        if not {"*", area}.isdisjoint(areas.split(",")) and code not in recused.split(","):
            able.append((drawn.get(certificate, 0), h(seed, "inspector", code, certificate), certificate))
    return [certificate for _, _, certificate in sorted(able)]


class Staffing:
    """Gives inspectors to targets one after the other and remembers who was drawn how often."""

    def __init__(self, inspectors, each, seed):
        self.inspectors, self.each, self.seed = inspectors, each, seed
        self.drawn, self.teams, self.waiting = {}, {}, {}

    def staff(self, code, area):
        order = order_of_inspectors(self.inspectors, self.drawn, self.seed, code, area)
        self.teams[code], self.waiting[code] = order[: self.each], order[self.each :]
        for certificate in self.teams[code]:
            self.drawn[certificate] = self.drawn.get(certificate, 0) + 1
        return list(self.teams[code])

    def next_inspector(self, code, out):
        self.teams[code].remove(out)
        if not self.waiting[code]:
            return None
        substitute = self.waiting[code].pop(0)
        self.teams[code].append(substitute)
        self.drawn[substitute] = self.drawn.get(substitute, 0) + 1
        return substitute


def compute(document):
    """Commitment, seed, selected and the queues and staffing that replacements go on from."""
    announcement = document["announcement"]
    commitment = h(canonical(announcement))
    public = document.get("public")
    seed = h(commitment, *document["contributions"], *([] if public is None else [public]))
    queues = tickets_by_stratum(document["targets"], seed)
    winners = []
    for stratum in announcement["strata"]:
        queue = queues.get(stratum["name"], [])
        winners += [(ticket, stratum["name"], code, area) for ticket, code, area in queue[: stratum["take"]]]
    staffing = Staffing(document["inspectors"], announcement["inspectors_each"], seed)
    selected = [
        {"ticket": ticket, "stratum": stratum, "code": code, "inspectors": staffing.staff(code, area)}
        for ticket, stratum, code, area in sorted(winners)
    ]
    return {
        "commitment": commitment,
        "seed": seed,
        "selected": selected,
        "queues": queues,
        "staffing": staffing,
    }


def replacement_error(document, computed):
    """None, or the first published replacement that is not the next in line."""
    staffing = computed["staffing"]
    place = {stratum["name"]: stratum["take"] for stratum in document["announcement"]["strata"]}
    stratum_of = {item["code"]: item["stratum"] for item in computed["selected"]}
    for entry in document.get("replacements", []):
        if entry["kind"] == "inspector":
            if entry["out"] not in staffing.teams.get(entry["target"], []):
                return entry
            expected = staffing.next_inspector(entry["target"], entry["out"])
        else:
            if staffing.teams.pop(entry["out"], None) is None:
                return entry
            stratum = stratum_of[entry["out"]]
            queue, expected = computed["queues"][stratum], None
            if place[stratum] < len(queue):
                _, expected, area = queue[place[stratum]]
                place[stratum] += 1
                stratum_of[expected] = stratum
                staffing.staff(expected, area)
        if entry["in"] != expected:
            return entry
    return None


def checks(document, computed):
    """(what, agrees, detail) for every check, in the order of the procedure."""
    announcement, result = document["announcement"], document.get("result", {})
    for name, label in (("targets", "对象名录 target roll"), ("inspectors", "人员名录 inspector roll")):
        digest = hashlib.sha256(roll_bytes(document[name])).hexdigest()
        yield label, digest == announcement[name + "_sha256"], digest
    sizes = {}
    for row in document["targets"]:
        sizes[row[0]] = sizes.get(row[0], 0) + 1
    announced = {stratum["name"]: stratum["size"] for stratum in announcement["strata"] if stratum["size"]}
    yield "分层与数量 strata", sizes == announced and announcement["format"] == FORMAT, canonical(sizes)
    codes = {row[1] for row in document["targets"]}
    yield "对象不重复 no target twice", len(codes) == len(document["targets"]), str(len(codes))
    yield "承诺 commitment", computed["commitment"] == result.get("commitment"), computed["commitment"]
    witnesses, contributions = announcement["witnesses"], document["contributions"]
    yield "见证人数 witnesses", len(witnesses) == len(contributions), str(len(contributions))
    for place, witness in enumerate(witnesses[: len(contributions)]):
        contribution = contributions[place]
        yield "见证人 witness " + witness["role"], h(contribution) == witness["sha256"], h(contribution)
    named = announcement.get("public_value") is not None
    yield "公共随机值 public value", named == (document.get("public") is not None), str(document.get("public"))
    yield "种子 seed", computed["seed"] == result.get("seed"), computed["seed"]
    published = result.get("selected", [])
    mine = [(item["ticket"], item["stratum"], item["code"]) for item in computed["selected"]]
    theirs = [(item["ticket"], item["stratum"], item["code"]) for item in published]
    yield "抽中对象 drawn targets", mine == theirs, str(len(mine))
    agree = computed["selected"] == published
    each = announcement["inspectors_each"]
    unstaffed = [item["code"] for item in computed["selected"] if len(item["inspectors"]) < each]
    agree = agree and result.get("unstaffed", unstaffed) == unstaffed
    yield "检查人员 inspectors", agree, str(sum(len(item["inspectors"]) for item in computed["selected"]))
    if document.get("replacements"):
        wrong = replacement_error(document, computed)
        yield "替补 replacements", wrong is None, canonical(wrong) if wrong else str(len(document["replacements"]))


def where(document, computed, code):
    takes = {stratum["name"]: stratum["take"] for stratum in document["announcement"]["strata"]}
    for stratum, queue in computed["queues"].items():
        for place, (ticket, other, _) in enumerate(queue, start=1):
            if other == code:
                drawn = "抽中 drawn" if place <= takes[stratum] else "未抽中 not drawn"
                return f"{code}: {stratum} {place}/{len(queue)}, {ticket}, {drawn} (take {takes[stratum]})"
    return f"{code}: 不在名录中 not in the roll"


def load(arguments):
    document = json.loads(Path(arguments.publication).read_text(encoding="utf-8-sig"))
    for name in ("targets", "inspectors"):
        path = getattr(arguments, name)
        if path:
            document[name] = roll_rows(Path(path).read_bytes())
    return document


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("publication", help="the published JSON")
    parser.add_argument("--targets", help="target roll file, instead of the one in the JSON")
    parser.add_argument("--inspectors", help="inspector roll file, instead of the one in the JSON")
    parser.add_argument("--where", metavar="CODE", help="the place of this target in its stratum")
    parser.add_argument("--json", action="store_true", help="print {commitment, seed, selected} as computed")
    arguments = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        document = load(arguments)
        computed = compute(document)
        outcome = list(checks(document, computed))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"无法读取 cannot read: {error!r}", file=sys.stderr)
        return 2
    agree = all(ok for _, ok, _ in outcome)
    if arguments.json:
        print(json.dumps({key: computed[key] for key in ("commitment", "seed", "selected")}, ensure_ascii=False))
    else:
        for label, ok, detail in outcome:
            print(f"{'一致 ok  ' if ok else '不符 FAIL'}  {label}: {detail}")
        if arguments.where:
            print(where(document, computed, arguments.where))
        print("全部一致 All agree." if agree else "存在不符 Something differs.")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
