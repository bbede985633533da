"""PostgreSQL, emptied between tests by deleting the few rows there are.

Truncating makes new files for every table and index, of which there are hundreds; most of them a test leaves empty.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations

# Django writes these anew after every flush, always the same.
KEPT = frozenset({"django_content_type", "auth_permission"})


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Any, tables: Sequence[str], **options: bool) -> list[str]:
        if not tables or options.get("reset_sequences"):
            return super().sql_flush(style, tables, **options)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('is_superuser')")
            # The guards of kept tables, and the order of foreign keys, are passed over as truncating does.
            if cursor.fetchone() != ("on",):
                return super().sql_flush(style, tables, **options)
            names = {table: self.quote_name(table) for table in tables if table not in KEPT}
            looks = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name})" for table, name in names.items())  # noqa: S608
            cursor.execute(" UNION ALL ".join(looks))
            deletes = [f"DELETE FROM {names[table]}" for (table,) in cursor.fetchall()]  # noqa: S608  tables of models
        return ["SET LOCAL session_replication_role = replica", *deletes]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
