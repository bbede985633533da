"""The draw anyone can check, format ``fund-supervision-draw/1`` (DR, HY-31): pure functions, no Django, no
clock.

Everything is text and integers. ``H(a, b, …)`` is the lower-case hex SHA-256 of the UTF-8 texts joined by
one line feed.

1. *Rolls* are bytes: sorted lines of tab-separated fields. Their SHA-256 stands in the announcement.
2. The *commitment* is ``H(announcement as canonical JSON)``; it is published before any contribution is
   revealed.
3. The *seed* is ``H(commitment, contributions…[, public value])``: nobody alone can choose it.
4. The *ticket* of a target is ``H(seed, "target", stratum, code)``; in each stratum the smallest win.
5. *Inspectors* go to winners by ascending ticket: the least drawn able ones, ties by ``H(seed, "inspector",
   code, certificate)``.

The same five lines are implemented independently in ``verify_draw.py`` and ``verify_draw.js`` (static files
of this app); ``tests/draws`` holds the four of us — the fourth is ``sha256sum`` in a shell — to the same
answer.
"""

import hashlib
import heapq
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

FORMAT = "fund-supervision-draw/1"
ANY_AREA = "*"
CONTRIBUTION_MIN_LENGTH = 16

TargetRow = tuple[str, str, str]
"""stratum, code, area"""
InspectorRow = tuple[str, str, str]
"""certificate, areas (comma-separated or ``*``), recused target codes (comma-separated, may be empty)"""


class DrawError(ValueError):
    """The material of a draw is not what the format asks for, or does not fit its announcement."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A target with its ticket; sorts as the tickets do."""

    digest: str
    stratum: str
    code: str
    area: str


class Inspectors:
    """An inspector roll, by area: whoever works in an area is found without asking all the others."""

    def __init__(self, rows: Iterable[InspectorRow]) -> None:
        self._recused: dict[str, frozenset[str]] = {}
        self._by_area: dict[str, list[str]] = {}
        for certificate, areas, recused in rows:
            self._recused[certificate] = frozenset(_listed(recused))
            listed = frozenset(_listed(areas))
            for area in [ANY_AREA] if ANY_AREA in listed else listed:
                self._by_area.setdefault(area, []).append(certificate)

    def able(self, code: str, area: str) -> list[str]:
        """The certificates whose area allows the target and whose declared interests do not forbid it."""
        return [
            certificate
            for key in (area, ANY_AREA)
            for certificate in self._by_area.get(key, ())
            if code not in self._recused[certificate]
        ]


