"""Facts an event keeps, in the reader's words: labels, choices and amounts of today's language, links to what is seen.

The event itself is never touched: whatever language a label was frozen in, it is shown in the reader's.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from supervision.parties.actors import Actor, practitioners_visible_to, providers_visible_to
from supervision.parties.models import Party
from supervision.procedure import verbs
from supervision.procedure.models import Dossier, Event
from supervision.procedure.registry import form_of, model_of
from supervision.procedure.selectors import visible_to
from supervision.records.fields import StoredFileField, VerdictField
from supervision.records.models import Evidence
from supervision.records.selectors import evidence_visible_to

from . import format as shape

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = models.Field

# Facts that neither a field of the step's form nor a column names; what is named nowhere is not shown.
LABELS = {
    "title": gettext_lazy("Title"),
    "subject": gettext_lazy("Party concerned"),
    "party": gettext_lazy("Party concerned"),
    "practitioner": gettext_lazy("Practitioner"),
    "department": gettext_lazy("Department"),
    "origin": gettext_lazy("Arose from"),
    "officer": gettext_lazy("Officer"),
    "duty": gettext_lazy("Duty"),
    "ground": gettext_lazy("Ground"),
    "document": gettext_lazy("Number of the document"),
    "reason": gettext_lazy("Reason"),
    "purpose": gettext_lazy("Purpose"),
    "note": gettext_lazy("Remark"),
    "amount": gettext_lazy("Amount"),
    "to": gettext_lazy("Handed to"),
    "evidence": gettext_lazy("Evidence"),
    "papers": gettext_lazy("Papers"),
    "cited": gettext_lazy("Taken along from other matters"),
    "cited_by": gettext_lazy("Cited by"),
    "replaces": gettext_lazy("Replaces"),
    "answers": gettext_lazy("Answers"),
    "conclusion": gettext_lazy("Conclusion"),
    "lead": gettext_lazy("Lead"),
    "agreement": gettext_lazy("Agreement"),
    "reference": gettext_lazy("Reference at the source"),
    "reported_by": gettext_lazy("Reported by"),
    "reported_at": gettext_lazy("Reported at"),
    "out": gettext_lazy("Taken out"),
    "in": gettext_lazy("Stepping in"),
    "from": gettext_lazy("From"),
    "since": gettext_lazy("Since"),
    "before": gettext_lazy("Settled again from"),
    "restored_on": gettext_lazy("Settled again from"),
    "year_total": gettext_lazy("Points of the year"),
    "instalments": gettext_lazy("Instalments"),
    "first": gettext_lazy("First day"),
    "last": gettext_lazy("Last day"),
    # Of discussions entered before each member's vote was.
    "attendees": gettext_lazy("Attended by"),
    "votes_for": gettext_lazy("Votes for"),
    "votes_against": gettext_lazy("Votes against"),
    "abstained": gettext_lazy("Abstentions"),
    "dissent": gettext_lazy("Dissent"),
}
# Facts a form asks once for each row, by what stands before the row's key.
OF_ROWS: Mapping[str, tuple[Any, forms.Field | None]] = {
    "answer": (gettext_lazy("Answer %(number)s"), None),
    "accepted": (gettext_lazy("Point %(number)s is"), VerdictField()),
}
# What a fact without a column or a choice of its own points to.
POINTS_TO: Mapping[str, type[models.Model]] = {
    "subject": Party,
    "origin": Dossier,
    "evidence": Evidence,
    "cited": Evidence,
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
OF_A_ROW = re.compile(r"(\w+)_(\d+)")
MONEY_DIGITS = 12  # every column and field of money has room for so many at least, and two decimals


@dataclass(frozen=True)
class Fact:
    """One fact of an event with what it was filled into and what keeps it."""

    name: str
    value: Any
    label: str
    field: forms.Field | None
    column: Column | None
    choices: verbs.Choices | None = None

    @property
    def model(self) -> type[models.Model] | None:
        """What the objects among its values are."""
        if isinstance(self.field, forms.ModelChoiceField) and self.field.queryset is not None:
            return self.field.queryset.model
        if self.column is not None and isinstance(self.column.related_model, type):
            return self.column.related_model
        return POINTS_TO.get(self.name)


# By the key of what is shown, or by the digest of its file.
Addresses = Mapping[tuple[type[models.Model], int | str], str]


def facts_of(dossier: Dossier, event: Event, hidden: Collection[str]) -> list[Fact]:
    """What this event of the dossier keeps and can be told, in the order of the step's form, the remark last."""
    step = event.step
    fields = form_of(dossier.procedure, step).base_fields if step else {}
    order = {name: place for place, name in enumerate(name for name in fields if name != "note")}
    order["note"] = len(fields) + 1
    kept = sorted(event.facts.items(), key=lambda fact: (order.get(fact[0], len(fields)), _row(fact[0])))
    places: dict[str, int] = {}
    found = []
    for name, value in kept:
        of_row = OF_A_ROW.fullmatch(name)
        if of_row and of_row[1] in OF_ROWS:
            label, field = OF_ROWS[of_row[1]]
            places[of_row[1]] = place = places.get(of_row[1], 0) + 1
            found.append(Fact(of_row[1], value, str(label) % {"number": place}, field, None))
            continue
        # What a step's form adds in cleaning is no column of the matter, though it may bear the name of one.
        column = verbs.column(event.verb, name) or (None if step and name not in fields else _column(dossier, name))
        label = _label(name, fields.get(name), column)
        bare_key = column is not None and column.is_relation and isinstance(value, int)
        if label and name not in hidden and not bare_key:
            found.append(Fact(name, value, label, fields.get(name), column, verbs.choices(event.verb, name)))
    return found


