"""Good rows of an upload on their way into the store: one temporary table each, typed, before they have a place.

A staged row also says where it came from, and the month its own date gives. Of the fields, a table has those that a
row of the upload fills: hospitals fill half of the national layout. The tables live in the connection, spill into its
work directory and go with it.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb
import pyarrow as pa

from monitoring.claims.layout import NO_MONTH, STORED_TYPE, Field, Table
from monitoring.claims.mapping import Target, quoted
from monitoring.claims.validate import typed_sql

_OWN_DATE = {"visits": "COALESCE(endtime, begntime)", "settlements": "setl_time", "fee_lines": "fee_ocur_time"}
_ORIGIN = ("__file", "__row", "__target")
LATEST_FIRST = ", ".join(f"{name} DESC" for name in _ORIGIN)
"""Orders the rows of an upload so that the one sent last comes first."""


def staged(table: Table) -> str:
    """The name of the temporary table with this table's rows."""
    return f"staged_{table.name}"


def columns(table: Table) -> str:
    return ", ".join(f'"{item.name}"' for item in table.fields)


def select(con: duckdb.DuckDBPyConnection, table: Table, rest: str) -> str:
    """SELECT of the table's fields and month over the staged rows that ``rest`` (WHERE, ORDER BY) leaves.

    Fields that no row fills are put in last, so that nothing before has to carry them.
    """
    present = filled(con, table)
    fields = ", ".join(
        f'"{item.name}"' if item.name in present else f'CAST(NULL AS {STORED_TYPE[item.kind]}) AS "{item.name}"'
        for item in table.fields
    )
    carried = ", ".join(f'"{item.name}"' for item in table.fields if item.name in present)
    return f"SELECT {fields}, month FROM (SELECT {carried}, month FROM {staged(table)} {rest})"


def filled(con: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    """The columns of the staged rows."""
    return {name for name, *_rest in con.execute(f"DESCRIBE {staged(table)}").fetchall()}


class Stage:
    """Takes the rows one target finds in one file, chunk by chunk, into the target's table.

    ``file`` and ``number`` are the places of the file in the upload and of the target in its mapping.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, target: Target, file: int, number: int) -> None:
        table = target.table
        always = {*table.key, *table.required}
        typed = ", ".join(f'"{item.name}" {STORED_TYPE[item.kind]}' for item in table.fields if item.name in always)
        con.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {staged(table)} "
            f"({typed}, month VARCHAR, __file INTEGER, __row BIGINT, __target INTEGER, __reasons VARCHAR[])"
        )
        self._con, self._target, self._always = con, target, always
        own = _OWN_DATE.get(table.name)
        month = f"strftime({own}, '%Y%m')" if own else f"'{NO_MONTH}'"
        self._origin = f"{month} AS month, {file} AS __file, __row, {number} AS __target, __reasons"
        # Bad rows are few: they come in with the good ones, so that a chunk is checked once, and are taken out again.
        self._bad = (
            f"DELETE FROM {staged(table)} WHERE __file = {file} AND __row >= ? AND __reasons IS NOT NULL "
            f"RETURNING __row, __reasons"
        )

    def take(self, first: int, empty: Collection[str]) -> tuple[int, pa.Table]:
        """Stage the relation ``chunk``, whose rows count from ``first`` and whose columns ``empty`` hold no cell: how
        many are good; the bad ones as ``__row`` and ``__reasons``.
        """
        table, fields = self._target.table, self._fields_filled(empty)
        for item in fields:
            self._con.execute(
                f'ALTER TABLE {staged(table)} ADD COLUMN IF NOT EXISTS "{item.name}" {STORED_TYPE[item.kind]}'
            )
        names = ", ".join(f'"{item.name}"' for item in fields)
        count = one_number(
            self._con.execute(
                f"INSERT INTO {staged(table)} BY NAME SELECT {names}, {self._origin} "
                f"FROM ({typed_sql(self._target, 'chunk')})"
            )
        )
        bad = self._con.execute(self._bad, [first]).to_arrow_table()
        return count - bad.num_rows, bad

    def _fields_filled(self, empty: Collection[str]) -> list[Field]:
        given, nothing = self._target.fields, {quoted(name) for name in empty}
        return [
            item
            for item in self._target.table.fields
            if item.name in self._always
            or item.default is not None
            or given.get(item.name, "NULL") not in {*nothing, "NULL"}
        ]


def one_number(answer: duckdb.DuckDBPyConnection) -> int:
    """The number a query of one row and one column gave."""
    (number,) = answer.fetchall()[0]
    return int(number)
