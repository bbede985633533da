"""What became of a register's rows, in words: who changed what, and what was changed beside the services (变更记录)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from supervision.parties.actors import Actor
from supervision.parties.models import Party, RegisterChange, User

from . import format as shape
from .record_blocks import Block, add_file_block

SHOWN = 30
What = RegisterChange.What
DIGEST = "sha256:"


@dataclass(frozen=True)
class Told:
    """A change in words: what kind of row it was, and each column with its text before and after."""

    change: RegisterChange
    register: str
    columns: list[tuple[str, str, str]]


def told(changes: QuerySet[RegisterChange]) -> list[Told]:
    """The newest of these changes; what stood when the history began is none."""
    newest = changes.exclude(what=What.FOUND).select_related("by", "at_authority").order_by("-pk")[:SHOWN]
    return [Told(change, _register(change), list(_columns(change))) for change in newest]


def of_party(party: Party, actor: Actor) -> dict[str, Any] | None:
    """For a party's file: to those who work at an authority."""
    if actor.authority is None:
        return None
    found = told(RegisterChange.objects.filter(party=party.pk))
    return {"changes": found} if found else None


def of_person(person: User) -> list[Told]:
    """For the page of somebody who works at an authority."""
    return told(RegisterChange.objects.filter(person=person.pk))


def outside(models: Iterable[type[Model]], authorities: QuerySet[Any]) -> list[Told]:
    """What was changed beside the services among these registers of the authorities."""
    tables = [model._meta.db_table for model in models]
    return told(RegisterChange.objects.filter(register__in=tables, party__in=authorities.values("pk"), act=""))


def register() -> None:
    """Declare the block of files."""
    template = "components/register_block.html"
    add_file_block(Block("register-history", pgettext("register", "Changes"), template, of_party, aside=True, order=95))


@cache
def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def _register(change: RegisterChange) -> str:
    model = _models().get(change.register)
    return str(capfirst(model._meta.verbose_name)) if model else change.register


def _columns(change: RegisterChange) -> Iterator[tuple[str, str, str]]:
    """Of a row changed each column; of one entered or removed the row as a whole is told, not its columns."""
    model = _models().get(change.register)
    if change.what != What.UPDATE or model is None:
        return
    fields: dict[str, Field[Any, Any]] = {str(field.column): field for field in model._meta.local_concrete_fields}
    before, after = change.before or {}, change.after or {}
    for name in sorted(after):
        field = fields.get(name)
        label = str(capfirst(field.verbose_name)) if field is not None else name
        if _is_digest(before.get(name)) or _is_digest(after[name]):
            yield label, "", _("changed; kept encrypted")
        else:
            yield label, _text(field, before.get(name)), _text(field, after[name])


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(DIGEST)


def _text(field: "Field[Any, Any] | None", value: Any) -> str:
    """A stored value as its field would have shown it."""
    if value in (None, "", []):
        return "—"
    shown = value
    if isinstance(value, bool):
        shown = _("yes") if value else _("no")
    elif field is not None and field.choices:
        shown = dict(field.flatchoices).get(value, value)
    elif isinstance(field, ForeignKey):
        shown = field.related_model._base_manager.filter(pk=value).first() or value
    elif isinstance(value, list):
        shown = "、".join(map(str, value))
    elif isinstance(field, DateRangeField):
        shown = _days(value)
    return str(shown)


def _days(stored: str) -> str:
    """A range of days as PostgreSQL writes it, by its first and last day."""
    if stored == "empty":
        return _("no day")
    first, until = stored[1:-1].split(",")
    last = shape.day(date.fromisoformat(until) - timedelta(days=1)) if until else ""
    return f"{shape.day(date.fromisoformat(first)) if first else ''} – {last}"
