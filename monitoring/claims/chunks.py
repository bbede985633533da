"""A UTF-8 CSV as Arrow chunks of text with row numbers, and the rows whose shape is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from monitoring.claims.files import LONG_ROW_MARK, Member
from monitoring.claims.refusals import Refused

BLOCK = 1024 * 1024
"""Bytes read at once: few enough that their cells are still in the processor's cache when they become columns."""
BLOCKS = 16
"""Blocks that are checked together: enough that planning their check is nothing beside it."""
_MOST_ROWS_IN_QUOTES = 50
SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""What is cut off the ends of a cell: every space of Unicode, the wide one of Chinese typing among them."""


@dataclass(frozen=True)
class Malformed:
    """A row that is not a row of this table: its number (the heading is row 1), why, and its beginning."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Chunk:
    """Text columns plus ``__row``, empty cells null; malformed rows met so far; bytes of the file read so far."""

    rows: pa.Table
    malformed: list[Malformed]
    read: int


def headings(member: Member) -> tuple[list[str], str]:
    """The column names and the delimiter. Raises :class:`Refused` for none or repeated names."""
    with member.path.open(encoding="utf-8", newline="") as stream:
        first = stream.readline()
        if first.startswith(LONG_ROW_MARK.decode()):
            raise Refused("damaged", file=member.name, detail="the heading row is too long")
        delimiter = max(",\t;|", key=first.count)
        stream.seek(0)
        names = [name.strip() for name in next(csv.reader(stream, delimiter=delimiter), [])]
    if not any(names):
        raise Refused("empty", file=member.name)
    names = [name or f"column {index}" for index, name in enumerate(names, start=1)]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise Refused("duplicate_columns", file=member.name, columns=", ".join(repeated))
    return names, delimiter


def chunks(member: Member, names: list[str], delimiter: str) -> Iterator[Chunk]:
    """The rows of the file in order. Raises :class:`Refused` for a quote that never closes."""
    wrong: list[Malformed] = []

    def set_aside(row) -> str:
        if row.text.count("\n") > _MOST_ROWS_IN_QUOTES:
            swallowed.append(row.number)
        text = row.text[:2000]
        reason = ":long_row" if LONG_ROW_MARK.decode() in text else ":columns"
        wrong.append(Malformed(row.number, reason, text.replace(LONG_ROW_MARK.decode(), "…")))
        return "skip"

    swallowed: list[int] = []
    with pa.OSFile(str(member.path)) as stream:
        numbers = _Numbers(wrong)
        try:
            reader = arrow_csv.open_csv(
                stream,
                arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, skip_rows=1, column_names=names),
                arrow_csv.ParseOptions(
                    delimiter=delimiter,
                    newlines_in_values=_has_quotes(member),
                    ignore_empty_lines=False,
                    invalid_row_handler=set_aside,
                ),
                # The file was made by us of text once decoded: it is UTF-8.
                arrow_csv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    check_utf8=False,
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            batches = iter(reader)
            while some := list(islice(batches, BLOCKS)):
                if swallowed:
                    raise Refused("structure", file=member.name, row=swallowed[0])
                rows, some = pa.Table.from_batches(some), []
                rows = rows.append_column("__row", pa.array(numbers.take(rows.num_rows), pa.int64()))
                chunk, rows = Chunk(rows, [*wrong], stream.tell()), None
                wrong.clear()
                yield chunk
                del chunk
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise Refused("structure", file=member.name, row=numbers.next) from error
    if swallowed:
        raise Refused("structure", file=member.name, row=swallowed[0])
    if wrong:
        yield Chunk(pa.table({name: pa.array([], pa.string()) for name in [*names, "__row"]}), wrong, 0)


def trimmed(rows: pa.Table) -> pa.Table:
    """The text columns without spaces around their cells; a cell of nothing else is null."""
    for position, column in enumerate(rows.columns):
        if pa.types.is_string(column.type) and _may_hold_spaces(column):
            cells = pc.utf8_trim(column, SPACES)
            rows = rows.set_column(
                position, rows.column_names[position], pc.if_else(pc.equal(pc.binary_length(cells), 0), None, cells)
            )
    return rows


def _may_hold_spaces(column: pa.ChunkedArray) -> bool:
    """Whether any cell could: told by a look at all cells' bytes at once, which is far less than trimming them."""
    for part in column.chunks:
        data = part.buffers()[2]
        letters = data.to_pybytes() if data else b""
        if b" " in letters or not letters.isascii():
            return True
    return False


def _has_quotes(member: Member) -> bool:
    """Whether a value may hold a line break; a file without quotes is cut into chunks much faster."""
    with member.path.open("rb") as stream:
        while block := stream.read(BLOCK):
            if b'"' in block:
                return True
    return False


class _Numbers:
    """Row numbers of good rows: they follow each other except where a malformed row stood between."""

    def __init__(self, wrong: list[Malformed]) -> None:
        self._wrong, self.next = wrong, 2
        self._gaps: set[int] = set()

    def take(self, count: int) -> np.ndarray:
        self._gaps.update(item.row for item in self._wrong)
        numbers = np.arange(self.next, self.next + count + len(self._gaps))
        if self._gaps:
            numbers = numbers[~np.isin(numbers, list(self._gaps))]
        numbers = numbers[:count]
        if count:
            self.next = int(numbers[-1]) + 1
            self._gaps = {gap for gap in self._gaps if gap >= self.next}
        return numbers
