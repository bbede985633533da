"""Bring the database and the files up to what this version of the code needs; quick when nothing has changed.

Run as `python -m supervision.local.prepare`, with the settings' environment set.
"""

import hashlib
import os
import sys
from pathlib import Path

from .layout import ROOT, Layout
from .messages import compile_all


def prepare(layout: Layout) -> None:
    """Compile translations, migrate, gather static files, and load the demo city into an empty database."""
    compile_all(ROOT)
    import django

    django.setup()
    _migrate()
    _gather_static(layout)
    if os.environ.get("DEMO", "1") != "0":
        _load_demo(layout)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        print(f"Bringing the database up to date ({len(pending)} migrations) …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def _gather_static(layout: Layout) -> None:
    """Collect static files when any of them has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    mark = layout.var / "static.sha256"
    if mark.exists() and mark.read_text() == digest.hexdigest() and Path(settings.STATIC_ROOT).is_dir():
        return
    print("Gathering static files …", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(digest.hexdigest())


def _load_demo(layout: Layout) -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands

    if "demo" not in get_commands() or get_user_model().objects.exists():
        return
    print("Loading the demo city; this happens once …", flush=True)
    layout.demo_unfinished.touch()
    call_command("demo")
    layout.demo_unfinished.unlink()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    prepare(Layout.of_environment())
