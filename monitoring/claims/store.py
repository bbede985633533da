"""The claims store: immutable Parquet files per table and settlement month, listed in PostgreSQL.

A file is named by the hash of its bytes and never changes. A re-sent row replaces its older self: the month files
that held it are written anew without it, and the manifest moves from the old files to the new in one transaction.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from monitoring import conf
from monitoring.claims.layout import NO_MONTH, STORED_TYPE, TABLES, Table


@dataclass(frozen=True)
class StoredFile:
    """A Parquet file on disk: its table, month (``YYYYMM``), path below the store, hash, rows and bytes."""

    table: str
    month: str
    path: str
    sha256: str
    rows: int
    size: int


@dataclass(frozen=True)
class Merge:
    """What a merge would change: files to list, paths no longer listed, counts of rows added and replaced."""

    table: str
    added: tuple[StoredFile, ...]
    removed: tuple[str, ...]
    rows: int
    replaced: int
    duplicates: int


Listed = dict[str, list[tuple[str, str]]]
"""Table → ``(month, path below the store)`` of the current files."""


def store_dir() -> Path:
    return conf.claims_dir() / "store"


def one_number(answer: duckdb.DuckDBPyConnection) -> int:
    """The number a query of one row and one column gave."""
    (number,) = answer.fetchall()[0]
    return int(number)


@contextmanager
def connection(work: Path):
    """A DuckDB connection in process, with bounded memory and its spill inside ``work``."""
    work.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(config={"memory_limit": conf.engine_memory(), "temp_directory": str(work / "spill")})
    con.execute("SET preserve_insertion_order = false")
    try:
        yield con
    finally:
        con.close()


def columns(table: Table) -> str:
    return ", ".join(f'"{item.name}"' for item in table.fields)


def empty_relation(table: Table) -> str:
    """SELECT with the table's columns and types and no row."""
    typed = ", ".join(f'CAST(NULL AS {STORED_TYPE[item.kind]}) AS "{item.name}"' for item in table.fields)
    return f"SELECT {typed}, CAST(NULL AS VARCHAR) AS month WHERE FALSE"


def relation(table: Table, paths: Iterable[str]) -> str:
    """SELECT over stored files (paths below the store), or the empty relation when there is none."""
    full = [str(store_dir() / path) for path in paths]
    if not full:
        return empty_relation(table)
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in full)
    return f"SELECT {columns(table)}, month FROM read_parquet([{listed}])"


def merge(con: duckdb.DuckDBPyConnection, table: Table, staged: str, current: Listed) -> Merge:
    """Write staged rows into month files.

    ``staged`` is a glob of typed parts (with ``__part``, ``__row``); ``current`` maps each table to its listed
    ``(month, path)`` files. Within one upload the last row of a key wins. Nothing is listed or unlisted here.
    """
    keys = ", ".join(f'"{name}"' for name in table.key)
    parts = f"read_parquet('{staged}')"
    ((total, kept),) = con.execute(f"SELECT count(*), count(DISTINCT ({keys})) FROM {parts}").fetchall()
    incoming = parts
    if kept < total:
        last = f"row_number() OVER (PARTITION BY {keys} ORDER BY __part DESC, __row DESC) = 1"
        incoming = f"(SELECT * FROM {parts} QUALIFY {last})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE dated AS {_dated(table, incoming, current)}")
    replaced, removed, rewritten = _displace(con, table, keys, current.get(table.name, []))
    added = list(rewritten)
    months = con.execute("SELECT DISTINCT month FROM dated ORDER BY month").fetchall()
    added += [
        _write(con, table, month, f"SELECT {columns(table)}, month FROM dated WHERE month = '{month}'")
        for (month,) in months
    ]
    con.execute("DROP TABLE dated")
    # A re-sent row equal to its old self gives back the very same file: it is neither added nor removed.
    kept_paths = {item.path for item in added} & set(removed)
    return Merge(
        table=table.name,
        added=tuple(item for item in added if item.path not in kept_paths),
        removed=tuple(path for path in removed if path not in kept_paths),
        rows=kept,
        replaced=replaced,
        duplicates=total - kept,
    )


def _dated(table: Table, incoming: str, current: Listed) -> str:
    """SELECT giving each row its settlement month: its own date, or its parent's, or the day of the fee, or none."""
    own = {"visits": "COALESCE(endtime, begntime)", "settlements": "setl_time", "fee_lines": "fee_ocur_time"}
    fallback = f"strftime({own[table.name]}, '%Y%m')" if table.name in own else f"'{NO_MONTH}'"
    if table.name not in _PARENT:
        return f"SELECT {columns(table)}, {fallback} AS month FROM {incoming}"
    parent, key = _PARENT[table.name]
    parents = f'SELECT "{key}" AS parent_key, month AS parent_month FROM ({_listed(current, parent)})'
    return (
        f"SELECT {columns(table)}, COALESCE(parent_month, {fallback}) AS month "
        f'FROM {incoming} LEFT JOIN ({parents}) ON "{key}" = parent_key'
    )


_PARENT = {
    "fee_lines": ("settlements", "setl_id"),
    "diagnoses": ("visits", "mdtrt_id"),
    "operations": ("visits", "mdtrt_id"),
}


def _listed(current: Listed, table: str) -> str:
    return relation(TABLES[table], (path for _month, path in current.get(table, [])))


def _displace(con, table: Table, keys: str, listed: list[tuple[str, str]]):
    """Rewrite the listed files that hold a key now arriving; returns rows replaced, paths removed, files written."""
    same = " AND ".join(f'old."{name}" IS NOT DISTINCT FROM new."{name}"' for name in table.key)
    replaced, removed, rewritten = 0, [], []
    for month, path in listed:
        old = relation(table, [path])
        hits = one_number(
            con.execute(f"SELECT count(*) FROM ({old}) old WHERE EXISTS (SELECT 1 FROM dated new WHERE {same})")
        )
        if not hits:
            continue
        replaced += hits
        removed.append(path)
        rest = f"SELECT * FROM ({old}) old WHERE NOT EXISTS (SELECT 1 FROM dated new WHERE {same})"
        if one_number(con.execute(f"SELECT count(*) FROM ({rest})")):
            rewritten.append(_write(con, table, month, rest))
    return replaced, removed, rewritten


def _write(con, table: Table, month: str, select: str) -> StoredFile:
    folder = store_dir() / table.name / month
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{uuid.uuid4().hex}.draft"
    con.execute(f"COPY ({select} ORDER BY {', '.join(table.key)}) TO '{draft}' (FORMAT parquet, COMPRESSION zstd)")
    with draft.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    final = folder / f"{digest}.parquet"
    draft.replace(final)
    rows = one_number(con.execute(f"SELECT count(*) FROM read_parquet('{final}')"))
    return StoredFile(table.name, month, str(final.relative_to(store_dir())), digest, rows, final.stat().st_size)