def _row(name: str) -> int:
    of_row = OF_A_ROW.fullmatch(name)
    return int(of_row[2]) if of_row else 0


def _column(dossier: Dossier, name: str) -> Column | None:
    """The column of the matter that keeps such a fact."""
    try:
        column = model_of(dossier.kind)._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, models.Field) else None


def _label(name: str, field: forms.Field | None, column: Column | None) -> str:
    if field is not None and field.label:
        return str(field.label)
    if name in LABELS:
        return str(LABELS[name])
    return capfirst(str(column.verbose_name)) if column is not None else ""


def addresses(facts: Iterable[Fact], actor: Actor) -> Addresses:
    """Where the parties, matters and pieces of evidence these facts name are shown, of those within sight.

    One query for each of the kinds that are named, however many facts there are.
    """
    named: dict[type[models.Model], set[int]] = {}
    for fact in facts:
        for kind in OPENED:
            if fact.model is not None and issubclass(fact.model, kind):
                named.setdefault(kind, set()).update(_keys(fact.value))
    return {
        (kind, pk): reverse(OPENED[kind][0], args=[pk])
        for kind, keys in named.items()
        if keys
        for pk in OPENED[kind][1](actor, keys)
    }


def files_of(facts: Iterable[Fact], dossier: Dossier, actor: Actor) -> Addresses:
    """Where the files that were handed in with the steps of this matter are shown as its evidence, within sight."""
    named = [
        fact.value for fact in facts if isinstance(fact.field, StoredFileField) and isinstance(fact.value, Mapping)
    ]
    if not named:
        return {}
    pieces = evidence_visible_to(actor).filter(dossier=dossier.pk, sha256__in={kept.get("sha256") for kept in named})
    return {
        (Evidence, sha256): reverse(OPENED[Evidence][0], args=[pk]) for pk, sha256 in pieces.values_list("pk", "sha256")
    }


def _keys(value: Any) -> Iterator[int]:
    if isinstance(value, list):
        for item in value:
            yield from _keys(item)
    elif isinstance(value, Mapping) and isinstance(value.get("id"), int):
        yield value["id"]


def _parties(actor: Actor, keys: set[int]) -> Iterable[int]:
    visible = [
        each.filter(pk__in=keys).values("pk") for each in (providers_visible_to(actor), practitioners_visible_to(actor))
    ]
    return Party.objects.filter(models.Q(pk__in=visible[0]) | models.Q(pk__in=visible[1])).values_list("pk", flat=True)


