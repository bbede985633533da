"""Secrets of a local system: made once, kept in files only their owner can read."""

import os
import secrets
from pathlib import Path


def read_or_make(path: Path, entropy_bytes: int = 48) -> str:
    """The secret kept in `path`; a new random one is written there (mode 600) when it does not exist yet."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    value = secrets.token_urlsafe(entropy_bytes)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return value
