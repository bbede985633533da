"""What happened, in sentences: made from an event's verb and facts when it is shown, in the reader's language."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.parties.actors import Actor
from supervision.procedure.declare import Where
from supervision.procedure.models import Assignment, Dossier, Event
from supervision.procedure.registry import form_of, model_of

from . import format as shape

# Facts of happenings that are no step; what is named nowhere is not shown.
LABELS = {
    "title": gettext_lazy("Title"),
    "subject": gettext_lazy("Party concerned"),
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
    "reference": gettext_lazy("Reference at the source"),
    "reported_by": gettext_lazy("Reported by"),
    "reported_at": gettext_lazy("Reported at"),
    "out": gettext_lazy("Taken out"),
    "in": gettext_lazy("Stepping in"),
}
# Facts kept as a column of another model than the matter's keeps them.
KEPT_LIKE: "Mapping[str, models.Field[Any, Any]]" = {"duty": Assignment._meta.get_field("duty")}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
FILTERS = {
    "steps": (gettext_lazy("Steps"), ~Q(target="") | ~Q(source="")),
    "papers": (gettext_lazy("Papers and service"), Q(facts__has_any_keys=["paper", "served"])),
    "other": (gettext_lazy("Everything else"), Q(target="", source="")),
}


@dataclass(frozen=True)
class Line:
    """One event as the timeline shows it."""

    event: Event
    sentence: str
    who: str
    details: list[tuple[str, str]]
    papers: list[Mapping[str, Any]]
    dues: list[tuple[str, str]]
    alike: list["Line"]  # the same small thing done before, next to it

    def goes_with(self, other: "Line") -> bool:
        """Whether both tell of the same small thing, done by the same person on the same day without moving on."""
        one, two = self.event, other.event
        same = (one.verb, one.user_id, one.source, one.target) == (two.verb, two.user_id, two.source, two.target)
        small = one.source == one.target and not (self.papers or self.dues or other.papers or other.dues)
        return same and small and timezone.localdate(one.at) == timezone.localdate(two.at)


def filtered(events: QuerySet[Event], only: str) -> QuerySet[Event]:
    """The events of one kind of `FILTERS`, or all."""
    return events.filter(FILTERS[only][1]) if only in FILTERS else events


def shown_to(actor: Actor, dossier: Dossier, events: QuerySet[Event]) -> QuerySet[Event]:
    """What the actor may read of the history: a party sees what it did itself and what was served on it."""
    if actor.provider is None:
        return events
    steps = dossier.procedure.steps.values()
    open_verbs = [step.name for step in steps if step.at == Where.SUBJECT or step.serves]
    return events.filter(verb__in=open_verbs)


def lines(dossier: Dossier, events: Iterable[Event]) -> list[Line]:
    """The events of this dossier as lines, in the order given; those that go with the one before stand under it."""
    told: list[Line] = []
    for line in (_line(dossier, event) for event in events):
        if told and told[-1].goes_with(line):
            told[-1].alike.append(line)
        else:
            told.append(line)
    return told


def facts_of(dossier: Dossier, event: Event) -> list[tuple[str, str]]:
    """What an event tells, name and value, as its line on the page has it: for the index of a whole file."""
    line = _line(dossier, event)
    papers = [(_("Paper"), f"{paper.get('number', '')} {paper.get('title', '')}".strip()) for paper in line.papers]
    return [*line.details, *papers, *line.dues]


def _line(dossier: Dossier, event: Event) -> Line:
    event.dossier = dossier
    facts = dict(event.facts)
    papers = [facts.pop("paper", None)]
    served = facts.pop("served", None) or {}
    papers += [served.get("paper"), served.get("certificate")]
    due = facts.pop("due", None)
    terms = dossier.procedure.terms
    dues = (
        [(str(terms[kind].label), day) for kind, day in due.items() if kind in terms] if isinstance(due, dict) else []
    )
    who = " · ".join(str(each) for each in (event.user, event.authority) if each)
    return Line(
        event=event,
        sentence=event.label,
        who=who or _("the system"),
        details=list(_details(dossier, event, facts)),
        papers=[paper for paper in papers if isinstance(paper, Mapping)],
        dues=dues,
        alike=[],
    )


def _details(dossier: Dossier, event: Event, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    step = event.step
    fields = form_of(dossier.procedure, step).base_fields if step else {}
    # The database keeps facts in an order of its own; they read in that of the form, the remark last.
    order = {name: place for place, name in enumerate([*(name for name in fields if name != "note"), "note"])}
    for name, value in sorted(facts.items(), key=lambda fact: order.get(fact[0], len(fields))):
        field, column = fields.get(name), _column(dossier, name)
        label = _label(name, field, column)
        text = _text(value, field, column)
        if label and text and not (name == "title" and text == dossier.title):
            yield label, text


def _column(dossier: Dossier, name: str) -> "models.Field[Any, Any] | None":
    """The column that keeps such a fact."""
    if name in KEPT_LIKE:
        return KEPT_LIKE[name]
    try:
        column = model_of(dossier.kind)._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, models.Field) else None


def _label(name: str, field: forms.Field | None, column: "models.Field[Any, Any] | None") -> str:
    if field is not None and field.label:
        return str(field.label)
    if name in LABELS:
        return str(LABELS[name])
    return capfirst(str(column.verbose_name)) if column is not None else ""


def _text(value: Any, field: forms.Field | None, column: "models.Field[Any, Any] | None") -> str:
    match value:
        case None | "" | False:
            return ""  # a box left open tells nothing
        case True:
            return _("yes")
        case list():
            return "、".join(filter(None, (_text(item, field, column) for item in value)))
        case dict():
            return str(value.get("text") or value.get("title") or value.get("name") or "")
        case _:
            return _in_words(str(value), field, column)


def _in_words(value: str, field: forms.Field | None, column: "models.Field[Any, Any] | None") -> str:
    """A kept fact as its form's field or its column would have shown it: a choice by its label, moments local."""
    if isinstance(column, ArrayField):
        column = column.base_field
    choices = [*_flat(field.choices)] if isinstance(field, forms.ChoiceField) else []
    choices += [(str(key), str(label)) for key, label in (column.flatchoices if column is not None else ())]
    if (label := dict(choices).get(value)) is not None:
        return label
    if isinstance(field or column, (forms.DecimalField, models.DecimalField)) and NUMBER.fullmatch(value):
        return shape.yuan(value)
    if MOMENT.fullmatch(value) and (moment := parse_datetime(value)):
        return shape.moment(moment)
    return value


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield str(key), str(label)