# Kinds of things that have a page of their own: its route, and which of these keys the actor may open.
OPENED: Mapping[type[models.Model], tuple[str, Callable[[Actor, set[int]], Iterable[int]]]] = {
    Evidence: (
        "web:evidence",
        lambda actor, keys: evidence_visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True),
    ),
    Dossier: ("web:dossier", lambda actor, keys: visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)),
    Party: ("web:party", _parties),
}


def told(fact: Fact, links: Addresses) -> str | SafeString:
    """The fact's value in the reader's words; '' for what tells nothing."""
    own_words = getattr(fact.field, "told", None)
    if own_words is not None:
        return str(own_words(fact.value))
    return _text(fact, fact.value, links)


def _text(fact: Fact, value: Any, links: Addresses) -> str | SafeString:
    match value:
        case None | "" | False:
            return ""  # a box left open tells nothing
        case True:
            return _("yes")
        case list():
            return _joined("、", [_text(fact, item, links) for item in value])
        case Mapping():
            return _object(fact, value, links)
        case _:
            return _in_words(fact, str(value))


def _joined(between: str, parts: list[str | SafeString]) -> str | SafeString:
    parts = [part for part in parts if part]
    if any(isinstance(part, SafeString) for part in parts):
        return format_html_join(between, "{}", ((part,) for part in parts))
    return between.join(parts)


def _object(fact: Fact, value: Mapping[str, Any], links: Addresses) -> str | SafeString:
    if isinstance(fact.field, StoredFileField):
        title, url = fact.field.title(value), links.get((Evidence, value.get("sha256", "")))
        return format_html('<a href="{}">{}</a>', url, title) if url else title
    text = str(value.get("text") or value.get("title") or value.get("name") or "")
    if not text and "id" not in value:  # several things said of one: each as it would be said alone
        return _joined(" ", [_in_words(Fact(name, item, "", None, AMOUNT if name == "amount" else None), str(item))
                             for name, item in sorted(value.items(), reverse=True)])  # fmt: skip
    for kind in OPENED:
        if fact.model is not None and issubclass(fact.model, kind) and (url := links.get((kind, value.get("id", 0)))):
            return format_html('<a href="{}">{}</a>', url, text)
    return text


AMOUNT = models.DecimalField(max_digits=MONEY_DIGITS, decimal_places=2)


def is_money(field: Any) -> bool:
    """Whether a column or a form's field holds yuan."""
    decimal = isinstance(field, (forms.DecimalField, models.DecimalField))
    return decimal and field.decimal_places == 2 and (field.max_digits or 0) >= MONEY_DIGITS


def _in_words(fact: Fact, value: str) -> str:
    """A kept fact as its field or its column would have shown it: a choice by its label, moments local."""
    field, column = fact.field, fact.column
    if isinstance(column, ArrayField):
        column = column.base_field
    if (label := _choice(value, lambda: _choices(fact, field, column))) is not None:
        return label
    if NUMBER.fullmatch(value) and (is_money(field) or is_money(column)):
        return _("%(amount)s yuan") % {"amount": shape.yuan(value)}
    if MOMENT.fullmatch(value) and (moment := parse_datetime(value)):
        return shape.moment(moment)
    return value


def _choices(fact: Fact, field: forms.Field | None, column: Column | None) -> dict[str, str]:
    """Key and label of every choice, in the language of the moment; a state's by the procedure that has it."""
    chosen = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
    found = dict(_flat(field.choices)) if chosen and isinstance(field, forms.ChoiceField) else {}
    if column is not None:
        states = getattr(column.model, "State", None) if column.name == "state" and not column.choices else None
        found |= dict(_flat(states.choices if states is not None else column.flatchoices))
    if fact.choices is not None:
        found |= dict(_flat(fact.choices()))
    return found


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield str(key), str(label)


def _choice(value: str, read: Callable[[], dict[str, str]]) -> str | None:
    """The label of a choice that was kept by its key, or by its label in whichever language was spoken then."""
    choices = read()
    if not choices or value in choices:
        return choices.get(value)
    for language, _name in settings.LANGUAGES:
        with override(language):
            keys = {label: key for key, label in read().items()}
        if value in keys:
            return choices.get(keys[value])
    return None
