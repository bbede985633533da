"""Test databases of parallel workers: the first to come migrates a template, and every worker copies it.

Migrating takes many seconds, copying less than one.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

ONE_AT_A_TIME = 7_466_001  # any number: the key of the advisory lock the workers of one server share
MADE_BY = "PYTEST_XDIST_TESTRUNUID"


def use_template() -> None:
    """Let Django make this worker's test database from the run's template, which is made when it is not there yet."""
    default: dict[str, Any] = settings.DATABASES["default"]
    template = template_of(default["NAME"])
    with _server(default) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not _made_by_this_run(server, template):
            _drop(server, template)
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
            _migrate(template)
            comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
            server.execute(comment.format(sql.Identifier(template), sql.Literal(os.environ[MADE_BY])))
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = template


def remove_template() -> None:
    """Drop the template of a run that is over."""
    default: dict[str, Any] = settings.DATABASES["default"]
    with _server(default) as server:
        _drop(server, template_of(default["NAME"]))


def template_of(name: str) -> str:
    """Name of the template beside the database that the settings name."""
    return f"test_{name}_template"


@contextmanager
def _server(default: dict[str, Any]) -> Iterator[Any]:
    """A cursor on the server's own database, as statements about databases need it; each commits at once."""
    with closing(
        psycopg2.connect(
            dbname="postgres",
            user=default["USER"],
            password=default["PASSWORD"],
            host=default["HOST"],
            port=default["PORT"] or None,
        )
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def _made_by_this_run(server: Any, template: str) -> bool:
    server.execute(
        "SELECT shobj_description(oid, 'pg_database') = %s FROM pg_database WHERE datname = %s",
        [os.environ[MADE_BY], template],
    )
    return server.fetchone() == (True,)


def _drop(server: Any, template: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(template)))


def _migrate(template: str) -> None:
    connection = connections["default"]
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = template
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        # Nobody may be connected to a database that is copied.
        connection.close()
        connection.settings_dict["NAME"] = own
