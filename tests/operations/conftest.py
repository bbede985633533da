"""A system that has been lived in, as often as a test needs one: copies of one database and its files.

The commands are tried from outside, as programs of their own, wherever being one is the point.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from supervision.local.layout import ROOT
from supervision.parties.models import InsuredPerson
from supervision.procedure import clock
from supervision.procedure.seals import seal
from supervision.procedure.services import advance
from supervision.records.services import add_evidence, issue

KEY = "the first key"
IDENTITY = "99012119900101{:04d}"
PERSONS = 3
numbers = count()


@dataclass
class System:
    """One database and one folder of files, with the keys they need."""

    database: str
    var: Path
    keys: str = KEY

    def environment(self, **more: str) -> dict[str, str]:
        target = settings.DATABASES["default"]
        secret = f":{target['PASSWORD']}" if target["PASSWORD"] else ""
        server = f"postgres://{target['USER']}{secret}@{target['HOST']}:{target['PORT'] or 5432}/{self.database}"
        ours = {"DATABASE_URL": server, "VAR_DIR": str(self.var), "FIELD_KEYS": self.keys, "DEBUG": "1"}
        return os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | ours | more

    def start(self, *arguments: Any, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )

    def manage(self, *arguments: Any, **environment: str) -> tuple[int, str]:
        """Exit code of a command and what it said."""
        process = self.start(*arguments, **environment)
        said = process.communicate(timeout=120)[0]
        return process.returncode, said

    def call(self, *arguments: Any, **options: Any) -> None:
        """The command in this process, which is quicker."""
        with self.here():
            call_command(*arguments, **options)

    @contextmanager
    def here(self) -> Iterator[None]:
        """This process works with the system."""
        before = connection.settings_dict["NAME"]
        evidence = settings.STORAGES["evidence"] | {"OPTIONS": {"location": str(self.var / "evidence")}}
        ours = {"VAR_DIR": self.var, "FIELD_KEYS": self.keys.split(",")}
        connection.close()
        connection.settings_dict["NAME"] = self.database
        try:
            with override_settings(STORAGES=settings.STORAGES | {"evidence": evidence}, **ours):
                yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A database session of its own, beside what the commands do."""
        with closing(_connect(self.database)) as beside, beside, beside.cursor() as cursor:
            yield cursor

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.session() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def files(self) -> dict[str, bytes]:
        """Every file below VAR_DIR that is not a backup."""
        found = {str(path.relative_to(self.var)): path for path in self.var.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if not name.startswith(("backups", "secrets"))}


def _connect(database: str) -> Any:
    target = settings.DATABASES["default"]
    names = {"user": "USER", "password": "PASSWORD", "host": "HOST"}
    told = {name: target[key] for name, key in names.items()}
    return psycopg2.connect(dbname=database, port=target["PORT"] or 5432, **told)


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """Statements about databases; those named with the prefix go at the end."""
    with closing(_connect("postgres")) as held:
        held.autocommit = True
        with held.cursor() as cursor:
            yield cursor
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_prefix()])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _prefix() -> str:
    return f"kept_{os.getpid()}_"


@pytest.fixture(scope="session")
def original(server: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, System]:
    """The one that is copied, once a test has filled it."""
    return {}


@pytest.fixture
def db(django_db_setup) -> None:
    """The test database exists and no transaction is open in it: here it is only copied."""


@pytest.fixture
def system(request, original, server, tmp_path, db, django_db_blocker) -> Iterator[System]:
    """A matter with papers, evidence and seals, and insured persons whose numbers are encrypted.

    The files are the test's own; the database is everybody's, and left as it is.
    """
    with django_db_blocker.unblock():
        if not original:
            kept = System(
                f"{_prefix()}original", request.getfixturevalue("tmp_path_factory").mktemp("original") / "var"
            )
            # Beside others, the workers' common template: of the test database a page server may still hold on.
            settled = connection.settings_dict["TEST"].get("TEMPLATE") or connection.settings_dict["NAME"]
            connection.close()
            server.execute(f'CREATE DATABASE "{kept.database}" TEMPLATE "{settled}"')
            with kept.here():
                _live_in(kept, request)
            original["it"] = kept
        shutil.copytree(original["it"].var, tmp_path / "var")
        yield System(original["it"].database, tmp_path / "var")


@pytest.fixture
def own(system: System, server) -> System:
    """The same with a database of the test's own."""
    copy = System(f"{_prefix()}{next(numbers)}", system.var)
    server.execute(f'CREATE DATABASE "{copy.database}" TEMPLATE "{system.database}"')
    return copy


@pytest.fixture
def empty(server, tmp_path) -> System:
    """A database with nothing in it, and no files."""
    made = System(f"{_prefix()}{next(numbers)}", tmp_path / "empty")
    server.execute(f'CREATE DATABASE "{made.database}"')
    return made


def _live_in(kept: System, request: pytest.FixtureRequest) -> None:
    errand, cast, land = (request.getfixturevalue(name) for name in ("errand", "cast", "land"))
    issue(errand, "sample", cast.clerk)
    issue(errand, "sample", cast.clerk)
    add_evidence(
        errand,
        cast.clerk,
        kind="documentary",
        title="票据",
        source="甲县康复医院",
        collected_at=clock.now(),
        collectors=[cast.clerk.user, cast.auditor.user],
        file=SimpleUploadedFile("票据.txt", "票据".encode()),
    )
    errand.refresh_from_db()
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    seal()
    for number in range(PERSONS):
        InsuredPerson.objects.create(
            kind="insured",
            code=f"P{number}",
            name=f"示例{number}",
            region=land.county_region,
            id_number=IDENTITY.format(number),
        )
    shutil.copytree(request.getfixturevalue("store"), kept.var / "evidence")
    for name, content in {"claims/month.parquet": b"claims", "secrets/field_keys": KEY.encode()}.items():
        (kept.var / name).parent.mkdir(exist_ok=True)
        (kept.var / name).write_bytes(content)


@pytest.fixture
def killed() -> Iterator[list["subprocess.Popen[str]"]]:
    """Programs whose whole group is ended after the test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.communicate()
