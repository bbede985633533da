"""Checks every row of an upload and lays good and bad rows apart as Parquet parts. Files only, no database.

A run that dies leaves a work directory and nothing else; the next run starts a fresh one.
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
import pyarrow.parquet as pq

from monitoring.claims.chunks import Chunk, chunks, headings
from monitoring.claims.files import Member
from monitoring.claims.identity import blind_column
from monitoring.claims.layout import plain
from monitoring.claims.mapping import Target, targets
from monitoring.claims.refusals import Refused
from monitoring.claims.store import one_number
from monitoring.claims.validate import typed_sql

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
    """Stage all members under ``work/good/<table>`` and ``work/bad``.

    Raises :class:`Refused` for a file that cannot be read at all; single bad rows never raise.
    """
    planned = [_Plan(member, *headings(member)) for member in members]
    for plan in planned:
        plan.targets = targets(document, plan.member.name, plan.names)
    progress = Progress()
    for number, plan in enumerate(planned):
        before = progress.bytes_done
        for part, chunk in enumerate(chunks(plan.member, plan.names, plan.delimiter)):
            _Stage(con, plan, work, f"{number:04d}{part:06d}", progress).take(chunk)
            progress.bytes_done = max(progress.bytes_done, before + chunk.read)
            report(progress)
        progress.bytes_done = before + plan.member.path.stat().st_size
        plan.member.path.unlink()
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


def staged(work: Path, table: str) -> str | None:
    """The glob of a table's good parts, or None when there are none."""
    folder = work / "good" / table
    return str(folder / "*.parquet") if folder.exists() else None


@dataclass
class _Stage:
    """Lays one chunk apart."""

    con: duckdb.DuckDBPyConnection
    plan: _Plan
    work: Path
    part: str
    progress: Progress
    wrong_rows: set[int] = field(default_factory=set)

    def take(self, chunk: Chunk) -> None:
        plan, progress = self.plan, self.progress
        bad = [
            {
                "file": plan.member.name,
                "table": plan.targets[0].table.name,
                "row": item.row,
                "reasons": [item.reason],
                "cells": json.dumps({"": _ID_NUMBER.sub("***", item.text)}, ensure_ascii=False),
            }
            for item in chunk.malformed
        ]
        progress.rows_read += chunk.rows.num_rows + len(bad)
        if chunk.rows.num_rows:
            self.con.register("chunk_rows", _without_persons(chunk.rows, plan))
            filled = [f"trim(\"{_escape(name)}\") <> ''" for name in plan.names]
            # One cell after the other: nearly every row is told by its first.
            some = " ".join(f"WHEN {cell} THEN TRUE" for cell in filled)
            self.con.execute(
                f"CREATE OR REPLACE TEMP VIEW chunk AS SELECT * FROM chunk_rows WHERE CASE {some} ELSE FALSE END"
            )
            for target in plan.targets:
                bad += self._table(target)
            self.con.unregister("chunk_rows")
        progress.rows_bad += len(self.wrong_rows) + len(chunk.malformed)
        if bad:
            folder = self.work / "bad"
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(bad, BAD_SCHEMA), folder / f"{self.part}.parquet")

    def _table(self, target: Target) -> list[dict[str, Any]]:
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {typed_sql(target, 'chunk')}")
        folder = self.work / "good" / target.table.name
        folder.mkdir(parents=True, exist_ok=True)
        part = f"{self.part}-{len(list(folder.glob(f'{self.part}-*.parquet'))):02d}"
        good = one_number(
            self.con.execute(
                f"COPY (SELECT * EXCLUDE (__reasons), '{part}' AS __part FROM checked WHERE __reasons IS NULL) "
                f"TO '{folder / f'{part}.parquet'}' (FORMAT parquet, COMPRESSION lz4)"
            )
        )
        tables = self.progress.tables
        tables[target.table.name] = tables.get(target.table.name, 0) + good
        if not one_number(self.con.execute("SELECT count(*) FROM checked WHERE __reasons IS NOT NULL")):
            return []
        found = self.con.execute(
            "SELECT c.__row, k.__reasons, to_json(c) FROM checked k JOIN chunk c USING (__row) "
            "WHERE k.__reasons IS NOT NULL ORDER BY c.__row"
        ).fetchall()
        self.wrong_rows.update(row for row, _reasons, _cells in found)
        return [
            {
                "file": self.plan.member.name,
                "table": target.table.name,
                "row": row,
                "reasons": reasons,
                "cells": _short(cells),
            }
            for row, reasons, cells in found
        ]


def _without_persons(rows: pa.Table, plan: _Plan) -> pa.Table:
    """Certificate numbers become their index and names are left out, before anything is written anywhere."""
    personal = {name for target in plan.targets for name in target.personal}
    for position, name in enumerate(rows.column_names):
        if name in personal:
            rows = rows.set_column(position, name, blind_column(rows.column(name)))
        elif plain(name) in _NAMES:
            rows = rows.set_column(position, name, pa.array(["***"] * rows.num_rows))
    return rows


def _escape(name: str) -> str:
    return name.replace('"', '""')


def _short(cells: str) -> str:
    document = json.loads(cells)
    document.pop("__row", None)
    return json.dumps({name: str(value or "")[:_MOST_CELL] for name, value in document.items()}, ensure_ascii=False)
