"""Files on disk that appear whole or not at all."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes beside the place, syncs, then renames: a crash never leaves half a file under a real name.

    Meant for content addressed by hash: a place already taken holds the same content and is kept.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: names are hashes, two equal names hold equal bytes."""
        return name

    def _save(self, name: str, content: Any) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as out:
                content.seek(0)
                for piece in content.chunks():
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).chmod(0o440)
            Path(beside).replace(place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        return name
