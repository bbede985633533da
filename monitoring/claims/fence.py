"""Sets aside the staged rows that an authority may not write, before the store is touched (HY-5).

A row is within when its institution is (see :class:`~monitoring.claims.jurisdiction.Jurisdiction`), when the
settlement and the visit it hangs on are not another's, and when the stored row of its key, which it would replace, is
not another's either. Diagnoses and operations name no institution and follow their visit; for a county that visit must
be known, in the store or in the same upload, for nobody can say otherwise that they are its own.

Insured persons name no institution. A county enters persons nobody knows yet, and corrects those whom the stored claims
name at its own institutions and nowhere else; all others, also those stored without any claim, only the city corrects:
sex and birth of a person decide what screening finds of every county.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from monitoring.claims.jurisdiction import Jurisdiction
from monitoring.claims.layout import PERSON, PROVIDER, TABLES, VISIT, Table
from monitoring.claims.mapping import literal
from monitoring.claims.staging import filled, one_number, staged
from monitoring.claims.store import Listed, stored

_MOST_CELL = 200
_PARENTS = {
    "settlements": ("visits",),
    "fee_lines": ("settlements", "visits"),
    "diagnoses": ("visits",),
    "operations": ("visits",),
}
"""The tables whose rows a row hangs on, by their key of one column."""


@dataclass(frozen=True)
class Outside:
    """How many rows of the upload were set aside here, and how many of them were not set aside before."""

    rows: int
    more: int


@dataclass(frozen=True)
class Fence:
    """``names`` are the files of the upload; rows set aside go below ``folder``, those of the check lie ``before``."""

    con: duckdb.DuckDBPyConnection
    jurisdiction: Jurisdiction
    current: Listed
    names: list[str]
    folder: Path
    before: Path

    def set_aside(self, tables: Collection[str]) -> Outside:
        """Take the rows that are not within out of the staged ``tables`` and lay them below ``folder`` with reasons."""
        self._write_codes()
        self.con.execute("CREATE OR REPLACE TEMP TABLE outside_rows (__file INTEGER, __row BIGINT)")
        for name in _PARENTS["fee_lines"]:
            key = TABLES[name].key[0]
            self.con.execute(f'CREATE OR REPLACE TEMP TABLE outside_{name} ("{key}" VARCHAR)')
        for name, table in TABLES.items():
            if name in tables:
                for reason, condition in self._reasons(table, tables):
                    self._mark(table, reason, condition)
                self._take_out(table)
        return self._counted()

    def _write_codes(self) -> None:
        for name, codes in (("own", self.jurisdiction.own), ("others", self.jurisdiction.others)):
            self.con.register("codes_given", pa.table({"code": pa.array(sorted(codes), pa.string())}))
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE fence_{name} AS SELECT code FROM codes_given")
            self.con.unregister("codes_given")

    def _reasons(self, table: Table, tables: Collection[str]) -> list[tuple[str, str]]:
        """Reasons with their conditions on a staged row ``new``; the first that holds is told."""
        if table.name == "persons":
            return [] if self.jurisdiction.strangers else [("other_person", self._other_person())]
        parents = " OR ".join(self._parent_outside(table, "new"))
        if PROVIDER not in table.fields:
            unknown = [] if self.jurisdiction.strangers else [("no_visit", self._no_visit(tables))]
            return [("other_record", parents), *unknown]
        registered = f"new.{PROVIDER.name} IN (SELECT code FROM fence_others)"
        record = f"{self._replaces(table)} OR {parents}" if parents else self._replaces(table)
        return [
            ("other_institution", registered),
            ("unknown_institution", self._barred("new")),
            ("other_record", record),
        ]

    def _barred(self, row: str) -> str:
        """Whether the institution of ``row`` is not within; the same as ``not jurisdiction.holds(code)``."""
        code = f"COALESCE({row}.{PROVIDER.name}, '')"
        if self.jurisdiction.strangers:
            return f"{code} IN (SELECT code FROM fence_others)"
        return f"{code} NOT IN (SELECT code FROM fence_own)"

    def _parent_outside(self, table: Table, row: str) -> list[str]:
        """For every row this one hangs on: whether it is another's in the store, or was set aside just now."""
        return [
            f"{row}.{key} IN (SELECT p.{key} FROM ({stored(self.current, name)}) p WHERE {self._barred('p')} "
            f"UNION ALL SELECT {key} FROM outside_{name})"
            for name in _PARENTS.get(table.name, ())
            for key in TABLES[name].key
        ]

    def _replaces(self, table: Table) -> str:
        """Whether the stored row of the same key is another's."""
        (key,) = table.key
        elsewhere = " OR ".join([self._barred("old"), *self._parent_outside(table, "old")])
        mine = f"old.{key} IN (SELECT {key} FROM {staged(table)})"
        return (
            f"new.{key} IN (SELECT old.{key} FROM ({stored(self.current, table.name)}) old "
            f"WHERE {mine} AND ({elsewhere}))"
        )

    def _no_visit(self, tables: Collection[str]) -> str:
        sent = f" UNION ALL SELECT {VISIT.name} FROM {staged(TABLES['visits'])}" if "visits" in tables else ""
        return f"new.{VISIT.name} NOT IN (SELECT {VISIT.name} FROM ({stored(self.current, 'visits')}){sent})"

    def _other_person(self) -> str:
        claims = " UNION ALL ".join(
            f"SELECT {PERSON.name}, {PROVIDER.name} FROM ({stored(self.current, name)})"
            for name in ("visits", "settlements", "fee_lines")
        )
        named = f"SELECT c.{PERSON.name} FROM ({claims}) c WHERE"
        known = f"SELECT {PERSON.name} FROM ({stored(self.current, 'persons')})"
        person = f"new.{PERSON.name}"
        return (
            f"{person} IN ({named} {self._barred('c')}) OR "
            f"({person} IN ({known}) AND {person} NOT IN ({named} NOT ({self._barred('c')})))"
        )

    def _mark(self, table: Table, reason: str, condition: str) -> None:
        self.con.execute(
            f"UPDATE {staged(table)} AS new SET __reasons = [':{reason}'] WHERE __reasons IS NULL AND ({condition})"
        )

    def _take_out(self, table: Table) -> None:
        """Lay the marked rows down as they were read, with their certificates hidden already."""
        marked = f"FROM {staged(table)} WHERE __reasons IS NOT NULL"
        if not one_number(self.con.execute(f"SELECT count(*) {marked}")):
            return
        present = filled(self.con, table)
        cells = ", ".join(
            f"'{item.name}', COALESCE(left(CAST(\"{item.name}\" AS VARCHAR), {_MOST_CELL}), '')"
            for item in table.fields
            if item.name in present
        )
        files = f"[{', '.join(map(literal, self.names))}]"
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"outside-{table.name}.parquet"
        self.con.execute(
            f"COPY (SELECT list_extract({files}, __file + 1) AS file, '{table.name}' AS \"table\", __row AS row, "
            f"__reasons AS reasons, CAST(json_object({cells}) AS VARCHAR) AS cells {marked} ORDER BY __file, __row) "
            f"TO '{part}' (FORMAT parquet)"
        )
        self.con.execute(f"INSERT INTO outside_rows SELECT __file, __row {marked}")
        if table.name in _PARENTS["fee_lines"]:
            self.con.execute(f'INSERT INTO outside_{table.name} SELECT "{table.key[0]}" {marked}')
        self.con.execute(f"DELETE {marked}")

    def _counted(self) -> Outside:
        """A row of a file may be wrong for several tables, and may have been so before; parts tell the file's place."""
        rows = "SELECT DISTINCT __file, __row FROM outside_rows"
        more = rows
        if any(self.before.glob("*.parquet")):
            place = "CAST(left(parse_filename(filename), 4) AS INTEGER)"
            told = f"read_parquet({literal(str(self.before / '*.parquet'))}, filename = true)"
            more = f"{rows} EXCEPT SELECT {place}, row FROM {told}"
        first, second = (one_number(self.con.execute(f"SELECT count(*) FROM ({each})")) for each in (rows, more))
        return Outside(first, second)
