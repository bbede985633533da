"""Why a file was refused, in words that say what to do. Stored as a code with facts, spoken when shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "wrong_type": _("“%(file)s” is neither CSV, a gzip of CSV, an Excel workbook (.xlsx) nor a zip of these."),
    "empty": _("“%(file)s” holds no rows."),
    "encoding": _("“%(file)s” is neither UTF-8 nor GBK/GB18030 text; export it again in one of these."),
    "too_large": _("“%(file)s” unpacks to more than %(limit)s bytes; split it and send the parts."),
    "bomb": _("“%(file)s” unpacks to more than %(ratio)s times its size, as harmful archives do; it was not opened."),
    "too_many": _("The archive “%(file)s” holds more than %(limit)s files."),
    "path": _("The archive names a file outside itself (“%(member)s”); it was not opened."),
    "nested": _("The archive holds another archive (“%(member)s”); unpack it and send the tables themselves."),
    "damaged": _("“%(file)s” is damaged: %(detail)s"),
    "unknown_table": _(
        "Which table “%(file)s” is cannot be told from its name or columns (%(columns)s). "
        "Choose a column mapping, or name it after the national table, for example FEE_LIST_D.csv."
    ),
    "missing_columns": _("“%(file)s” (%(table)s) lacks required columns: %(columns)s."),
    "duplicate_columns": _("“%(file)s” has the column %(columns)s more than once."),
    "structure": _(
        "“%(file)s” has a quoted value that never ends near row %(row)s; close the quote and send it again."
    ),
    "mapping": _("The column mapping does not fit: %(detail)s"),
    "failed": _("The import stopped on an unexpected fault; it can be started again, nothing was stored."),
}


class Refused(Exception):
    """A file the user must change. ``code`` is a key of :data:`SENTENCES`, ``facts`` fill its blanks."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {name: str(value) for name, value in facts.items()}

    def __str__(self) -> str:
        return sentence(self.code, self.facts)


def sentence(code: str, facts: dict[str, str]) -> str:
    """The refusal in the reader's language."""
    return str(SENTENCES[code]) % facts


PROBLEMS = {
    "empty": _("is empty"),
    "not_number": _("is not a number"),
    "not_date": _("is not a date"),
    "out_of_range": _("is outside the plausible range"),
    "too_long": _("is too long"),
    "negative": _("is negative though the row is not a refund"),
    "sign": _("count and amount have different signs"),
    "before_start": _("is before the start"),
    "columns": _("the row has a wrong number of columns"),
    "long_row": _("the row is longer than any real one"),
}


def problem(reason: str) -> str:
    """A stored reason such as ``pric:not_number`` as a phrase."""
    subject, _colon, code = reason.rpartition(":")
    return f"{subject} {PROBLEMS[code]}".strip()
