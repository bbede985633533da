"""PostgreSQL's own programs: dump the settings' database, and put a dump in its place."""

import contextlib
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from supervision.local.postgres import ServerError, wheel_folder

# Whoever still works in the database holds the restore up no longer than this.
LOCK_WAIT = "30s"
PREAMBLE_LINES = 60
UNKNOWN_TO_OLDER_SERVERS = b"SET transaction_timeout"
START = """
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '{wait}';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""


class PgError(Exception):
    """A client program is missing or failed; the message says which and why."""


def dump(target: Path) -> None:
    """Write the database to `target` in pg_dump's custom format."""
    program = _client("pg_dump", newest=False)
    _run(program, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def replace_database(source: Path) -> None:
    """Put the dump in place of all the database holds, in one transaction. Raises PgError; then nothing has changed.

    The end of the transaction is sent only when the whole dump has gone through: a program killed on the way leaves
    the database as it was.
    """
    program = _client("pg_restore", newest=True)
    connection.close()
    with subprocess.Popen(  # noqa: S603
        [program, "--no-owner", "--no-privileges", "--file=-", str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as reading, subprocess.Popen(  # noqa: S603
        [program.with_name("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        env=_environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as writing:  # fmt: skip
        assert isinstance(reading.stdout, io.BufferedReader)  # noqa: S101  a pipe
        assert reading.stderr and writing.stdin and writing.stderr  # noqa: S101, PT018  pipes too
        try:
            writing.stdin.write(START.format(wait=LOCK_WAIT).encode())
            for _, line in zip(range(PREAMBLE_LINES), reading.stdout, strict=False):
                if not line.startswith(UNKNOWN_TO_OLDER_SERVERS):
                    writing.stdin.write(line)
            while piece := reading.stdout.read1(1 << 16):
                writing.stdin.write(piece)
            reading.stdout.close()
            if reading.wait() == 0:
                writing.stdin.write(b"\nCOMMIT;\n")
            writing.stdin.close()
        except BrokenPipeError:
            reading.kill()
            with contextlib.suppress(BrokenPipeError):
                writing.stdin.close()
        refused = writing.stderr.read().decode(errors="replace").strip()
        if writing.wait() or reading.wait():
            raise PgError(refused or reading.stderr.read().decode(errors="replace").strip())


def server_version() -> str:
    """As the server tells it, such as 18.6."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _environment() -> dict[str, str]:
    """Where the programs connect to; the password stays off the command line."""
    target = connection.settings_dict
    told = {
        "PGHOST": target["HOST"], "PGPORT": str(target["PORT"] or 5432), "PGUSER": target["USER"],
        "PGPASSWORD": target["PASSWORD"], "PGDATABASE": target["NAME"],
    }  # fmt: skip
    return os.environ | {name: value for name, value in told.items() if value}


def _run(program: Path, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603
        [program, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PgError(f"{program.name} failed: {done.stderr.strip()}")


def _client(program: str, *, newest: bool) -> Path:
    """A client at least as new as the server: an older one refuses to dump it.

    newest: the newest of all, which alone reads every dump; else the first found.
    """
    server = int(server_version().split(".")[0])
    usable: dict[int, Path] = {}
    versions = []
    for path in _candidates(program):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        found = re.search(r"(\d+)(?:\.\d+)?(?:\s|$)", told)
        if found and int(found[1]) >= server:
            usable.setdefault(int(found[1]), path)
            if not newest:
                break
        versions.append(told.strip() or str(path))
    if not usable:
        raise PgError(
            f"No {program} of PostgreSQL {server} or newer is installed; found: {', '.join(versions) or 'none'}."
        )
    return usable[max(usable)]


def _candidates(program: str) -> Iterator[Path]:
    installed = shutil.which(program)
    if installed:
        yield Path(installed)
    try:
        yield wheel_folder() / "bin" / program
    except ServerError:
        return
