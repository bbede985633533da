"""Who steps in after the draw (DR: recusal and redraw), computed from the same seed, so nobody picks the
substitute.

A target that closed gives way to the next ticket of its stratum; an inspector whose recusal came up later
gives way to the next in the order that staffed the target. Substitutes are never skipped: one that cannot
act either is replaced in turn, with its own reason. Pure functions on published material.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspections.draws.algorithm import (
    DrawError,
    Result,
    Selected,
    Ticket,
    draw,
    read_inspectors,
    staffing_order,
)


@dataclass(frozen=True, slots=True)
class ReplacedTarget:
    """``substitute`` is None when the stratum has no further ticket."""

    out: str
    substitute: Selected | None


@dataclass(frozen=True, slots=True)
class ReplacedInspector:
    """``substitute`` is None when nobody further is able: the target becomes unstaffed."""

    target: str
    out: str
    substitute: str | None


class Standing:
    """A draw with its replacements applied in the order they were made.

    ``active`` maps the code of every target still to be inspected to its inspectors.
    """

    def __init__(self, result: Result, *, inspectors: bytes, each: int) -> None:
        self._seed = result.seed
        self._each = each
        self._roll = read_inspectors(inspectors)
        self._queues = {name: list(tickets) for name, tickets in result.reserve.items()}
        self._drawn: Counter[str] = Counter()
        self._waiting: dict[str, list[str]] = {}
        self._tickets: dict[str, Ticket] = {}
        self.active: dict[str, list[str]] = {}
        for item in result.selected:
            self._staff(item.ticket)

    def replace_target(self, code: str) -> ReplacedTarget:
        """Raises DrawError when the target is not, or no longer, drawn."""
        if self.active.pop(code, None) is None:
            raise DrawError(f"target {code} is not drawn")
        queue = self._queues[self._tickets[code].stratum]
        return ReplacedTarget(code, self._staff(queue.pop(0)) if queue else None)

    def replace_inspector(self, target: str, certificate: str) -> ReplacedInspector:
        """Raises DrawError when the inspector does not stand on that target."""
        team = self.active.get(target, [])
        if certificate not in team:
            raise DrawError(f"inspector {certificate} is not drawn for target {target}")
        team.remove(certificate)
        waiting = self._waiting[target]
        if not waiting:
            return ReplacedInspector(target, certificate, None)
        substitute = waiting.pop(0)
        team.append(substitute)
        self._drawn[substitute] += 1
        return ReplacedInspector(target, certificate, substitute)

    def apply(self, replacements: Iterable[Mapping[str, Any]]) -> list[ReplacedTarget | ReplacedInspector]:
        """Replay published replacements. Raises DrawError where one names another substitute than the next
        in line.
        """
        replayed: list[ReplacedTarget | ReplacedInspector] = []
        for entry in replacements:
            done: ReplacedTarget | ReplacedInspector
            if entry["kind"] == "target":
                done = self.replace_target(entry["out"])
                substitute = done.substitute.ticket.code if done.substitute else None
            else:
                done = self.replace_inspector(entry["target"], entry["out"])
                substitute = done.substitute
            if entry["in"] != substitute:
                raise DrawError(f"{entry['out']} must be replaced by {substitute}, not by {entry['in']}")
            replayed.append(done)
        return replayed

    def _staff(self, ticket: Ticket) -> Selected:
        order = staffing_order(self._seed, ticket.code, ticket.area, self._roll, self._drawn)
        team, self._waiting[ticket.code] = order[: self._each], order[self._each :]
        self._drawn.update(team)
        self._tickets[ticket.code] = ticket
        self.active[ticket.code] = team
        return Selected(ticket, tuple(team), self._each)


def standing(
    announcement: Mapping[str, Any],
    *,
    targets: bytes,
    inspectors: bytes,
    contributions: Sequence[str],
    public: str | None = None,
    replacements: Sequence[Mapping[str, Any]] = (),
    further: int = 1,
) -> Standing:
    """Recompute the draw and its published replacements, ready for ``further`` ones. Raises DrawError as
    those do.
    """
    result = draw(
        announcement,
        targets=targets,
        inspectors=inspectors,
        contributions=contributions,
        public=public,
        reserve=sum(entry["kind"] == "target" for entry in replacements) + further,
    )
    now = Standing(result, inspectors=inspectors, each=announcement["inspectors_each"])
    now.apply(replacements)
    return now
