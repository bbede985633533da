"""The form every step's form descends from: the shape of its facts, for page, API, task and shell alike."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor


class StepForm(forms.Form):
    """Facts of one step. Subclasses add fields; they read `self.dossier`, `self.actor` to narrow choices.

    `unrecorded` names fields that rules and effects see but the event never keeps: secrets, personal data, and
    what follows from others.
    """

    unrecorded: ClassVar[frozenset[str]] = frozenset()

    #: what a field takes (rows, choices, a label) depends on its class, which its name does not tell
    fields: dict[str, Any]

    note = forms.CharField(label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, dossier: Any, actor: Actor, **kwargs: Any) -> None:
        self.dossier = dossier
        self.actor = actor
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "note"])
        for field in self.fields.values():
            if hasattr(field, "dossier"):
                field.dossier = dossier
            if isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select) and field.required:
                _unchosen(field)


def _unchosen(field: forms.ChoiceField) -> None:
    """Nobody decides by what happens to stand first: a choice that must be made begins empty."""
    if isinstance(field, (forms.ModelChoiceField, forms.MultipleChoiceField)) or field.initial not in (None, ""):
        return
    choices: list[tuple[Any, Any]] = list(field.choices)  # type: ignore[arg-type]
    if choices and all(value != "" for value, _label in choices):
        field.choices = [("", "—"), *choices]


def as_data(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Python values as a form takes them: objects as their keys, so a service call and a POST read alike."""

    def plain(value: Any) -> Any:
        if isinstance(value, Model):
            return value.pk
        if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "_iterable_class"):
            return [plain(item) for item in value]
        return value

    return {name: plain(value) for name, value in facts.items()}
