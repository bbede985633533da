"""Translations without gettext's own tools: `.po` files are compiled by Babel, which pip can install anywhere."""

import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

NOT_OURS = {".venv", "site-packages", "node_modules", "var", ".git"}


def po_files(root: Path) -> Iterator[Path]:
    """Every `.po` file of the project, in a fixed order."""
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = sorted(set(subfolders) - NOT_OURS)
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(".po"))


def compile_all(root: Path) -> list[Path]:
    """Write the `.mo` beside each `.po` that is newer than it; returns those written.

    Fuzzy entries are left out, as gettext does. Raises babel's PoFileError on a file that cannot be read.
    """
    written = []
    for source in po_files(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(target)
        written.append(target)
    return written
