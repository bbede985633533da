"""A dossier's own columns as a table of facts: names and values in the reader's words."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from supervision.parties.models import Party
from supervision.procedure.models import Dossier

from . import format as shape
from .parties_links import party_link


def facts_of(dossier: Dossier, hidden: Collection[str] = ()) -> list[tuple[str, Any]]:
    """(name, value) of every filled column the kind adds to a dossier, in the order of its model."""
    return list(_facts(dossier, hidden))


def _facts(dossier: Dossier, hidden: Collection[str]) -> Iterator[tuple[str, Any]]:
    common = {field.name for field in Dossier._meta.concrete_fields}
    for field in dossier._meta.concrete_fields:
        if field.name in common or field.name in hidden or field.name.endswith("_ptr"):
            continue
        value = display(dossier, field)
        if value not in ("", None):
            yield capfirst(str(field.verbose_name)), value


def display(row: models.Model, field: Any) -> Any:
    """The value of a field as people read it; '' for nothing."""
    value = getattr(row, field.name)
    if value in (None, "") or value == []:
        return ""
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    for kind, show in SHOWN:
        if isinstance(field, kind):
            return show(value)
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


SHOWN: "tuple[tuple[type[models.Field[Any, Any]], Callable[[Any], Any]], ...]" = (
    (models.DateTimeField, shape.moment),
    (models.DateField, shape.day),
    (models.BooleanField, lambda value: _("yes") if value else _("no")),
    (models.DecimalField, shape.yuan),
    (models.ForeignKey, lambda value: party_link(value) if isinstance(value, Party) else str(value)),
    (models.JSONField, lambda _value: ""),
)
