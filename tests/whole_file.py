"""An exported file as its reader has it: unpacked, checked with Python alone, and altered."""

import io
import json
import subprocess
import sys
import zipfile

from supervision.records.export import export_file


def unpacked(dossier, actor, place):
    with zipfile.ZipFile(io.BytesIO(b"".join(export_file(dossier, actor).pieces))) as archive:
        assert archive.testzip() is None
        archive.extractall(place)
    return place


def run(folder, *arguments):
    return subprocess.run(  # noqa: S603 - the checker as its reader runs it
        [sys.executable, "-I", "-S", str(folder / "check.py"), *arguments], capture_output=True, text=True, check=False
    )


def edit(folder, name, change):
    """Change a file of the export: `change` alters what it holds or returns what it is to hold."""
    loaded = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps(change(loaded) or loaded))
