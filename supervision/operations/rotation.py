"""Write everything encrypted anew under the newest key, so that an old key can be taken away."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from supervision.parties.crypto import EncryptedTextField, decrypt, encrypt, key_ids, newest_key_id
from supervision.parties.served import serving

BATCH = 500


def encrypted_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every model and field whose text is stored encrypted."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField) and model._meta.managed:
                yield model, field


def keys_missing() -> dict[str, list[str]]:
    """Ids of keys that some stored text needs and FIELD_KEYS lacks, each with the columns that need it."""
    missing: dict[str, list[str]] = {}
    known = key_ids()
    with connection.cursor() as cursor:
        for model, field in encrypted_columns():
            table, column = (connection.ops.quote_name(str(name)) for name in (model._meta.db_table, field.column))
            cursor.execute(f"SELECT DISTINCT split_part({column}, ':', 1) FROM {table} WHERE {column} <> ''")  # noqa: S608
            for (key,) in cursor.fetchall():
                if key not in known:
                    missing.setdefault(key, []).append(f"{model._meta.label}.{field.name}")
    return missing


def rotate(model: type[models.Model], field: models.Field) -> int:
    """Bring one column to the newest key; returns the rows written.

    Goes row by row, each written only if nobody changed it meanwhile, and goes over the column until a pass finds
    nothing under an older key: it may run while people work, and be killed and run again.
    Raises `Undecipherable` when a row's key is not among FIELD_KEYS.
    """
    written = 0
    while stale := _pass(model, field):
        written += sum(stale)
    return written


def _pass(model: type[models.Model], field: models.Field) -> list[int]:
    """Go once over the rows that an older key holds; for each 1 when it was written, 0 when it had changed."""
    names = (model._meta.db_table, model._meta.pk.column, field.column)
    table, key, column = (connection.ops.quote_name(str(name)) for name in names)
    select = f"SELECT {key}, {column} FROM {table} WHERE {column} <> '' AND NOT starts_with({column}, %s)"  # noqa: S608
    order = f" ORDER BY {key} LIMIT {BATCH}"
    update = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
    newest = f"{newest_key_id()}:"
    met: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(select + order, [newest])
        while rows := cursor.fetchall():
            for primary_key, stored in rows:
                with serving("rotate_keys"):
                    cursor.execute(update, [encrypt(decrypt(stored)), primary_key, stored])
                    met.append(cursor.rowcount)
            cursor.execute(f"{select} AND {key} > %s{order}", [newest, rows[-1][0]])
    return met
