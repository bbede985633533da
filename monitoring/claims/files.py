"""Uploads of claims become plain UTF-8 CSV files, within the limits set for claims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitoring import conf
from supervision.tables import files
from supervision.tables.files import LONG_ROW_MARK, LONGEST_ROW, Limits, Member, remove_tree

__all__ = ["LONGEST_ROW", "LONG_ROW_MARK", "Member", "remove_tree", "unpack"]


def unpack(source: Path, name: str, work: Path, beat: Callable[[], None] = lambda: None) -> list[Member]:
    """All tables of an upload as UTF-8 CSV under ``work``; see :func:`supervision.tables.files.unpack`."""
    limits = Limits(conf.most_unpacked(), conf.most_ratio(), conf.most_members())
    return files.unpack(source, name, work, beat, limits=limits)
