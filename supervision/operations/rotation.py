"""Write everything encrypted anew under the newest key, so that an old key can be taken away."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from supervision.parties.crypto import EncryptedTextField, decrypt, encrypt, is_current

BATCH = 500


def encrypted_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every model and field whose text is stored encrypted."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField) and model._meta.managed:
                yield model, field


def rotate(model: type[models.Model], field: models.Field) -> int:
    """Bring one column to the newest key; returns the rows written.

    Goes row by row, each written only if nobody changed it meanwhile: it may run while people work, and be killed and
    run again.
    Raises `Undecipherable` when a row's key is not among FIELD_KEYS.
    """
    names = (model._meta.db_table, model._meta.pk.column, field.column)
    table, key, column = (connection.ops.quote_name(str(name)) for name in names)
    select = f"SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} <> '' ORDER BY {key} LIMIT {BATCH}"  # noqa: S608
    first = f"SELECT {key}, {column} FROM {table} WHERE {column} <> '' ORDER BY {key} LIMIT {BATCH}"  # noqa: S608
    update = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
    written = 0
    with connection.cursor() as cursor:
        cursor.execute(first)
        while rows := cursor.fetchall():
            for primary_key, stored in rows:
                if not is_current(stored):
                    cursor.execute(update, [encrypt(decrypt(stored)), primary_key, stored])
                    written += cursor.rowcount
            cursor.execute(select, [rows[-1][0]])
    return written
