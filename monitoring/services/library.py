"""The national rule library into the database: dry run, row errors, re-import by content and by key."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from monitoring.library.workbook import Point, RowError, read
from monitoring.models import LibraryFile, RuleItem
from supervision.parties.models import User

_BLANK = {
    "note": "",
    "limit": "",
    "sex": "",
    "age_least_days": None,
    "age_most_days": None,
    "scheme": "",
    "way": "",
    "level": None,
    "most": None,
    "unit": "",
    "per_days": None,
    "window": "",
    "other_code": "",
    "other_name": "",
    "group": "",
}


@dataclass(frozen=True)
class LibraryReport:
    """What an import did, or would do: points by class, how many new and changed, rows not taken."""

    name: str
    classes: dict[str, int]
    created: int
    updated: int
    unchanged: bool
    errors: list[RowError] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(self.classes.values())


def import_library(*, path: Path, name: str = "", dry_run: bool = False, by: User | None = None) -> LibraryReport:
    """Take one workbook as it is. A point already known under its class and codes is replaced, never doubled.

    `by` is kept with it; None for the server itself.

    Raises ``NotALibrary`` when the file is no workbook of the library. Law: HY-14, GZ.
    """
    name = name or path.name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    reading = read(path, name)
    classes = dict(Counter(point.rule_class for point in reading.points))
    known = LibraryFile.objects.filter(sha256=digest).exists()
    keys = _known_keys(set(classes))
    created = sum(point.key not in keys for point in reading.points)
    report = LibraryReport(name, classes, created, len(reading.points) - created, known, reading.errors)
    if dry_run or known:
        return report
    with transaction.atomic():
        file = LibraryFile.objects.create(
            name=name, sha256=digest, batch=reading.batch, rows=len(reading.points), by=by
        )
        RuleItem.objects.bulk_create(
            (_item(file, point) for point in reading.points),
            update_conflicts=True,
            unique_fields=("rule_class", "code", "other_code", "group", "window"),
            update_fields=(
                "file",
                "sheet",
                "row",
                "name",
                *(n for n in _BLANK if n not in ("other_code", "group", "window")),
            ),
            batch_size=2000,
        )
    return report


def _known_keys(classes: set[str]) -> set[tuple[str, ...]]:
    rows = RuleItem.objects.filter(rule_class__in=classes)
    return set(rows.values_list("rule_class", "code", "other_code", "group", "window"))


def _item(file: LibraryFile, point: Point) -> RuleItem:
    return RuleItem(
        file=file,
        sheet=point.sheet[:60],
        row=point.row,
        rule_class=point.rule_class,
        code=point.code[:40],
        name=point.name[:255],
        **{**_BLANK, **point.fields},
    )
