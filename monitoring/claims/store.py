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
from monitoring.claims.layout import STORED_TYPE, TABLES, Table
from monitoring.claims.staging import LATEST_FIRST, columns, one_number, select, staged


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


def merge(con: duckdb.DuckDBPyConnection, table: Table, current: Listed) -> Merge:
    """Write the rows staged for a table (see :mod:`monitoring.claims.staging`) into month files.

    ``current`` maps each table to its listed ``(month, path)`` files. Within one upload the last row of a key wins.
    Nothing is listed or unlisted here.
    """
    duplicates = _drop_repeats(con, table)
    _settle_months(con, table, current)
    counts = con.execute(f"SELECT month, count(*) FROM {staged(table)} GROUP BY month ORDER BY month").fetchall()
    replaced, removed, added = _displace(con, table, current.get(table.name, []))
    added += [
        _write(con, table, month, select(con, table, f"WHERE month = '{month}' {_in_order(table)}"))
        for month, _rows in counts
    ]
    con.execute(f"DROP TABLE {staged(table)}")
    # A re-sent row equal to its old self gives back the very same file: it is neither added nor removed.
    kept_paths = {item.path for item in added} & set(removed)
    return Merge(
        table=table.name,
        added=tuple(item for item in added if item.path not in kept_paths),
        removed=tuple(path for path in removed if path not in kept_paths),
        rows=sum(rows for _month, rows in counts),
        replaced=replaced,
        duplicates=duplicates,
    )


def _drop_repeats(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Leave of each key the row sent last; returns how many rows went."""
    keys = ", ".join(f'"{name}"' for name in table.key)
    ((total, distinct),) = con.execute(f"SELECT count(*), count(DISTINCT ({keys})) FROM {staged(table)}").fetchall()
    if distinct < total:
        later = f"row_number() OVER (PARTITION BY {keys} ORDER BY {LATEST_FIRST}) > 1"
        con.execute(f"DELETE FROM {staged(table)} WHERE rowid IN (SELECT rowid FROM {staged(table)} QUALIFY {later})")
    return total - distinct


def _settle_months(con: duckdb.DuckDBPyConnection, table: Table, current: Listed) -> None:
    """Rows with a parent in the store lie in its month; few of them do not already by their own date."""
    if table.name not in _PARENT:
        return
    parent, key = _PARENT[table.name]
    parents = f'SELECT "{key}" AS parent_key, month AS parent_month FROM ({stored(current, parent)})'
    con.execute(
        f"UPDATE {staged(table)} SET month = parent_month FROM ({parents}) "
        f'WHERE "{key}" = parent_key AND month <> parent_month'
    )


_PARENT = {
    "fee_lines": ("settlements", "setl_id"),
    "diagnoses": ("visits", "mdtrt_id"),
    "operations": ("visits", "mdtrt_id"),
}


def stored(current: Listed, table: str) -> str:
    """SELECT over the rows of a table in the listed files."""
    return relation(TABLES[table], (path for _month, path in current.get(table, [])))


def _displace(con, table: Table, listed: list[tuple[str, str]]) -> tuple[int, list[str], list[StoredFile]]:
    """Rewrite the listed files that hold a key now arriving; returns rows replaced, paths removed, files written."""
    same = " AND ".join(f'old."{name}" IS NOT DISTINCT FROM new."{name}"' for name in table.key)
    arriving = f"(SELECT 1 FROM {staged(table)} new WHERE {same})"
    replaced, removed, rewritten = 0, [], []
    for month, path in listed:
        old = f"({relation(table, [path])}) old"
        ((rows, hits),) = con.execute(
            f"SELECT (SELECT count(*) FROM {old}), (SELECT count(*) FROM {old} WHERE EXISTS {arriving})"
        ).fetchall()
        if not hits:
            continue
        replaced += hits
        removed.append(path)
        if hits < rows:
            rewritten.append(
                _write(con, table, month, f"SELECT * FROM {old} WHERE NOT EXISTS {arriving} {_in_order(table)}")
            )
    return replaced, removed, rewritten


def _in_order(table: Table) -> str:
    return f"ORDER BY {', '.join(table.key)}"


def _write(con, table: Table, month: str, rows_in_order: str) -> StoredFile:
    folder = store_dir() / table.name / month
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{uuid.uuid4().hex}.draft"
    rows = one_number(con.execute(f"COPY ({rows_in_order}) TO '{draft}' (FORMAT parquet, COMPRESSION zstd)"))
    with draft.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    final = folder / f"{digest}.parquet"
    draft.replace(final)
    return StoredFile(table.name, month, str(final.relative_to(store_dir())), digest, rows, final.stat().st_size)
