"""Checks every row of an upload once: good rows are staged for the store, bad rows laid aside as Parquet parts.

No database of ours is touched. A run that dies leaves a work directory and nothing else; the next starts a fresh one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monitoring.claims.chunks import Chunk, Malformed, chunks, headings, trimmed
from monitoring.claims.files import Member
from monitoring.claims.identity import blind_column
from monitoring.claims.layout import plain
from monitoring.claims.mapping import Target, literal, quoted, targets
from monitoring.claims.refusals import Refused
from monitoring.claims.staging import Stage

_ID_NUMBER = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15})(?!\d)")
_NAMES = {plain(name) for name in ("psn_name", "patient_name", "姓名", "参保人姓名", "患者姓名")}
_MOST_CELL = 200
BAD_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("table", pa.string()),
        ("row", pa.int64()),
        ("reasons", pa.list_(pa.string())),
        ("cells", pa.string()),
    ]
)


@dataclass
class Progress:
    """What has been done so far; handed to ``report`` after every chunk."""

    bytes_done: int = 0
    rows_read: int = 0
    rows_bad: int = 0
    tables: dict[str, int] = field(default_factory=dict)


Report = Callable[[Progress], None]


def check(
    con: duckdb.DuckDBPyConnection,
    members: list[Member],
    document: dict[str, Any] | None,
    work: Path,
    report: Report,
) -> Progress:
    """Stage all members in ``con`` and lay their bad rows under ``work/bad``.

    ``tables`` of the answer names every table staged. Raises :class:`Refused` for a file that cannot be read at all;
    single bad rows never raise.
    """
    # Rows come from one reader; a second thread would only part them into pieces that have to be joined again.
    con.execute("SET threads = 1")
    planned = [_Plan(member, *headings(member)) for member in members]
    for plan in planned:
        plan.targets = targets(document, plan.member.name, plan.names)
    progress = Progress()
    for number, plan in enumerate(planned):
        before = progress.bytes_done
        laying = _Laying(con, plan, number, work, progress)
        for chunk in chunks(plan.member, plan.names, plan.delimiter):
            laying.take(chunk)
            progress.bytes_done = max(progress.bytes_done, before + chunk.read)
            report(progress)
        progress.bytes_done = before + plan.member.path.stat().st_size
        plan.member.path.unlink()
    con.execute("RESET threads")
    if not progress.rows_read:
        raise Refused("empty", file=members[0].name if members else "")
    report(progress)
    return progress


@dataclass
class _Plan:
    member: Member
    names: list[str]
    delimiter: str
    targets: list[Target] = field(default_factory=list)


class _Laying:
    """Lays the rows of one file apart, chunk by chunk."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: _Plan, number: int, work: Path, progress: Progress):
        self._con, self._plan, self._progress = con, plan, progress
        self._folder, self._file, self._part = work / "bad", number, 0
        self._stages = [Stage(con, target, number, place) for place, target in enumerate(plan.targets)]
        # One cell after the other: nearly every row is told by its first.
        self._some = f"COALESCE({', '.join(map(quoted, plan.names))}, NULL) IS NOT NULL"
        cells = (f"{literal(name)}, COALESCE(left({quoted(name)}, {_MOST_CELL}), '')" for name in plan.names)
        self._cells = f"CAST(json_object({', '.join(cells)}) AS VARCHAR)"

    def take(self, chunk: Chunk) -> None:
        progress = self._progress
        progress.rows_read += chunk.rows.num_rows + len(chunk.malformed)
        progress.rows_bad += len(chunk.malformed)
        if chunk.malformed:
            self._keep_malformed(chunk.malformed)
        if chunk.rows.num_rows:
            self._stage(_without_persons(chunk.rows, self._plan))
        self._part += 1

    def _stage(self, rows: pa.Table) -> None:
        self._con.register("chunk_sent", rows)
        cells = trimmed(rows)
        self._con.register("chunk_cells", cells)
        # A column without a single cell is told as such, so that the planner leaves out all that would be done with it.
        empty = {name for name in cells.column_names if cells.column(name).null_count == cells.num_rows}
        columns = ", ".join(
            f"NULL::VARCHAR AS {quoted(name)}" if name in empty else quoted(name) for name in cells.column_names
        )
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW chunk AS SELECT {columns} FROM chunk_cells WHERE {self._some}")
        wrong = [
            self._take(place, target, stage, rows.column("__row")[0].as_py(), empty)
            for place, (target, stage) in enumerate(zip(self._plan.targets, self._stages, strict=True), start=1)
        ]
        # One row may be wrong for several tables.
        self._progress.rows_bad += pc.count_distinct(pa.chunked_array(wrong, pa.int64())).as_py()
        self._con.unregister("chunk_sent")
        self._con.unregister("chunk_cells")

    def _take(self, place: int, target: Target, stage: Stage, first: int, empty: set[str]) -> pa.Array:
        """Stage what one target finds in the chunk and lay its bad rows aside as they were sent; their numbers."""
        name = target.table.name
        good, bad = stage.take(first, empty)
        self._progress.tables[name] = self._progress.tables.get(name, 0) + good
        if bad.num_rows:
            self._con.register("chunk_bad", bad)
            self._con.execute(
                f"COPY (SELECT {literal(self._plan.member.name)} AS file, '{name}' AS \"table\", __row AS row, "
                f"__reasons AS reasons, {self._cells} AS cells FROM chunk_bad JOIN chunk_sent USING (__row) "
                f"ORDER BY __row) TO '{self._bad_part(place)}' (FORMAT parquet)"
            )
            self._con.unregister("chunk_bad")
        return bad.column("__row").combine_chunks()

    def _keep_malformed(self, malformed: list[Malformed]) -> None:
        """Rows without columns: all their text is one cell without a name."""
        bad = [
            {
                "file": self._plan.member.name,
                "table": self._plan.targets[0].table.name,
                "row": item.row,
                "reasons": [item.reason],
                "cells": json.dumps({"": _ID_NUMBER.sub("***", item.text)}, ensure_ascii=False),
            }
            for item in malformed
        ]
        pq.write_table(pa.Table.from_pylist(bad, BAD_SCHEMA), self._bad_part(0))

    def _bad_part(self, place: int) -> Path:
        """Parts are read in the order of their names."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"{self._file:04d}{self._part:06d}-{place:04d}.parquet"


def _without_persons(rows: pa.Table, plan: _Plan) -> pa.Table:
    """Certificate numbers become their index and names are left out, before anything is written anywhere."""
    personal = {name for target in plan.targets for name in target.personal}
    for position, name in enumerate(rows.column_names):
        if name in personal:
            rows = rows.set_column(position, name, blind_column(rows.column(name)))
        elif plain(name) in _NAMES:
            rows = rows.set_column(position, name, pa.array(["***"] * rows.num_rows))
    return rows
