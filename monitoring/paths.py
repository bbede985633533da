"""Where things of an import lie on disk."""

from __future__ import annotations

from pathlib import Path

from monitoring import conf


def inbox(sha256: str) -> Path:
    """The upload with this content."""
    return conf.claims_dir() / "inbox" / sha256


def bad_rows_dir(batch_id: int) -> Path:
    """Parquet parts of the rows an import set aside."""
    return conf.claims_dir() / "bad" / str(batch_id)


def work_dir(batch_id: int, token: str) -> Path:
    """Where one attempt at an import works; gone when it ends."""
    return conf.claims_dir() / "work" / f"{batch_id}-{token}"
