"""Taking in lists of providers and practitioners: read, judge row by row, and — unless it is a rehearsal — write.

A list is CSV, gzip, workbook or zip, UTF-8 or GBK; columns are known by their Chinese or English names. A row that is
wrong is told with its line and every reason, and the others are taken; the same list again changes nothing.
"""

import csv
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.tables.files import LONG_ROW_MARK, Limits, unpack
from supervision.tables.refusals import SENTENCES, Refused

from ..models import Authority, Employment, Practitioner, Provider, Region, RegisterImport, User
from ..served import serving
from ..sorting import sort_key

LIMITS = Limits(unpacked=64 * 1024 * 1024, ratio=200, members=1)
MOST_ROWS = 100_000
SENTENCES.update(
    {
        "no_columns": gettext_lazy("“%(file)s” lacks the columns: %(columns)s."),
        "too_many_rows": gettext_lazy("A list holds at most %(limit)s rows; split it."),
    }
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column of a list: the field it fills, the names it goes by, whether it must be there, how it is read."""

    name: str
    aliases: tuple[str, ...]
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """What it is called in the lists of this country."""
        return next(alias for alias in self.aliases if not alias.isascii())


def _choices(options: Iterable[tuple[Any, Any]], **more: str) -> dict[str, str]:
    return {str(value): str(value) for value, _label in options} | more


COMMON = (
    Column("code", ("code", "机构编码", "定点机构编码", "医师编码", "药师编码", "国家编码", "编码"), required=True),
    Column("name", ("name", "机构名称", "定点机构名称", "姓名", "名称"), required=True),
)
PROVIDERS = (
    *COMMON,
    Column("region", ("region", "行政区划代码", "统筹区代码", "区划"), required=True),
    Column(
        "sort", ("sort", "class", "机构类别", "机构类型"), True,
        _choices(Provider.Sort.choices, 医院="hospital", 卫生院="health_centre", 社区卫生服务中心="health_centre",
                 诊所="clinic", 门诊部="clinic", 村卫生站="village_clinic", 村卫生室="village_clinic",
                 药店="pharmacy", 零售药店="pharmacy"),
    ),
    Column(
        "level", ("level", "医院等级", "等级", "机构等级"), False,
        _choices(Provider.Level.choices, 三级="3", 二级="2", 一级="1", 未定级="9", 无等级="9"),
    ),
    Column(
        "ownership", ("ownership", "所有制", "经营性质", "所有制形式"), True,
        _choices(Provider.Ownership.choices, 公立="public", 民营非营利="non_profit", 民营营利="for_profit",
                 非营利性="non_profit", 营利性="for_profit"),
    ),
    Column(
        "risk", ("risk", "风险等级", "风险类别"), False,
        _choices(Provider.Risk.choices, 低="low", 低风险="low", 中="medium", 中风险="medium",
                 中高="medium_high", 中高风险="medium_high", 高="high", 高风险="high"),
    ),
    Column("uscc", ("uscc", "统一社会信用代码")),
    Column("address", ("address", "地址", "机构地址")),
    Column("legal_representative", ("legal_representative", "法定代表人", "负责人")),
    Column("phone", ("phone", "联系电话", "电话")),
    Column("beds", ("beds", "床位数", "床位")),
    Column("designated_since", ("designated_since", "定点日期", "纳入定点日期")),
)  # fmt: skip
PRACTITIONERS = (
    *COMMON,
    Column(
        "profession", ("profession", "人员类别", "类别"), True,
        _choices(Practitioner.Profession.choices, 医师="physician", 医保医师="physician", 药师="pharmacist",
                 医保药师="pharmacist"),
    ),
    Column("provider", ("provider", "执业机构编码", "注册机构编码", "所在机构编码"), required=True),
    Column("licence", ("licence", "license", "执业证书编号", "证书编号")),
    Column("since", ("since", "登记日期", "注册日期")),
)  # fmt: skip
REGISTERS = {"providers": PROVIDERS, "practitioners": PRACTITIONERS}


@dataclass(frozen=True)
class Fault:
    """A row that was not taken: its line in the file (the heading is line 1), why, and its cells."""

    line: int
    reasons: list[str]
    cells: list[str]


@dataclass
class Outcome:
    """What a list does, or did: rows by effect, and those set aside."""

    new: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    record: RegisterImport | None = None

    @property
    def taken(self) -> int:
        return self.new + self.changed + self.same


def look_at(register: str, content: bytes, name: str, *, regions: Iterable[Region]) -> Outcome:
    """What a list of `providers` or `practitioners` would do; nothing is written.

    `regions`: where the caller may enter parties. Raises `Refused` for a file that cannot be read as a whole.
    """
    with transaction.atomic():
        outcome = _go_through(register, content, name, regions)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def take_in(
    register: str,
    content: bytes,
    name: str,
    *,
    regions: Iterable[Region],
    by: User | None,
    authority: Authority | None,
) -> Outcome:
    """Write what is right in a list, and who took it in, in one transaction; `outcome.record` is that record.

    Without `by` it came by the command of the server. Raises `Refused` as `look_at` does.
    """
    with serving("take_in", user=by, authority=authority):
        outcome = _go_through(register, content, name, regions)
    outcome.record = RegisterImport.objects.create(
        register=register,
        user=by,
        authority=authority,
        file_name=Path(name).name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        new=outcome.new,
        changed=outcome.changed,
        same=outcome.same,
        refused=len(outcome.faults),
        refused_rows=faults_csv(outcome) if outcome.faults else "",
    )
    return outcome


def _go_through(register: str, content: bytes, name: str, regions: Iterable[Region]) -> Outcome:
    outcome, rows = Outcome(), []
    within = {region.code: region for region in regions}
    for line, cells, given in _rows(register, content, name, outcome):
        reasons = [reason for reason in given.values() if isinstance(reason, ValidationError)]
        if reasons:
            messages = [message for reason in reasons for message in reason.messages]
            outcome.faults.append(Fault(line, messages, cells))
        else:
            rows.append((line, cells, given))
    write = _providers if register == "providers" else _practitioners
    write(rows, within, outcome)
    outcome.faults.sort(key=lambda fault: fault.line)
    return outcome


def _rows(
    register: str, content: bytes, name: str, outcome: Outcome
) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "upload"
        source.write_bytes(content)
        member = unpack(source, Path(name).name, Path(folder) / "work", limits=LIMITS)[0]
        with member.path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            outcome.headings = [cell.strip() for cell in next(reader, [])]
            places = _places(register, outcome.headings, name)
            yield from _judged(REGISTERS[register], reader, places)


def _places(register: str, headings: list[str], name: str) -> dict[str, int]:
    """Field → place of its column; raises Refused when a needed one is not there."""
    known = {alias.lower(): column.name for column in REGISTERS[register] for alias in column.aliases}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if (column := known.get(heading.lower())) is not None:
            places.setdefault(column, place)
    missing = [column.heading for column in REGISTERS[register] if column.required and column.name not in places]
    if missing:
        raise Refused("no_columns", file=name, columns="、".join(missing))
    return places


def _judged(
    columns: Iterable[Column], reader: Iterator[list[str]], places: dict[str, int]
) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
    seen: dict[str, int] = {}
    for line, cells in enumerate(reader, 2):
        if line > MOST_ROWS + 1:
            raise Refused("too_many_rows", limit=MOST_ROWS)
        if not any(cell.strip() for cell in cells):
            continue
        given: dict[str, Any] = {}
        for column in columns:
            place = places.get(column.name)
            text = cells[place].strip() if place is not None and place < len(cells) else ""
            given[column.name] = _value(column, text)
        if LONG_ROW_MARK.decode() in cells:
            given["code"] = ValidationError(_("The row is longer than any real one."))
        code = given["code"]
        if isinstance(code, str) and code in seen:
            given["code"] = ValidationError(_("The same code stands in line %(line)s.") % {"line": seen[code]})
        elif isinstance(code, str):
            seen[code] = line
        yield line, cells, given


def _value(column: Column, text: str) -> Any:
    """The value of a cell, or the ValidationError that says what is wrong with it."""
    if not text:
        told = {"column": column.heading}
        return ValidationError(_("“%(column)s” is empty.") % told) if column.required else None
    told = {"column": column.heading, "text": text[:40]}
    if column.choices:
        return column.choices.get(text, ValidationError(_("“%(column)s” does not know “%(text)s”.") % told))
    try:
        return READ.get(column.name, _text)(text)
    except ValueError:
        return ValidationError(_("“%(column)s” cannot be “%(text)s”.") % told)


def _text(text: str) -> str:
    if len(text) > 200 or "\x00" in text or text[0] in DANGEROUS[:1]:
        raise ValueError
    return text


def _limited(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError
        return _text(text)

    return read


def _code(text: str) -> str:
    if len(text) > 40 or not text.isascii() or not text.isalnum():
        raise ValueError
    return text.upper()


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100_000:
        raise ValueError
    return number


def _day(text: str) -> date:
    day = date.fromisoformat(text[:10].replace("/", "-").replace(".", "-"))
    if not date(1949, 10, 1) <= day <= date(2200, 1, 1):
        raise ValueError
    return day


READ: dict[str, Callable[[str], Any]] = {
    "code": _code, "provider": _code, "region": _code, "beds": _number, "designated_since": _day, "since": _day,
    "uscc": _limited(18), "phone": _limited(20), "legal_representative": _limited(60), "licence": _limited(40),
}  # fmt: skip


def _providers(rows: list[Any], within: Mapping[str, Region], outcome: Outcome) -> None:
    codes = [given["code"] for _line, _cells, given in rows]
    known = {
        provider.code: provider for provider in Provider.objects.select_for_update(of=("self",)).filter(code__in=codes)
    }
    inside = {region.pk for region in within.values()}
    for line, cells, given in rows:
        region = within.get(given.pop("region"))
        found = known.get(given["code"])
        if region is None or (found is not None and found.region_id not in inside):
            outcome.faults.append(Fault(line, [_("This region is not yours.")], cells))
            continue
        values = {name: value for name, value in given.items() if value is not None} | {"region": region}
        _write(found or Provider(kind="provider"), values, outcome)


def _practitioners(rows: list[Any], within: Mapping[str, Region], outcome: Outcome) -> None:
    codes = [given["code"] for _line, _cells, given in rows]
    known = {one.code: one for one in Practitioner.objects.select_for_update(of=("self",)).filter(code__in=codes)}
    places = {given["provider"] for _line, _cells, given in rows}
    providers = {one.code: one for one in Provider.objects.filter(code__in=places, region__in=list(within.values()))}
    for line, cells, given in rows:
        provider, since = providers.get(given.pop("provider")), given.pop("since")
        if provider is None:
            outcome.faults.append(Fault(line, [_("No provider of your regions has this code.")], cells))
            continue
        found = known.get(given["code"])
        values = {name: value for name, value in given.items() if value is not None}
        person = _write(found or Practitioner(kind="practitioner", region_id=provider.region_id), values, outcome)
        if not person.employments.filter(provider=provider, valid__endswith__isnull=True).exists():
            Employment.objects.create(
                practitioner=person,
                provider=provider,
                primary=not person.employments.exists(),
                valid=DateRange(since or timezone.localdate(), None),
            )


def _write(row: Any, values: Mapping[str, Any], outcome: Outcome) -> Any:
    differs = [name for name, value in values.items() if row.pk is None or getattr(row, name) != value]
    if not differs:
        outcome.same += 1
        return row
    outcome.new, outcome.changed = outcome.new + (row.pk is None), outcome.changed + (row.pk is not None)
    for name in differs:
        setattr(row, name, values[name])
    if "name" in differs:
        row.sort_key = sort_key(row.name)
    if "licence" in differs:
        row.keep_licence(values["licence"])
    row.save()
    return row


def faults_csv(outcome: Outcome) -> str:
    """The rows set aside with line and reasons, safe to open in a spreadsheet."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    for cells in (
        [_("row"), _("why"), *outcome.headings],
        *([str(fault.line), "；".join(fault.reasons), *fault.cells] for fault in outcome.faults),
    ):
        writer.writerow([f"'{cell}" if cell[:1] in DANGEROUS else cell for cell in cells])
    return text.getvalue()
