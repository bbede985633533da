"""Why a file was refused, in words that say what to do. Stored as a code with facts, spoken when shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from supervision.tables.refusals import SENTENCES, Refused, sentence

__all__ = ["PROBLEMS", "SENTENCES", "Refused", "problem", "sentence"]

SENTENCES.update(
    {
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
)


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
    "other_institution": _("The institution is outside the jurisdiction of this authority"),
    "unknown_institution": _("The institution is in no register, so nobody can say that it is this authority's"),
    "other_record": _("It belongs to, or would replace, a record of an institution outside the jurisdiction"),
    "no_visit": _("Its visit is not among the claims of this authority's institutions"),
    "other_person": _(
        "Claims of other institutions name this person, or none of this authority's does; the city corrects the entry"
    ),
    "long_row": _("the row is longer than any real one"),
}


def problem(reason: str) -> str:
    """A stored reason such as ``pric:not_number`` as a phrase."""
    subject, _colon, code = reason.rpartition(":")
    return f"{subject} {PROBLEMS[code]}".strip()
