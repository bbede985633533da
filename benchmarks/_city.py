"""A city of any number of matters, for measuring: the demo's matters, each copied with its whole history.

The copies obey the database as everything does, no trigger is put to sleep: every copy is opened by its opening event,
and moved to the state it stands at by the events of its original, in one transaction. They reach back in time, belong
to the authorities of their originals, and as large a share of them is open. Only charge of them does not pile up:
an officer has charge of the originals and of twenty copies of each, some hundreds of open matters.
"""

from collections.abc import Mapping

from django.db import connection, transaction

STILL_IN_CHARGE = 20

# Child table → columns that may not be repeated, and what the copies hold instead.
CHILDREN: Mapping[str, Mapping[str, str]] = {
    "enforcement_enforcementcase": {},
    "agreements_agreement": {"in_force": "NULL"},
    "agreements_breachcase": {},
    "inspections_lead": {"source_ref": "''", "opening_key": "''"},
    "inspections_inspectiontask": {"draw_ref": "''", "opening_key": "''"},
}


def _columns(table: str, *without: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in found if column.name not in without]


def _copy(table: str, key: str, changed: Mapping[str, str], joined: str) -> str:
    """INSERT of every row of `table` once for each copy of the matter its column `key` names."""
    kept = [name for name in _columns(table, *(("id",) if key != "id" else ())) if name not in changed]
    names = ", ".join(f'"{name}"' for name in (*kept, *changed))
    values = ", ".join((*(f't."{name}"' if name != key else "copy.new" for name in kept), *changed.values()))
    return f'INSERT INTO {table} ({names}) SELECT {values} FROM {table} t JOIN copy ON copy.old = t."{key}" {joined}'


@transaction.atomic
def multiply(to: int) -> int:
    """Copy the matters there are until there are `to`; returns how many there are then. Runs as owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(events_count) FROM procedure_dossier WHERE kind NOT IN ('draw', 'plan')")
        originals, longest = cursor.fetchone()
        times = max(-(-to // originals) - 1, 0)
        cursor.execute(
            "CREATE TEMP TABLE copy ON COMMIT DROP AS"
            " SELECT d.id AS old, nextval(pg_get_serial_sequence('procedure_dossier', 'id')) AS new, n"
            " FROM procedure_dossier d, generate_series(1, %s) n WHERE d.kind NOT IN ('draw', 'plan')",
            [times],
        )
        cursor.execute("CREATE INDEX ON copy (old)")
        cursor.execute("ANALYZE copy")
        changed = {
            "number": "t.number || '-' || copy.new",
            "state": "(SELECT e.target FROM procedure_event e WHERE e.dossier_id = t.id AND e.seq = 1)",
            "origin_id": "NULL::bigint",
            "opened_at": "t.opened_at - copy.n * interval '11 hours'",
        }
        cursor.execute(_copy("procedure_dossier", "id", changed, ""))
        for seq in range(1, longest + 1):
            cursor.execute(_copy("procedure_event", "dossier_id", {"key": "NULL"}, f"WHERE t.seq = {seq}"))
            cursor.execute(
                "UPDATE procedure_dossier d SET state = e.target FROM procedure_event e, copy"
                " WHERE d.id = copy.new AND e.dossier_id = copy.old AND e.seq = %s AND e.target NOT IN ('', d.state)",
                [seq],
            )
        for table, own in CHILDREN.items():
            cursor.execute(_copy(table, "dossier_ptr_id", own, ""))
        past = f"CASE WHEN copy.n <= {STILL_IN_CHARGE} THEN t.until ELSE coalesce(t.until, t.since) END"
        cursor.execute(_copy("procedure_assignment", "dossier_id", {"until": past}, ""))
        for table, key in (("procedure_term", "dossier_id"), ("agreements_dispute", "case_id")):
            cursor.execute(_copy(table, key, {}, ""))
        cursor.execute(_copy("funds_receivable", "dossier_id", {}, "WHERE t.state = 'open'"))
        kept = ", ".join(f'"{name}"' for name in _columns("monitoring_alert", "id", "fingerprint", "lead_id", "state"))
        cursor.execute(
            f"INSERT INTO monitoring_alert ({kept}, fingerprint, state)"
            f" SELECT {kept}, md5(a.id || '/' || n), 'new' FROM monitoring_alert a, generate_series(1, %s) n",
            [times],
        )
        cursor.execute("SELECT count(*) FROM procedure_dossier")
        return int(cursor.fetchone()[0])


def settle() -> None:
    """What autovacuum does in time: statistics and visibility of the filled tables."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
