"""The engine that runs rules, chosen by URL, with the current claims as Ibis tables.

``duckdb://`` runs in this process over the Parquet store; ``pyspark://…`` runs the same expressions elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from monitoring import conf
from monitoring.claims.layout import TABLES, Kind
from monitoring.claims.layout import Table as Layout
from monitoring.claims.store import store_dir

_TYPE = {
    Kind.TEXT: "string",
    Kind.FLAG: "string",
    Kind.IDENTITY: "string",
    Kind.MONEY: "decimal(16, 2)",
    Kind.NUMBER: "decimal(18, 4)",
    Kind.INTEGER: "int32",
    Kind.MOMENT: "timestamp",
}


def schema(layout: Layout) -> ibis.Schema:
    """The columns of a claims table, ``month`` (``YYYYMM``) last."""
    return ibis.schema({**{item.name: _TYPE[item.kind] for item in layout.fields}, "month": "string"})


@dataclass(frozen=True)
class Claims:
    """A connection and its claims tables by our nouns, valid rows only; ``plans``: what was planned on it already."""

    connection: Any
    tables: dict[str, Table]
    plans: dict[Any, Any] = field(default_factory=dict)


def small(rows: list[dict[str, Any]], columns: dict[str, str]) -> Table:
    """A table from rows held in memory, such as limits, for any engine."""
    return ibis.memtable(pa.Table.from_pylist(rows, schema=ibis.schema(columns).to_pyarrow()))


def known(connection: Any, table: Table) -> Table:
    """The table from memory, which the engine has now seen, so that a query may call it by its name."""
    connection.to_pyarrow(table.limit(0))
    return table


@contextmanager
def claims(files: dict[str, list[tuple[str, str]]]) -> Iterator[Claims]:
    """Connect and open the listed files (see ``selectors.claims.current_files``) as tables."""
    connection = _connect()
    try:
        tables = {}
        for name, layout in TABLES.items():
            paths = [str(store_dir() / path) for _month, path in files.get(name, [])]
            if paths:
                table = connection.read_parquet(paths, table_name=f"claims_{name}")
            else:
                table = known(connection, ibis.memtable(schema(layout).to_pyarrow().empty_table()))
            tables[name] = table.filter(table.vali_flag == "1")
        yield Claims(connection, tables)
    finally:
        connection.disconnect()


def _connect() -> Any:
    url = conf.engine_url()
    if not url.startswith("duckdb://"):
        return ibis.connect(url)
    spill = conf.claims_dir() / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    connection = ibis.duckdb.connect(memory_limit=conf.engine_memory(), temp_directory=str(spill))
    connection.raw_sql("SET autoinstall_known_extensions = false")
    return connection
