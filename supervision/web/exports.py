"""Lists as files: CSV and XLSX, streamed, safe to open, marked with who took them (HY-38)."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from supervision.records.models import ExportLog

from . import format as shape
from .columns import Column
from .request import PageRequest

MAX_ROWS = 100_000
FORMATS = ("csv", "xlsx")
HEAD_ROW = 2
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a risky first sign is preceded by an apostrophe."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def log_export(request: PageRequest, name: str, query: str, kind: str, rows: int) -> ExportLog:
    """Record that somebody takes rows away; call before the first one leaves (HY-38)."""
    return ExportLog.objects.create(
        user=request.user,
        authority=request.actor.authority,
        list_name=name,
        query=query,
        format=kind,
        rows=rows,
        address=request.META.get("REMOTE_ADDR") or None,
    )


def export(
    request: PageRequest,
    *,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    count: int,
    kind: str,
) -> HttpResponseBase:
    """The rows as a download of `kind` 'csv' or 'xlsx'; the export is logged before the first row leaves."""
    actor = request.actor
    log = log_export(request, name, request.GET.urlencode(), kind, count)
    mark = _("Export no. %(number)d · %(place)s · %(name)s (%(username)s) · %(at)s · for this work only") % {
        "number": log.pk,
        "place": actor.place or "",
        "name": request.user.name,
        "username": request.user.username,
        "at": shape.moment(log.at),
    }
    used = [column for column in columns if column.exported]
    return as_file(title, mark, used, rows, at=log.at, kind=kind)


def as_file(
    title: str, mark: str, columns: Sequence[Column], rows: Iterable[Any], *, at: datetime, kind: str
) -> HttpResponseBase:
    """The rows as a download of `kind` 'csv' or 'xlsx', with `mark` above and below them; records nothing."""
    table = _table(title, mark, columns, rows)
    filename = f"{title} {timezone.localtime(at):%Y%m%d-%H%M}.{kind}"
    response: HttpResponseBase
    if kind == "xlsx":
        response = FileResponse(
            _workbook(table),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        response = StreamingHttpResponse(_csv(table), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


def _table(title: str, mark: str, columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[list[Any]]:
    yield [title]
    yield [mark]
    yield [str(column.label) for column in columns]
    for row in rows:
        yield [_value(column.plain(row)) for column in columns]
    yield [mark]


def _value(value: Any) -> Any:
    if value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    return safe(str(value))


def _csv(table: Iterable[list[Any]]) -> Iterator[str]:
    yield "\ufeff"  # so that spreadsheets read the file as UTF-8
    for row in table:
        line = io.StringIO()
        csv.writer(line).writerow([f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell for cell in row])
        yield line.getvalue()


def _workbook(table: Iterable[list[Any]]) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A4"
    for number, row in enumerate(table):
        sheet.append([_bold(sheet, cell) for cell in row] if number == HEAD_ROW else row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    book.save(file)
    file.seek(0)
    return file


def _bold(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.font = Font(bold=True)
    return cell
