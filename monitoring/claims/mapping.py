"""Column mappings: how a foreign layout fills the national tables, as checked data.

A mapping is JSON. One file may fill several tables; each field says where its value comes from::

    {"tables": [{"table": "settlements", "needs": ["CLM_ID"], "skip_when_empty": "CLM_PMT_AMT", "fields": {
        "setl_id":        {"columns": ["CLM_ID", "SEGMENT"], "join": "-"},
        "med_type":       {"constant": "21"},
        "gend":           {"column": "SEX", "values": {"M": "1", "F": "2"}},
        "medfee_sumamt":  {"sum": ["PAID", "DEDUCTIBLE"]},
        "refd_setl_flag": {"negative": "PAID"}}}]}

Without a mapping, a file is read by the national names and their aliases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitoring.claims.layout import TABLES, Kind, Table, guess_table, match_columns
from monitoring.claims.refusals import Refused

_WAYS = ("column", "columns", "constant", "sum", "negative")
_EXTRA = {"column": {"values"}, "columns": {"join"}, "constant": set(), "sum": set(), "negative": set()}


@dataclass(frozen=True)
class Target:
    """One table to fill from a file: field → SQL giving its raw text, rows to pass over, columns that name a person.

    The SQL reads cells that are trimmed and null when empty, and gives null for an empty text.
    """

    table: Table
    fields: dict[str, str]
    skip: str = "FALSE"
    personal: frozenset[str] = frozenset()


def problems(document: Any) -> list[str]:
    """Everything wrong with a mapping document, each as one sentence; empty when it can be used."""
    if not isinstance(document, dict) or not isinstance(document.get("tables"), list) or not document["tables"]:
        return ['a mapping is {"tables": [...]} with at least one table']
    found = []
    for number, entry in enumerate(document["tables"], start=1):
        found += [f"table {number}: {text}" for text in _entry_problems(entry)]
    return found


def _entry_problems(entry: Any) -> list[str]:
    if not isinstance(entry, dict) or entry.get("table") not in TABLES:
        return [f"“table” must be one of {', '.join(TABLES)}"]
    table = TABLES[entry["table"]]
    if unknown := set(entry) - {"table", "needs", "skip_when_empty", "fields"}:
        return [f"unknown entries: {', '.join(sorted(unknown))}"]
    fields = entry.get("fields")
    if not isinstance(fields, dict):
        return ["“fields” must be an object"]
    known = {item.name for item in table.fields}
    found = [f"{table.name} has no field “{name}”" for name in fields if name not in known]
    found += [f"required field “{name}” is not filled" for name in table.required if name not in fields]
    for name, source in fields.items():
        found += [f"{name}: {text}" for text in _source_problems(source)]
    if not all(isinstance(name, str) for name in entry.get("needs", [])):
        found.append("“needs” must be a list of column names")
    return found


def _source_problems(source: Any) -> list[str]:
    if not isinstance(source, dict):
        return ["must be an object"]
    ways = [way for way in _WAYS if way in source]
    if len(ways) != 1:
        return [f"needs exactly one of {', '.join(_WAYS)}"]
    way = ways[0]
    if unknown := set(source) - {way} - _EXTRA[way]:
        return [f"does not take {', '.join(sorted(unknown))}"]
    found = []
    if way in ("columns", "sum"):
        value = source[way]
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            found.append(f"“{way}” must be a list of column names")
    elif not isinstance(source[way], str):
        found.append(f"“{way}” must be text")
    values = source.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(item, str) for item in values.values()):
        found.append("“values” must map text to text")
    return found


def targets(document: dict[str, Any] | None, file_name: str, headings: list[str]) -> list[Target]:
    """The tables this file fills.

    Raises :class:`Refused` naming the missing columns (and the aliases tried), or an unknown table.
    """
    if document is not None:
        return _mapped(document, file_name, headings)
    table = guess_table(file_name, headings)
    if table is None:
        raise Refused("unknown_table", file=file_name, columns=", ".join(headings[:12]))
    found = match_columns(table, headings)
    missing = [name for name in table.required if name not in found]
    if missing:
        shown = "; ".join(_with_aliases(table, name) for name in missing)
        raise Refused("missing_columns", file=file_name, table=table.national, columns=shown)
    personal = frozenset(found[name] for name in _identities(table) if name in found)
    return [Target(table, {name: quoted(heading) for name, heading in found.items()}, personal=personal)]


def _identities(table: Table) -> list[str]:
    return [item.name for item in table.fields if item.kind is Kind.IDENTITY]


def _with_aliases(table: Table, name: str) -> str:
    aliases = table.field(name).aliases
    return f"{name} ({', '.join(aliases)})" if aliases else name


def _mapped(document: dict[str, Any], file_name: str, headings: list[str]) -> list[Target]:
    if wrong := problems(document):
        raise Refused("mapping", detail="; ".join(wrong[:5]))
    fitting = [entry for entry in document["tables"] if set(entry.get("needs", [])) <= set(headings)]
    if not fitting:
        raise Refused("unknown_table", file=file_name, columns=", ".join(headings[:12]))
    found = []
    for entry in fitting:
        table = TABLES[entry["table"]]
        used = {name for source in entry["fields"].values() for name in _columns_of(source)}
        if missing := sorted(used - set(headings)):
            raise Refused("missing_columns", file=file_name, table=table.national, columns=", ".join(missing))
        skip = f"{quoted(entry['skip_when_empty'])} IS NULL" if "skip_when_empty" in entry else "FALSE"
        fields = {name: _sql(source) for name, source in entry["fields"].items()}
        sources = [entry["fields"].get(name, {}) for name in _identities(table)]
        personal = frozenset(name for source in sources for name in _columns_of(source))
        found.append(Target(table, fields, skip, personal))
    return found


def _columns_of(source: dict[str, Any]) -> list[str]:
    for way in ("columns", "sum"):
        if way in source:
            return source[way]
    return [source[way] for way in ("column", "negative") if way in source]


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def _sql(source: dict[str, Any]) -> str:
    if "constant" in source:
        return f"NULLIF({literal(source['constant'])}, '')"
    if "columns" in source:
        cells = ", ".join(f"COALESCE({quoted(name)}, '')" for name in source["columns"])
        return f"NULLIF(concat_ws({literal(source.get('join', ''))}, {cells}), '')"
    if "sum" in source:
        parts = " + ".join(f"COALESCE(TRY_CAST({quoted(name)} AS DECIMAL(18,4)), 0)" for name in source["sum"])
        return f"CAST({parts} AS VARCHAR)"
    if "negative" in source:
        number = f"TRY_CAST({quoted(source['negative'])} AS DECIMAL(18,4))"
        return f"CASE WHEN {number} < 0 THEN '1' ELSE '0' END"
    column = quoted(source["column"])
    if values := source.get("values"):
        cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in values.items())
        return f"NULLIF(CASE COALESCE({column}, '') {cases} ELSE {column} END, '')"
    return column
