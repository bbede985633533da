"""Back up and restore: the database, and the files that belong to it, in one folder that proves itself whole.

A backup is a folder named by its moment (UTC) with `database.dump` (pg_dump, custom format), `files.tar` (evidence,
papers, claims: all of VAR_DIR that cannot be made again) and `manifest.json` with the SHA-256 of both, written last.
Keys and passwords are never in it: who holds a backup must not be able to read what is encrypted inside.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from supervision.local.postgres import ServerError, wheel_folder

DATABASE, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
# Of VAR_DIR: what is secret, what a server keeps itself, and what is made again at the next start.
LEFT_OUT = {
    "backups", "beat-schedule", "beat-schedule.db", "demo.loading", "log", "ports.json", "postgres", "postgres.new",
    "run.lock", "secrets", "static", "static.sha256", "valkey",
}  # fmt: skip


class BackupError(Exception):
    """A backup could not be made, or is not whole, or may not be restored here; the message says which."""


def default_folder() -> Path:
    """`BACKUP_DIR`, else `backups/` in VAR_DIR."""
    return Path(os.environ.get("BACKUP_DIR") or settings.VAR_DIR / "backups")


def back_up(folder: Path) -> Path:
    """Make a backup below `folder` and return its path. Raises BackupError; then nothing of it remains.

    The database is dumped first: files are only ever added, so all that the dump names is there to be copied.
    """
    moment = datetime.now(UTC)
    final = folder / moment.strftime("%Y%m%dT%H%M%SZ")
    draft = final.with_name(f".{final.name}.partial")
    draft.mkdir(parents=True, mode=0o700)
    try:
        _pg("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft / DATABASE}")
        _pack(draft / FILES)
        manifest = {
            "made": moment.isoformat(timespec="seconds"),
            "server": _server_version(),
            "migrations": _migrations(),
            "parts": {name: _part(draft / name) for name in (DATABASE, FILES)},
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
        draft.rename(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return final


def backups(folder: Path) -> list[Path]:
    """The complete backups below `folder`, oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; returns those removed."""
    old = backups(folder)[:-keep] if keep > 0 else []
    for path in old:
        shutil.rmtree(path)
    return old


def verify(backup: Path) -> dict[str, Any]:
    """The manifest of a backup whose parts are exactly what it says. Raises BackupError."""
    try:
        manifest = json.loads((backup / MANIFEST).read_text())
        for name, told in manifest["parts"].items():
            if _part(backup / name) != told:
                raise BackupError(f"{backup / name} is not what the manifest says: damaged or altered.")
    except (OSError, ValueError, KeyError) as error:
        raise BackupError(f"{backup} is not a whole backup: {error}") from error
    return manifest


def restore(backup: Path, *, replace: bool) -> None:
    """Put the backup's database and files in place of what is here. Raises BackupError.

    replace: without it, only an empty database is written to. Files that are here and not in the backup stay.
    """
    verify(backup)
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor) and not replace:
            raise BackupError(
                "The database is not empty. Restoring replaces all it holds: say --replace if you want that."
            )
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
    _pg("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        f"--dbname={connection.settings_dict['NAME']}", str(backup / DATABASE))  # fmt: skip
    with tarfile.open(backup / FILES) as archive:
        archive.extractall(settings.VAR_DIR, filter="data")


def _pack(target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        for path in sorted(settings.VAR_DIR.glob("*")):
            if path.name not in LEFT_OUT and not path.name.startswith((".", "postgres-binaries-")):
                archive.add(path, arcname=path.name)


def _part(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


def _migrations() -> list[str]:
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _pg(program: str, *arguments: str) -> None:
    """Run a PostgreSQL client program against the settings' database; the password stays off the command line."""
    target = connection.settings_dict
    environment = os.environ | {
        "PGHOST": target["HOST"], "PGPORT": str(target["PORT"] or 5432), "PGUSER": target["USER"],
        "PGPASSWORD": target["PASSWORD"], "PGDATABASE": target["NAME"],
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603
        [_client(program), *arguments],
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _client(program: str) -> str:
    """A client at least as new as the server: an older one refuses to dump it."""
    server = int(_server_version().split(".")[0])
    versions = []
    for path in _candidates(program):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        found = re.search(r"(\d+)(?:\.\d+)?(?:\s|$)", told)
        if found and int(found[1]) >= server:
            return path
        versions.append(told.strip() or path)
    raise BackupError(
        f"No {program} of PostgreSQL {server} or newer is installed; found: {', '.join(versions) or 'none'}."
    )


def _candidates(program: str) -> Iterator[str]:
    installed = shutil.which(program)
    if installed:
        yield installed
    try:
        yield str(wheel_folder() / "bin" / program)
    except ServerError:
        return
