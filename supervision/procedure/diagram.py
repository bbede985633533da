"""A procedure drawn as SVG from its declarations: the ordinary course in one row, side states below it.

Only class names and geometry are written, no inline style: the page's stylesheet colours it under a strict CSP, and the
copies in `docs/procedures` carry the same few rules in a `<style>` of their own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .declare import Procedure

COLUMN, ROW = 168, 96
WIDTH, HEIGHT = 128, 44
MARGIN = 24

STANDALONE_STYLE = """
.d-node rect{fill:#fff;stroke:#b9c6d4;stroke-width:1.5}
.d-node text{font:13px sans-serif;fill:#17212b;text-anchor:middle}
.d-final rect{stroke-width:3}
.d-done rect{fill:#e6f4ec;stroke:#1a7a4a}
.d-here rect{fill:#e8f0f9;stroke:#17579b;stroke-width:2.5}
.d-edge path{fill:none;stroke:#7d8a98;stroke-width:1.2}
.d-edge text{font:11px sans-serif;fill:#51606f;text-anchor:middle}
.d-auto path{stroke-dasharray:5 4}
.d-head{fill:#7d8a98}
"""


@dataclass(frozen=True)
class _Place:
    column: float
    row: int

    @property
    def x(self) -> float:
        return MARGIN + self.column * COLUMN

    @property
    def y(self) -> float:
        return MARGIN + 28 + self.row * ROW


def _moves(procedure: type[Procedure]) -> dict[tuple[str, str], list[tuple[str, bool]]]:
    """(source, target) → labels of the steps that make the move, and whether each is automatic."""
    moves: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for step in procedure.steps.values():
        for source in step.sources:
            if step.target and step.target != source:
                moves[source, step.target].append((str(step.label), step.automatic))
    return moves


def _places(procedure: type[Procedure]) -> dict[str, _Place]:
    """Where each state stands: the rail in row 0, others in the first free place below where they come from."""
    places = {str(state): _Place(column, 0) for column, state in enumerate(procedure.rail)}
    taken = {(place.column, place.row) for place in places.values()}
    moves = _moves(procedure)
    waiting = [state for state in procedure.State.values if state not in places]
    while waiting:
        state = next(
            (one for one in waiting if any(target == one and source in places for source, target in moves)), waiting[0]
        )
        waiting.remove(state)
        sources = [places[source].column for source, target in moves if target == state and source in places]
        column = round(sum(sources) / len(sources)) if sources else 0
        row = 1
        while (column, row) in taken:
            row += 1
        places[state] = _Place(column, row)
        taken.add((column, row))
    return places


def _edge(start: _Place, end: _Place, labels: Iterable[tuple[str, bool]]) -> str:
    """An arrow between two states: straight to the neighbour, else an arc above (onward) or below (back)."""
    steps = list(labels)
    text = escape(" / ".join(label for label, _ in steps))
    kind = "d-edge d-auto" if all(automatic for _, automatic in steps) else "d-edge"
    middle = HEIGHT / 2
    if start.row == end.row and end.column - start.column == 1:
        x1, x2, y = start.x + WIDTH, end.x, start.y + middle
        path, tx, ty = f"M{x1} {y}H{x2}", (x1 + x2) / 2, y - 6
    elif start.row == end.row:
        x1, x2 = start.x + WIDTH / 2, end.x + WIDTH / 2
        onward = end.column > start.column
        y = start.y if onward else start.y + HEIGHT
        bend = y - 34 if onward else y + 34
        path = f"M{x1} {y}C{x1} {bend} {x2} {bend} {x2} {y}"
        tx, ty = (x1 + x2) / 2, bend + (12 if onward else -4)
    else:
        down = end.row > start.row
        x1, x2 = start.x + WIDTH / 2, end.x + WIDTH / 2
        y1, y2 = (start.y + HEIGHT, end.y) if down else (start.y, end.y + HEIGHT)
        path = f"M{x1} {y1}C{x1} {(y1 + y2) / 2} {x2} {(y1 + y2) / 2} {x2} {y2}"
        tx, ty = (x1 + x2) / 2, (y1 + y2) / 2
    title = f"<title>{text}</title>"
    short = text if len(text) <= 14 else f"{text[:13]}…"
    arrow = f'<path d="{path}" marker-end="url(#d-head)"/>'
    return f'<g class="{kind}">{title}{arrow}<text x="{tx}" y="{ty}">{short}</text></g>'


def svg(procedure: type[Procedure], *, here: str = "", passed: Iterable[str] = (), standalone: bool = False) -> str:
    """The diagram as an `<svg>` element; `here` is the present state, `passed` those gone through."""
    places = _places(procedure)
    been = set(passed)
    width = max(place.x for place in places.values()) + WIDTH + MARGIN
    height = max(place.y for place in places.values()) + HEIGHT + MARGIN + 20
    edges = [_edge(places[source], places[target], labels) for (source, target), labels in _moves(procedure).items()]
    nodes = []
    for state, place in places.items():
        classes = ["d-node"]
        classes += ["d-final"] if state in procedure.final else []
        classes += ["d-here"] if state == here else (["d-done"] if state in been else [])
        label = escape(str(procedure.State(state).label))
        nodes.append(
            f'<g class="{" ".join(classes)}">'
            f'<rect x="{place.x}" y="{place.y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
            f'<text x="{place.x + WIDTH / 2}" y="{place.y + HEIGHT / 2 + 5}">{label}</text></g>'
        )
    style = f"<style>{STANDALONE_STYLE}</style>" if standalone else ""
    name = escape(str(procedure.label))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{name}">{style}'
        '<defs><marker id="d-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path class="d-head" d="M0 0L8 4L0 8z"/></marker></defs>{"".join(edges)}{"".join(nodes)}</svg>'
    )
