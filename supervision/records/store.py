"""The content-addressed store of papers and evidence: a file is found by the SHA-256 of what it holds.

Over Django's storage `STORAGES["evidence"]`: files on disk, or any S3-compatible store. The same content is stored
once; a stored file is never overwritten.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

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


def storage() -> Storage:
    """The storage behind the store."""
    return storages[ALIAS]


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
    place = path_of(stored.sha256)
    if not storage().exists(place):
        storage().save(place, file if isinstance(file, File) else File(file))  # type: ignore[arg-type]
    return stored


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
