"""Back up and restore: the database, and the files that belong to it, in one folder that proves itself whole.

A backup is a folder named by its moment (UTC) with `database.dump` (pg_dump, custom format), `files.tar` (evidence,
papers, claims: all of VAR_DIR that cannot be made again) and `manifest.json` with the SHA-256 of both, written last.
Keys and passwords are never in it: who holds a backup must not be able to read what is encrypted inside. Content kept
in an S3 store is not in it either: such a store has copies of its own.
"""

import hashlib
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from .pg import PgError, dump, replace_database, server_version

DATABASE, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
PARTS = (DATABASE, FILES)
# Of VAR_DIR: what is secret, what a server keeps itself, and what is made again at the next start.
LEFT_OUT = {
    "backups", "beat-schedule", "beat-schedule.db", "demo-sign-ins.txt", "demo.loading", "log", "ports.json",
    "postgres", "postgres.new", "run.lock", "secrets", "static", "static.sha256", "valkey",
}  # fmt: skip
ABANDONED_SECONDS = 24 * 3600


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
        dump(draft / DATABASE)
        _pack(draft / FILES, without=folder)
        manifest = {
            "made": moment.isoformat(timespec="seconds"),
            "server": server_version(),
            "migrations": sorted(_applied()),
            "parts": {name: _part(draft / name) for name in PARTS},
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
        for name in (*PARTS, MANIFEST):
            _to_disk(draft / name)
        draft.rename(final)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, PgError):
            raise BackupError(str(error)) from error
        raise
    return final


def backups(folder: Path) -> list[Path]:
    """The complete backups below `folder`, oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups, and what killed ones left behind; returns those removed."""
    old = backups(folder)[:-keep] if keep > 0 else []
    limit = time.time() - ABANDONED_SECONDS
    old += [path for path in folder.glob(".*.partial") if path.stat().st_mtime < limit]
    for path in old:
        shutil.rmtree(path)
    return old


def verify(backup: Path) -> dict[str, Any]:
    """The manifest of a backup whose parts are exactly what it says. Raises BackupError."""
    try:
        manifest = json.loads((backup / MANIFEST).read_text())
        told = {name: manifest["parts"][name] for name in PARTS}
        manifest["made"], manifest["server"], manifest["migrations"]
        for name in PARTS:
            if _part(backup / name) != told[name]:
                raise BackupError(f"{backup / name} is not what the manifest says: damaged or altered.")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"{backup} is not a whole backup: {error!r}") from error
    return manifest


def restore(backup: Path, *, replace: bool) -> None:
    """Put the backup's database and files in place of what is here. Raises BackupError; then no record has changed.

    replace: without it, only an empty database is written to. Files that are here and not in the backup stay. The
    files come first and the database last, in one transaction: killed at any moment it can simply be run again, and
    until its end the former data is the data.
    """
    manifest = verify(backup)
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor) and not replace:
            raise BackupError(
                "The database is not empty. Restoring replaces all it holds: say --replace if you want that."
            )
    if unknown := _unknown(manifest["migrations"]):
        raise BackupError(f"The backup is of a newer version of the system, which knows {', '.join(unknown)}.")
    try:
        _unpack(backup / FILES)
        replace_database(backup / DATABASE)
    except (PgError, OSError, tarfile.TarError) as error:
        raise BackupError(f"Not restored: {error}") from error


def _pack(target: Path, *, without: Path) -> None:
    """All files below VAR_DIR that are kept; a file that goes while we look was nobody's any more."""
    with tarfile.open(target, "w") as archive:
        for path in _kept(without.resolve()):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                archive.addfile(archive.gettarinfo(arcname=str(path.relative_to(settings.VAR_DIR)), fileobj=file), file)


def _kept(without: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(settings.VAR_DIR):
        here = Path(folder)
        top = here == settings.VAR_DIR
        # A name that begins with a dot is a file still being written.
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and (here / name).resolve() != without
            and not (top and (name in LEFT_OUT or name.startswith("postgres-binaries-")))
        )
        yield from (
            here / name for name in sorted(files) if not name.startswith(".") and not (top and name in LEFT_OUT)
        )


def _unpack(source: Path) -> None:
    """Each file appears whole or not at all, also where one that may not be written to lies already.

    Files alone, and those within the folder alone. Raises `tarfile.TarError` for one that would lie elsewhere.
    """
    folder = settings.VAR_DIR.resolve()
    with tarfile.open(source) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is None:
                continue
            place = folder / member.name
            if not place.parent.resolve().is_relative_to(folder):
                raise tarfile.TarError(f"{member.name} would lie outside {folder}")
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            draft = place.with_name(f".{place.name}.restoring")
            draft.unlink(missing_ok=True)
            with content, draft.open("wb") as out:
                shutil.copyfileobj(content, out, 1 << 20)
            draft.chmod(member.mode & 0o770)
            draft.replace(place)


def _part(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _applied() -> set[str]:
    from django.db.migrations.recorder import MigrationRecorder

    return {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}


def _unknown(migrations: list[str]) -> list[str]:
    """Those that come after every migration this version has of their app."""
    from django.db.migrations.loader import MigrationLoader

    newest: dict[str, str] = {}
    for app, name in MigrationLoader(None).disk_migrations:
        newest[app] = max(name, newest.get(app, ""))
    split = [migration.partition(".") for migration in migrations]
    return sorted(f"{app}.{name}" for app, _, name in split if app in newest and name > newest[app])