@dataclass(frozen=True, slots=True)
class Selected:
    """A drawn target with the inspectors drawn for it.

    Fewer inspectors than ``needed`` mean that no more were able: the target is *unstaffed*. It stays drawn,
    with whoever was able, and is reported so that the missing inspectors are found by other lawful means.
    """

    ticket: Ticket
    inspectors: tuple[str, ...]
    needed: int

    @property
    def unstaffed(self) -> bool:
        return len(self.inspectors) < self.needed

    def as_json(self) -> dict[str, Any]:
        return {
            "ticket": self.ticket.digest,
            "stratum": self.ticket.stratum,
            "code": self.ticket.code,
            "inspectors": list(self.inspectors),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What a draw yields; ``reserve`` holds, by stratum, the tickets next in line after the winners."""

    commitment: str
    seed: str
    selected: tuple[Selected, ...]
    reserve: Mapping[str, tuple[Ticket, ...]]

    @property
    def unstaffed(self) -> tuple[str, ...]:
        return tuple(item.ticket.code for item in self.selected if item.unstaffed)

    def as_json(self) -> dict[str, Any]:
        return {
            "commitment": self.commitment,
            "seed": self.seed,
            "selected": [item.as_json() for item in self.selected],
        }


# Hashing and canonical bytes


def h(*texts: str) -> str:
    """``H(a, b, …)`` of the format."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def target_roll(rows: Iterable[Sequence[str]]) -> bytes:
    """The canonical bytes of a target roll. Raises DrawError on a bad field or a code that stands in it
    twice.
    """
    roll = _roll(rows, width=3)
    codes = Counter(code for _, code, _ in roll)
    if twice := [code for code, times in codes.items() if times > 1]:
        raise DrawError(f"target stands in the roll more than once: {', '.join(sorted(twice)[:5])}")
    for stratum, code, area in roll:
        if not (stratum and code and area) or "," in code + area:
            raise DrawError(f"a target needs stratum, code and area, no commas: {stratum!r}, {code!r}, {area!r}")
    return _lines(roll)


def inspector_roll(rows: Iterable[Sequence[str]]) -> bytes:
    """The canonical bytes of an inspector roll. Raises DrawError on a bad field or a certificate listed
    twice.
    """
    roll = _roll(rows, width=3)
    certificates = Counter(certificate for certificate, _, _ in roll)
    if twice := [certificate for certificate, times in certificates.items() if times > 1]:
        raise DrawError(f"certificate stands in the roll more than once: {', '.join(sorted(twice)[:5])}")
    if any(not certificate for certificate, _, _ in roll):
        raise DrawError("an inspector needs a certificate")
    return _lines(roll)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no blanks, unescaped UTF-8 and integers only. Raises DrawError on a fraction."""
    _refuse_fractions(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def commitment(announcement: Mapping[str, Any]) -> str:
    return h(canonical_json(announcement))


def contribution_hash(contribution: str) -> str:
    """What a witness announces. Raises DrawError when it is too short or holds control characters."""
    if len(contribution) < CONTRIBUTION_MIN_LENGTH:
        raise DrawError(f"a contribution needs at least {CONTRIBUTION_MIN_LENGTH} characters")
    return h(_field(contribution))


def seed(commitment: str, contributions: Sequence[str], public: str | None = None) -> str:
    return h(commitment, *contributions, *([] if public is None else [public]))


def ticket(seed: str, stratum: str, code: str) -> str:
    return h(seed, "target", stratum, code)


# Reading frozen rolls


def strata_sizes(targets: bytes) -> dict[str, int]:
    """Number of targets by stratum. Raises DrawError unless the bytes are a canonical roll."""
    sizes: Counter[bytes] = Counter()
    before = b""
    for line in io.BytesIO(targets):
        if line <= before or line.count(b"\t") != 2 or line[-1:] != b"\n":
            raise DrawError(f"not a canonical line of a target roll: {line[:80]!r}")
        sizes[line[: line.index(b"\t")]] += 1
        before = line
    return {stratum.decode(): size for stratum, size in sizes.items()}


def read_targets(targets: bytes) -> Iterator[TargetRow]:
    for line in io.BytesIO(targets):
        stratum, code, area = line[:-1].decode().split("\t")
        yield stratum, code, area


def read_inspectors(inspectors: bytes) -> Inspectors:
    """The inspectors of a frozen roll. Raises DrawError unless the bytes are a canonical roll."""
    rows = inspector_rows(inspectors)
    if inspector_roll(rows) != inspectors:
        raise DrawError("not a canonical inspector roll")
    return Inspectors(rows)


def inspector_rows(inspectors: bytes) -> list[InspectorRow]:
    rows = []
    for line in inspectors.decode().split("\n")[:-1]:
        certificate, areas, recused = line.split("\t")
        rows.append((certificate, areas, recused))
    return rows


# The draw


def draw(
    announcement: Mapping[str, Any],
    *,
    targets: bytes,
    inspectors: bytes,
    contributions: Sequence[str],
    public: str | None = None,
    reserve: int = 0,
) -> Result:
    """Check the material against its announcement and draw.

    ``reserve`` asks for that many tickets next in line per stratum, for replacements. Raises DrawError,
    naming what does not fit, before anything is computed: nobody draws from other rolls or contributions
    than the announced.
    """
    check_announcement(announcement)
    check_rolls(announcement, targets=targets, inspectors=inspectors)
    check_contributions(announcement, contributions, public)
    committed = commitment(announcement)
    drawn_seed = seed(committed, contributions, public)
    take = {stratum["name"]: stratum["take"] for stratum in announcement["strata"]}
    queues = _smallest(targets, drawn_seed, {name: count + reserve for name, count in take.items()})
    winners = sorted(
        (ticket for name, queue in queues.items() for ticket in queue[: take[name]]),
        key=lambda ticket: ticket.digest,
    )
    return Result(
        commitment=committed,
        seed=drawn_seed,
        selected=_staff(winners, read_inspectors(inspectors), announcement["inspectors_each"], drawn_seed),
        reserve={name: queue[take[name] :] for name, queue in queues.items()},
    )


def position(targets: bytes, seed: str, stratum: str, code: str) -> int:
    """The place, from 1, of a target's ticket in its stratum. Raises DrawError when the target is not in
    the roll.
    """
    mine = ticket(seed, stratum, code)
    rows = [other for name, other, _ in read_targets(targets) if name == stratum]
    if code not in rows:
        raise DrawError(f"{code} is not in stratum {stratum}")
    return 1 + sum(ticket(seed, stratum, other) < mine for other in rows)


def staffing_order(seed: str, code: str, area: str, inspectors: Inspectors, drawn: Mapping[str, int]) -> list[str]:
    """The certificates able to inspect a target: least drawn first, ties by their own hash."""
    hashed = _suffix_hash(seed, "inspector", code)
    return sorted(
        inspectors.able(code, area),
        key=lambda certificate: (drawn.get(certificate, 0), hashed(certificate.encode())),
    )


def _staff(winners: Iterable[Ticket], inspectors: Inspectors, each: int, seed: str) -> tuple[Selected, ...]:
    drawn: Counter[str] = Counter()
    selected = []
    for winner in winners:
        chosen = staffing_order(seed, winner.code, winner.area, inspectors, drawn)[:each]
        drawn.update(chosen)
        selected.append(Selected(winner, tuple(chosen), each))
    return tuple(selected)


def _smallest(targets: bytes, seed: str, counts: Mapping[str, int]) -> dict[str, tuple[Ticket, ...]]:
    """The smallest tickets of each stratum in one pass; memory grows with the take, not the roll."""
    queues: dict[str, tuple[Ticket, ...]] = dict.fromkeys(counts, ())
    for name, lines in groupby(io.BytesIO(targets), key=lambda line: line[: line.index(b"\t")]):
        stratum = name.decode()
        queues[stratum] = tuple(
            Ticket(digest.hex(), stratum, code.decode(), area.decode())
            for digest, code, area in heapq.nsmallest(counts[stratum], _tickets(lines, seed, stratum))
        )
    return queues


def _tickets(lines: Iterable[bytes], seed: str, stratum: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    # Raw digests sort as their hex texts do, in half the room.
    hashed = _suffix_hash(seed, "target", stratum)
    for line in lines:
        _, code, area = line.split(b"\t")
        yield hashed(code), code, area[:-1]


def _suffix_hash(*prefix: str):
    """``H(*prefix, text)`` as raw digest, the prefix hashed once and its context copied for every text."""
    context = hashlib.sha256("".join(f"{text}\n" for text in prefix).encode())
    copy = context.copy

    def hashed(text: bytes) -> bytes:
        one = copy()
        one.update(text)
        return one.digest()

    return hashed


# Checks: the announcement first, then what is said to belong to it


def check_announcement(announcement: Mapping[str, Any]) -> None:
    """Raises DrawError unless the announcement has the shape of the format."""
    try:
        shape_ok = (
            announcement["format"] == FORMAT
            and all(isinstance(announcement[key], str) for key in ("draw", "authority", "at"))
            and all(_is_hash(announcement[key]) for key in ("targets_sha256", "inspectors_sha256"))
            and _is_count(announcement["inspectors_each"])
            and announcement["inspectors_each"] > 0
            and all(
                isinstance(stratum["name"], str)
                and _is_count(stratum["size"])
                and _is_count(stratum["take"])
                and stratum["take"] <= stratum["size"]
                for stratum in announcement["strata"]
            )
            and all(
                isinstance(witness["role"], str) and _is_hash(witness["sha256"])
                for witness in announcement["witnesses"]
            )
        )
        public = announcement["public_value"]
        shape_ok = shape_ok and (public is None or isinstance(public["source"], str))
    except (KeyError, TypeError) as error:
        raise DrawError(f"the announcement lacks {error}") from error
    if not shape_ok:
        raise DrawError(f"the announcement is not of format {FORMAT}")
    names = [stratum["name"] for stratum in announcement["strata"]]
    if len(set(names)) != len(names):
        raise DrawError("a stratum is announced twice")


def check_rolls(announcement: Mapping[str, Any], *, targets: bytes, inspectors: bytes) -> None:
    """Raises DrawError unless both rolls are the announced ones, with the announced strata."""
    for key, roll in (("targets_sha256", targets), ("inspectors_sha256", inspectors)):
        if sha256(roll) != announcement[key]:
            raise DrawError(f"{key} differs: {sha256(roll)} is not the announced {announcement[key]}")
    announced = {stratum["name"]: stratum["size"] for stratum in announcement["strata"] if stratum["size"]}
    if announced != strata_sizes(targets):
        raise DrawError("the strata of the target roll are not the announced ones")


def check_contributions(announcement: Mapping[str, Any], contributions: Sequence[str], public: str | None) -> None:
    """Raises DrawError unless every announced witness, and no other, gave what was committed to."""
    witnesses = announcement["witnesses"]
    if len(contributions) != len(witnesses):
        raise DrawError(f"{len(witnesses)} contributions are announced, {len(contributions)} given")
    for witness, contribution in zip(witnesses, contributions, strict=True):
        if contribution_hash(contribution) != witness["sha256"]:
            raise DrawError(f"the contribution of witness {witness['role']} is not the announced one")
    if (public is None) != (announcement["public_value"] is None):
        raise DrawError("a public value is given exactly when one is announced")
    if public is not None:
        _field(public)


def _roll(rows: Iterable[Sequence[str]], *, width: int) -> list[Sequence[str]]:
    roll = []
    for row in rows:
        if len(row) != width:
            raise DrawError(f"a line of the roll has {len(row)} fields instead of {width}")
        for text in row:
            _field(text)
        roll.append(row)
    # Code points order as their UTF-8 bytes do; without control characters whole lines order as their fields.
    roll.sort(key=tuple)
    return roll


def _lines(roll: Iterable[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in roll).encode()


def _field(text: str) -> str:
    """Control characters would let one text pass for two; a lone surrogate has no UTF-8."""
    if not text.isprintable() and any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise DrawError(f"control character in {text!r}")
    return text


def _listed(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise DrawError(f"fractions have no place in a draw: {value!r}")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_fractions(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_fractions(item)
