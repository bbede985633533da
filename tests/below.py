"""Changes made below everything that guards the database, as by somebody who may do anything to it."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def below_the_triggers():
    """A cursor for which no trigger fires; what was deferred until then is checked first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
