"""The content-addressed store of papers and evidence: a file is found by the SHA-256 of what it holds.

Over Django's storage `STORAGES["evidence"]`: files on disk, or any S3-compatible store. The same content is stored
once; a stored file is never overwritten. Content that comes again counts as new, so that sweeping spares it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import connection, transaction

from .storage import ContentKeeper

CHUNK = 1 << 20
HASH_LENGTH = 64
ALIAS = "evidence"


class Chunked(Protocol):
    """What can be read in pieces: an upload, or Django's File."""

    def chunks(self, chunk_size: int | None = None) -> Iterable[bytes]: ...


@dataclass(frozen=True)
class Stored:
    """What was stored: hex SHA-256 and size in bytes."""

    sha256: str
    size: int


class Missing(FileNotFoundError):
    """The store has no file of this SHA-256."""


class Altered(ValueError):
    """The stored bytes are not those their name promises."""


def storage() -> ContentKeeper:
    """The storage behind the store."""
    return storages[ALIAS]  # type: ignore[return-value]


def path_of(sha256: str) -> str:
    """Where content of this hash lies: ab/cd/abcd…"""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(content: bytes) -> Stored:
    """Store bytes; storing the same again changes nothing."""
    return put_file(ContentFile(content))


def put_file(file: Chunked) -> Stored:
    """Store a file read in pieces: hashed first, then written under its hash; never the whole in memory."""
    digest, size = hashlib.sha256(), 0
    for piece in file.chunks(CHUNK):
        digest.update(piece)
        size += len(piece)
    stored = Stored(digest.hexdigest(), size)
    if not _renewed(stored.sha256):
        storage().save(path_of(stored.sha256), file if isinstance(file, File) else File(file))  # type: ignore[arg-type]
    return stored


def _renewed(sha256: str) -> bool:
    """Whether the content is there and, having come anew, safe from being swept until a row names it."""
    if not storage().exists(path_of(sha256)):
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_lock(sha256)])
        return storage().renew(path_of(sha256))


def remove_stray(sha256: str, before: datetime) -> bool:
    """Delete content that is older than `before`, unless it is being stored again at this very moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock(sha256)])
        if cursor.fetchone() != (True,):
            return False
        try:
            if storage().get_modified_time(path_of(sha256)) > before:
                return False
        except FileNotFoundError:
            return False
        storage().delete(path_of(sha256))
        return True


def _lock(sha256: str) -> int:
    """Key of the advisory lock by which storing and sweeping the same content take turns."""
    return int.from_bytes(bytes.fromhex(sha256[:16]), signed=True)


def open_file(sha256: str) -> BinaryIO:
    """Open content for reading; raises `Missing`."""
    try:
        return storage().open(path_of(sha256), "rb")  # type: ignore[return-value]
    except FileNotFoundError as error:
        raise Missing(sha256) from error


def read(sha256: str) -> bytes:
    """The whole content; raises `Missing`, and `Altered` when it is not what its name promises."""
    with open_file(sha256) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Altered(sha256)
    return content


def pieces(sha256: str) -> Iterator[bytes]:
    """The content piece by piece; raises `Missing`."""
    with open_file(sha256) as file:
        while piece := file.read(CHUNK):
            yield piece


def fault(sha256: str) -> str:
    """'' when the stored file is what its name promises, else 'missing' or 'altered'."""
    digest = hashlib.sha256()
    try:
        for piece in pieces(sha256):
            digest.update(piece)
    except Missing:
        return "missing"
    return "" if digest.hexdigest() == sha256 else "altered"
