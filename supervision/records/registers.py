"""Whether the registers are as their history says, and every change of them came by a service (HY-2, HY-48)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Model

from supervision.parties.models import (
    Authority,
    Certificate,
    Commission,
    Company,
    DeclaredInterest,
    Employment,
    Office,
    OtherDepartment,
    Party,
    Post,
    Practitioner,
    Provider,
    ProviderDepartment,
    Redress,
    Region,
    RegisterChange,
    User,
)
from supervision.parties.served import is_marked

from .verification import beside

What = RegisterChange.What
WATCHED: dict[str, type[Model]] = {}
TRIGGERS = {"register_entered", "register_changed"}
BATCH = 2000


def watch(*models: type[Model]) -> None:
    """Have `records verify` read these registers against their history; a migration has the database write it."""
    for model in models:
        WATCHED[model._meta.db_table] = model


watch(
    Authority, Certificate, Commission, Company, DeclaredInterest, Employment, Office, OtherDepartment, Party, Post,
    Practitioner, Provider, ProviderDepartment, Redress, Region, User,
)  # fmt: skip


@beside
def faults() -> Iterator[tuple[str, str]]:
    """Changes by no service, changes that only say so, and rows that are not as they were told last."""
    told: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    made_in: dict[str, int] = {}
    for change in RegisterChange.objects.order_by("pk").iterator(chunk_size=BATCH):
        where = f"register {change.register} {change.row}"
        if change.is_outside:
            names = ", ".join(sorted(change.after or {})) if change.what == What.UPDATE else ""
            yield (
                where,
                f"{change.what} by no service, by the database role {change.db_role}" + (names and f": {names}"),
            )
        elif change.act and not _is_said(change, made_in):
            yield where, f"{change.what} says falsely that it came by {change.act!r}"
        row = told[change.register].setdefault(change.row, {})
        if change.what == What.DELETE:
            del told[change.register][change.row]
        else:
            row.update(change.after or {})
    triggers = _triggers()
    for table in sorted(WATCHED):
        yield from _compared(table, triggers[table], told[table])


def _is_said(change: RegisterChange, made_in: dict[str, int]) -> bool:
    """Whether the application said so, of this very transaction."""
    first = made_in.setdefault(change.mark, change.transaction)
    return first == change.transaction and is_marked(change.act, change.by_id, change.at_authority_id, change.mark)


def _triggers() -> dict[str, dict[str, list[str]]]:
    """Of each watched table the triggers that are on, with what they were given."""
    found: dict[str, dict[str, list[str]]] = {table: {} for table in WATCHED}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, tgargs FROM pg_trigger "
            "WHERE tgname = ANY(%s) AND tgenabled IN ('O', 'A')",
            [sorted(TRIGGERS)],
        )
        for table, name, given in cursor.fetchall():
            found.setdefault(table, {})[name] = bytes(given).decode().split("\0")[:-1]
    return found


def _compared(table: str, watched: dict[str, list[str]], told: dict[int, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    if watched.keys() != TRIGGERS:
        yield f"register {table}", "is not watched by the database"
        return
    with connection.cursor() as cursor:
        key, _owner, _owned_by, apart, secret = watched["register_changed"]
        named = connection.ops.quote_name(table)
        cursor.execute(
            f"SELECT (row->>%s)::bigint, parties_register_told(row, %s, %s)::text "  # noqa: S608
            f"FROM (SELECT to_jsonb(one) AS row FROM {named} one) rows WHERE row->>'kind' IS DISTINCT FROM 'insured'",
            [key, apart, secret],
        )
        stand = {pk: json.loads(row) for pk, row in cursor.fetchall()}
    for pk in sorted(stand.keys() | told.keys()):
        if pk not in stand:
            # Of insured persons changes are told, and no row is compared.
            if WATCHED[table] is not Party or told[pk].get("kind", "insured") != "insured":
                yield f"register {table} {pk}", "row removed"
        elif pk not in told:
            yield f"register {table} {pk}", "no history tells of this row"
        elif altered := sorted(name for name, value in stand[pk].items() if told[pk].get(name) != value):
            yield f"register {table} {pk}", f"row altered: {', '.join(altered)}"
