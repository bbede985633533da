"""Columns of a list: what a cell shows on a page, and what it says in an export."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import format as shape
from .parties_links import party_link

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """One column.

    - `name`: identifies it in the address; also the accessor when `value` is not given (dots follow relations).
    - `value`: accessor path or `callable(row)`; the plain value, also what an export writes.
    - `cell`: `callable(row)` giving the HTML of the cell, when the kind's own is not enough.
    - `kind`: text, number, money (yuan), date, datetime, party, tag — how the value is drawn and aligned.
    - `sort`: the model field to order by; without one the column cannot be sorted.
    - `link`: `callable(row)` giving the address the cell leads to. `lead=True` names the row on a phone.
    - `optional=True`: hidden until chosen. `phone=False`: left out of a phone's cards.
      `exported=False`: not written to exports.
    - `tone`: `callable(row)` → '', 'ok', 'warn', 'bad' or 'on', for kind 'tag'.
    """

    name: str
    label: Text
    value: str | Callable[[Any], Any] = ""
    cell: Callable[[Any], SafeString | str] | None = None
    kind: str = "text"
    sort: str = ""
    link: Callable[[Any], str] | None = None
    lead: bool = False
    optional: bool = False
    exported: bool = True
    phone: bool = True
    tone: Callable[[Any], str] | None = None

    @property
    def css(self) -> str:
        """Classes of the cell."""
        flags = (
            ("num", self.kind in ("number", "money")),
            ("date", self.kind in ("date", "datetime")),
            ("code", self.name == "number"),
            ("lead", self.lead),
            ("wide", not self.phone),
        )
        return " ".join(name for name, on in flags if on)

    def plain(self, row: Any) -> Any:
        """The value itself: what an export writes."""
        if callable(self.value):
            return self.value(row)
        found = row
        for part in (self.value or self.name).split("."):
            found = getattr(found, part, None)
            if found is None:
                return None
            if callable(found) and part.startswith("get_"):
                found = found()
        return found

    def html(self, row: Any) -> SafeString | str:
        """The cell as the page shows it."""
        if self.cell:
            return self.cell(row)
        value = self.plain(row)
        if self.kind == "party":
            return party_link(value)
        text = self._text(value)
        if self.kind == "tag" and text:
            text = format_html('<span class="tag {}">{}</span>', self.tone(row) if self.tone else "", text)
        if self.link and text and (url := self.link(row)):
            return format_html('<a href="{}">{}</a>', url, text)
        return text

    def _text(self, value: Any) -> str:
        match self.kind:
            case "money":
                return shape.yuan(value)
            case "date":
                return shape.day(value)
            case "datetime":
                return shape.moment(value)
            case "number":
                return "" if value is None else f"{value:,}"
        return "" if value is None else str(value)
