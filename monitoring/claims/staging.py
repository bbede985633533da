"""Good rows of an upload on their way into the store: one temporary table each, typed, before they have a place.

A staged row also says where it came from, and the month its own date gives. The tables live in the connection, spill
into its work directory and go with it.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from monitoring.claims.layout import NO_MONTH, STORED_TYPE, Table
from monitoring.claims.mapping import Target
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


class Stage:
    """Takes the rows one target finds in one file, chunk by chunk, into the target's table.

    ``file`` and ``number`` are the places of the file in the upload and of the target in its mapping.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, target: Target, file: int, number: int) -> None:
        table = target.table
        typed = ", ".join(f'"{item.name}" {STORED_TYPE[item.kind]}' for item in table.fields)
        con.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {staged(table)} "
            f"({typed}, month VARCHAR, __file INTEGER, __row BIGINT, __target INTEGER, __reasons VARCHAR[])"
        )
        own = _OWN_DATE.get(table.name)
        month = f"strftime({own}, '%Y%m')" if own else f"'{NO_MONTH}'"
        self._con = con
        self._take = (
            f"INSERT INTO {staged(table)} SELECT {columns(table)}, {month}, {file}, __row, {number}, __reasons "
            f"FROM ({typed_sql(target, 'chunk')})"
        )
        # Bad rows are few: they come in with the good ones, so that a chunk is checked once, and are taken out again.
        self._bad = (
            f"DELETE FROM {staged(table)} WHERE __file = {file} AND __row >= ? AND __reasons IS NOT NULL "
            f"RETURNING __row, __reasons"
        )

    def take(self, first: int) -> tuple[int, pa.Table]:
        """Stage the relation ``chunk``, whose rows count from ``first``: how many are good; the bad ones as
        ``__row`` and ``__reasons``.
        """
        count = one_number(self._con.execute(self._take))
        bad = self._con.execute(self._bad, [first]).to_arrow_table()
        return count - bad.num_rows, bad


def one_number(answer: duckdb.DuckDBPyConnection) -> int:
    """The number a query of one row and one column gave."""
    (number,) = answer.fetchall()[0]
    return int(number)
