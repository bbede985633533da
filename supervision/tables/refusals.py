"""Why a file was refused, in words that say what to do; whoever reads more of a file adds sentences of its own."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "wrong_type": _("“%(file)s” is neither CSV, a gzip of CSV, an Excel workbook (.xlsx) nor a zip of these."),
    "empty": _("“%(file)s” holds no rows."),
    "encoding": _("“%(file)s” is neither UTF-8 nor GBK/GB18030 text; export it again in one of these."),
    "too_large": _("“%(file)s” unpacks to more than %(limit)s bytes; split it and send the parts."),
    "bomb": _("“%(file)s” unpacks to more than %(ratio)s times its size, as harmful archives do; it was not opened."),
    "too_many": _("The archive “%(file)s” holds more than %(limit)s files."),
    "path": _("The archive names a file outside itself (“%(member)s”); it was not opened."),
    "nested": _("The archive holds another archive (“%(member)s”); unpack it and send the tables themselves."),
    "damaged": _("“%(file)s” is damaged: %(detail)s"),
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
