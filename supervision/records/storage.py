"""Where content lies: files on disk that appear whole or not at all. `s3.ContentStorage` is the same over S3.

Names are hashes, so two equal names hold equal bytes: a place already taken is kept, never written over.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

UNFINISHED = "."  # how the name of a file still being written begins


class ContentKeeper(Protocol):
    """What the store asks of `STORAGES["evidence"]`."""

    def exists(self, name: str) -> bool: ...

    def save(self, name: str, content: Any) -> str:
        """Write the whole content or nothing; a name that is taken keeps what it has."""

    def open(self, name: str, mode: str = "rb") -> File:
        """Raises FileNotFoundError."""

    def delete(self, name: str) -> None: ...

    def get_modified_time(self, name: str) -> datetime:
        """When the content came or was last renewed. Raises FileNotFoundError."""

    def renew(self, name: str) -> bool:
        """Let the content count as stored now; False when there is none of this name."""

    def contents(self) -> Iterator[tuple[str, datetime]]:
        """Every name with its moment, those of unfinished files too."""


class WholeFileStorage(FileSystemStorage):
    """Writes beside the place, syncs, then renames: a crash never leaves half a file under a real name."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: two equal names hold equal bytes."""
        return name

    def renew(self, name: str) -> bool:
        """See `ContentKeeper`."""
        try:
            os.utime(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def contents(self) -> Iterator[tuple[str, datetime]]:
        """See `ContentKeeper`; what goes while we look is left out."""
        for folder, folders, files in os.walk(self.location):
            folders.sort()
            for name in sorted(files):
                path = Path(folder, name)
                try:
                    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                except FileNotFoundError:
                    continue
                yield path.relative_to(self.location).as_posix(), moment

    def _save(self, name: str, content: Any) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=UNFINISHED)
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
