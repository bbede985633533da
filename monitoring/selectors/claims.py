"""Reads of the claims store and its imports."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from monitoring.claims.layout import NO_MONTH, TABLES
from monitoring.claims.refusals import problem
from monitoring.models import ClaimsFile, ImportBatch
from monitoring.paths import bad_rows_dir


def current_files() -> dict[str, list[tuple[str, str]]]:
    """The manifest now: table → ``(month, path below the store)``."""
    listed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = ClaimsFile.objects.filter(removed_by__isnull=True).order_by("table", "month", "pk")
    for table, month, path in rows.values_list("table", "month", "path"):
        listed[table].append((month, path))
    return listed


def months() -> list[str]:
    """Settlement months with fee lines or settlements, oldest first."""
    rows = ClaimsFile.objects.filter(removed_by__isnull=True, table__in=("fee_lines", "settlements", "visits"))
    return sorted(set(rows.exclude(month=NO_MONTH).values_list("month", flat=True)))


def bad_rows(batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """Rows set aside by an import, in order: ``file, table, row, reasons, cells``."""
    folder = bad_rows_dir(batch.pk)
    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as part:
            for rows in part.iter_batches(10_000):
                yield from rows.to_pylist()


def bad_rows_csv(batch: ImportBatch) -> Iterator[str]:
    """The rows set aside as CSV text: where, why in words, and their cells; safe to open in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    headings: list[str] | None = None

    def line(cells: list[object]) -> str:
        writer.writerow([unformula(str(cell)) for cell in cells])
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield "\ufeff"
    for row in bad_rows(batch):
        cells: dict[str, str] = json.loads(str(row["cells"]))
        if list(cells) != headings:
            headings = list(cells)
            yield line([_("file"), _("table"), _("row"), _("why"), *headings])
        reasons = "; ".join(problem(reason) for reason in row["reasons"])
        table = TABLES[str(row["table"])].national
        yield line([row["file"], table, row["row"], reasons, *cells.values()])


def unformula(text: str) -> str:
    """A cell a spreadsheet will show, not run."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


def bad_rows_shown(batch: ImportBatch, most: int = 20) -> list[dict[str, object]]:
    """The first rows set aside, with their reasons in words: ``file, table, row, reasons``."""
    shown = []
    for row in islice(bad_rows(batch), most):
        reasons = [problem(reason) for reason in row["reasons"]]
        shown.append({**row, "table": TABLES[str(row["table"])].national, "reasons": reasons})
    return shown
