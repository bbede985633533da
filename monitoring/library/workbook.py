"""Reads one library workbook: finds the headings of each sheet, tells its class, gives points and row errors.

Two shapes occur. A sheet may carry everything; or one sheet gives limits by name and another the codes of each name.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from monitoring.library import limits
from monitoring.library.classes import CLASSES, LibraryClass, Subject

NAME = ("药品通用名", "项目名称", "药品名称", "主项名称")
CODE = ("国标代码", "药品代码", "项目编码", "项目代码", "主项编码", "国家项目代码", "医保编码")
LIMIT = ("限定对象", "限定性别", "限定值域", "限定年龄")
NOTE = ("药品说明", "项目说明", "备注")
TYPE = "限定类型"

_MOST_BYTES = 512 * 1024 * 1024
_MOST_RATIO = 200
_HEADING_WITHIN = 10
_FOOTER = re.compile(r"^\s*(合计|备注|注|说明)")
_BATCH = re.compile(r"第[一二三四五六七八九十]+批(-\d+)?")


@dataclass(frozen=True)
class RowError:
    """A row that was not taken, and why; ``row`` is the number Excel shows."""

    sheet: str
    row: int
    message: str


@dataclass(frozen=True)
class Point:
    """One knowledge point: where it stood and the fields of :class:`monitoring.models.RuleItem`."""

    sheet: str
    row: int
    rule_class: str
    code: str
    name: str
    fields: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        extra = self.fields
        return (
            self.rule_class,
            self.code,
            extra.get("other_code", ""),
            extra.get("group", ""),
            extra.get("window", ""),
        )


@dataclass
class Reading:
    """All a workbook gave."""

    batch: str = ""
    points: list[Point] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class _Sheet:
    title: str
    headings: dict[str, int]
    rows: list[tuple[int, tuple[Any, ...]]]

    def first(self, names: tuple[str, ...]) -> str | None:
        return next((name for name in names if name in self.headings), None)

    def cell(self, row: tuple[Any, ...], name: str | None) -> str:
        if name is None:
            return ""
        position = self.headings[name]
        value = row[position] if position < len(row) else None
        return "" if value is None else str(value).strip()


class NotALibrary(ValueError):
    """The file is not a workbook of the rule library; the message says why."""


def read(path: Path, name: str) -> Reading:
    """All points and row errors of a workbook. Raises :class:`NotALibrary`."""
    _refuse_bomb(path, name)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheets = [sheet for sheet in map(_sheet, book.worksheets) if sheet is not None]
        book.close()
    except Exception as error:
        raise NotALibrary(_("“%(file)s” is not a readable Excel workbook.") % {"file": name}) from error
    found = _BATCH.search(name)
    reading = Reading(batch=found[0] if found else "")
    coded = [sheet for sheet in sheets if sheet.first(CODE)]
    by_name = {sheet.title: sheet for sheet in sheets if not sheet.first(CODE) and sheet.first(LIMIT)}
    if not coded:
        raise NotALibrary(
            _("“%(file)s” has no sheet with a code column (%(tried)s).") % {"file": name, "tried": "、".join(CODE)}
        )
    for sheet in coded:
        kind = _class_of(sheet, name)
        if kind is None:
            raise NotALibrary(
                _("The sheet “%(sheet)s” of “%(file)s” is of no known rule class (columns %(columns)s).")
                % {"file": name, "sheet": sheet.title, "columns": "、".join(sheet.headings)}
            )
        _points(sheet, kind, by_name, reading)
    _drop_repeats(reading)
    return reading


def _refuse_bomb(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise NotALibrary(_("“%(file)s” is not an Excel workbook (.xlsx).") % {"file": name}) from None
    if unpacked > _MOST_BYTES or unpacked > max(path.stat().st_size, 1) * _MOST_RATIO:
        raise NotALibrary(_("“%(file)s” unpacks to an absurd size; it was not opened.") % {"file": name})


def _sheet(worksheet: Any) -> _Sheet | None:
    """The sheet below its heading row: the first of the top rows that names an item and something about it."""
    rows = [
        (number, row)
        for number, row in enumerate(worksheet.iter_rows(values_only=True), start=1)
        if any(cell is not None for cell in row)
    ]
    for position, (_number, row) in enumerate(rows[:_HEADING_WITHIN]):
        headings = {re.sub(r"\s", "", str(cell)): index for index, cell in enumerate(row) if cell is not None}
        if any(name in headings for name in NAME) and any(name in headings for name in (*CODE, *LIMIT)):
            return _Sheet(worksheet.title, headings, rows[position + 1 :])
    return None


def _class_of(sheet: _Sheet, file_name: str) -> LibraryClass | None:
    subject = Subject.DRUG if any("药品" in heading for heading in sheet.headings) else Subject.ITEM
    candidates = [kind for kind in CLASSES if kind.subject is subject]
    types = {sheet.cell(row, TYPE) for _number, row in sheet.rows} if TYPE in sheet.headings else set()
    for kind in candidates:
        if kind.limit_type and kind.limit_type in types:
            return kind
    for kind in candidates:
        if kind.headings and kind.headings <= set(sheet.headings):
            return kind
    for kind in candidates:
        if kind.title and re.search(kind.title, f"{sheet.title} {file_name}"):
            return kind
    return None


def _points(sheet: _Sheet, kind: LibraryClass, by_name: dict[str, _Sheet], reading: Reading) -> None:
    name_column, code_column = sheet.first(NAME), sheet.first(CODE)
    limit_column, note_column = sheet.first(LIMIT), sheet.first(NOTE)
    named = dict(_named_limits(by_name.values())) if limit_column is None else {}
    for number, row in sheet.rows:
        name, code = sheet.cell(row, name_column), sheet.cell(row, code_column)
        if not code and _is_footer(row):
            continue
        limit, note = sheet.cell(row, limit_column), sheet.cell(row, note_column)
        if named:
            if name not in named:
                message = _("“%(name)s” has a code here but no limit on the other sheet.") % {"name": name}
                reading.errors.append(RowError(sheet.title, number, message))
                continue
            limit, note = named[name]
        try:
            if not code or not name:
                raise limits.Unreadable(_("name or code is empty"))
            fields = {"note": note, "limit": limit[:255], **_FIELDS[kind.slug](sheet, row, limit, note)}
        except limits.Unreadable as error:
            message = _("cannot be read: %(what)s") % {"what": str(error)[:80] or _("empty")}
            reading.errors.append(RowError(sheet.title, number, message))
            continue
        reading.points.append(Point(sheet.title, number, kind.slug, code, name, fields))


def _is_footer(row: tuple[Any, ...]) -> bool:
    first = next((str(cell) for cell in row if cell is not None and str(cell).strip()), "")
    return not first or bool(_FOOTER.match(first))


def _named_limits(sheets: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    for sheet in sheets:
        for _number, row in sheet.rows:
            limit, note = sheet.cell(row, sheet.first(LIMIT)), sheet.cell(row, sheet.first(NOTE))
            yield sheet.cell(row, sheet.first(NAME)), (limit, note)


def _drop_repeats(reading: Reading) -> None:
    """The same point twice in one workbook is kept once; the repeat is reported."""
    seen: dict[tuple[str, ...], Point] = {}
    for point in reading.points:
        if (first := seen.setdefault(point.key, point)) is not point:
            message = _("repeats row %(row)s of sheet “%(sheet)s”") % {"row": first.row, "sheet": first.sheet}
            reading.errors.append(RowError(point.sheet, point.row, message))
    reading.points = list(seen.values())


def _item_age(_sheet: _Sheet, _row: Any, limit: str, note: str) -> dict[str, Any]:
    return limits.age(limit or ("法定就业年龄" if "就业年龄" in note else note))


def _repeat(sheet: _Sheet, row: Any, _limit: str, _note: str) -> dict[str, Any]:
    other = sheet.cell(row, "从项编码")
    if not other:
        raise limits.Unreadable(_("the second item has no code"))
    return {"other_code": other, "other_name": sheet.cell(row, "从项名称"), **limits.window(sheet.cell(row, "频度"))}


def _frequency(sheet: _Sheet, row: Any, _limit: str, _note: str) -> dict[str, Any]:
    return {"most": limits.number(sheet.cell(row, "限制数量")), "unit": sheet.cell(row, "数量单位"), "per_days": 1}


def _period(sheet: _Sheet, row: Any, _limit: str, _note: str) -> dict[str, Any]:
    days = int(limits.number(sheet.cell(row, "疗程周期")))
    return {"most": limits.number(sheet.cell(row, "频次上限")), "per_days": days}


_FIELDS = {
    "drug_sex": lambda _sheet, _row, limit, _note: limits.sex(limit),
    "item_sex": lambda _sheet, _row, limit, _note: limits.sex(limit),
    "drug_age": lambda _sheet, _row, limit, _note: limits.age(limit),
    "item_age": _item_age,
    "drug_scheme": lambda _sheet, _row, limit, _note: limits.scheme(limit),
    "drug_way": lambda _sheet, _row, limit, note: limits.way(limit, note),
    "drug_level": lambda _sheet, _row, limit, _note: limits.level(limit),
    "drug_course": lambda _sheet, _row, limit, _note: limits.course(limit),
    "item_course": lambda _sheet, _row, limit, note: limits.course(limit or note),
    "item_operation": lambda _sheet, _row, limit, _note: {"group": limit},
    "item_repeat": _repeat,
    "item_frequency": _frequency,
    "item_period": _period,
}
