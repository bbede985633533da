"""One holder per checkout: a file lock, which the kernel frees however its holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunningError(RuntimeError):
    """Another process of this checkout holds the servers; the message is its process id."""


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold the lock, with our process id in the file. Raises AlreadyRunningError when another process has it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunningError(file.read_text()) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(file: Path) -> int | None:
    """The process that holds the lock, or None."""
    try:
        with only_one(file):
            return None
    except AlreadyRunningError as error:
        return int(str(error))
