"""Pages of a long list in constant time: the next page starts *after a row*, never after a number of rows.

Rows are ordered by one field and the primary key. A cursor holds the two values of the row it stands at and the
direction; it tells nothing secret, so it is not signed, and a broken one simply shows the first page.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet


@dataclass(frozen=True)
class Order:
    """By which field, in which direction; equal values are told apart by primary key in the same direction."""

    field: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "Order":
        """'-opened_at' → descending by opened_at."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.field}"


@dataclass(frozen=True)
class Page:
    """Rows with the cursors of the neighbouring pages, '' where there is none."""

    rows: list[Any]
    previous: str
    next: str


def page(rows: QuerySet[Any], order: Order, cursor: str, length: int) -> Page:
    """The page of at most `length` rows that the cursor names; two queries, no OFFSET.

    The first reads only the keys, in order: joining what the columns show to every row before a page of them is taken
    makes the database sort them all.
    """
    place = _decode(cursor)
    backwards = place is not None and place[0] == "before"
    start = None if place is None else _place(rows, order, place[1], place[2])
    chosen = _ordered(rows if start is None else rows.filter(_beyond(rows, order, start, backwards)), order, backwards)
    keys = list(chosen.values_list("pk", flat=True)[: length + 1])
    known = {row.pk: row for row in rows.filter(pk__in=keys).order_by()} if keys else {}
    found = [known[key] for key in keys if key in known]
    more = len(found) > length
    found = found[:length]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    has_previous = more if backwards else start is not None
    has_next = True if backwards else more
    return Page(
        rows=found,
        previous=_encode("before", found[0], order) if has_previous else "",
        next=_encode("after", found[-1], order) if has_next else "",
    )


def in_order(rows: QuerySet[Any], order: Order) -> QuerySet[Any]:
    """Every row in the list's order, for an export."""
    return _ordered(rows, order, backwards=False)


def _ordered(rows: QuerySet[Any], order: Order, backwards: bool) -> QuerySet[Any]:
    """Empty values come last, forwards."""
    descending = order.descending != backwards
    if order.field == "pk":
        return rows.order_by("-pk" if descending else "pk")
    nulls: dict[str, bool] = {}
    if _nullable(rows.model, order.field):
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
    column = F(order.field)
    return rows.order_by(column.desc(**nulls) if descending else column.asc(**nulls), "-pk" if descending else "pk")


def _beyond(rows: QuerySet[Any], order: Order, start: tuple[Any, Any], backwards: bool) -> Q:
    """Rows after the start (before it, backwards), phrased so that an index on (field, id) serves it."""
    value, pk = start
    down = order.descending != backwards
    further, at_least = ("lt", "lte") if down else ("gt", "gte")
    if order.field == "pk":
        return Q(**{f"pk__{further}": pk})
    same = Q(**{f"pk__{further}": pk})
    if value is None:
        rest = Q(**{f"{order.field}__isnull": True}) & same
        return rest | Q(**{f"{order.field}__isnull": False}) if backwards else rest
    beyond = Q(**{f"{order.field}__{at_least}": value}) & (Q(**{f"{order.field}__{further}": value}) | same)
    if not backwards and _nullable(rows.model, order.field):
        return beyond | Q(**{f"{order.field}__isnull": True})
    return beyond


def _field(model: type[Model], path: str) -> "tuple[Field[Any, Any] | None, bool]":
    """The model field at the end of a `__` path, and whether any part of the way may be empty."""
    field: Any = None
    nullable = False
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None, True
        nullable = nullable or bool(getattr(field, "null", False))
        model = field.related_model or model
    return field, nullable


def _nullable(model: type[Model], path: str) -> bool:
    return _field(model, path)[1]


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return getattr(row, "pk", row)


def _encode(direction: str, row: Any, order: Order) -> str:
    text = json.dumps([direction, _value(row, order.field), row.pk], default=_plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> str:
    """Dates and times with all their digits: rounding one would lose rows between two pages."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _decode(cursor: str) -> tuple[str, Any, Any] | None:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        direction, value, pk = parts
    except (binascii.Error, UnicodeDecodeError, ValueError, TypeError):
        return None
    return (direction, value, pk) if direction in ("before", "after") else None


def _place(rows: QuerySet[Any], order: Order, value: Any, pk: Any) -> tuple[Any, Any] | None:
    """The cursor's values as the fields' own types; None when they are none."""
    field = _field(rows.model, order.field)[0]
    try:
        key = rows.model._meta.pk.to_python(pk)
        if key is None or value is None or field is None:
            return None if key is None else (value, key)
        return (field.to_python(value), key)
    except ValidationError:
        return None
