"""The form every step's form descends from: the shape of its facts, for page, API, task and shell alike."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor

from .refusals import StepInvalid

OF_THE_SESSION = "csrfmiddlewaretoken"  # sent with a form, and read before any
LONGEST_NAME = 80  # of a field nobody knows, as it is told back


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


class Exact(dict[str, Any]):
    """What a program sent as JSON: a name that no field reads is a mistake of it, and `fit` refuses it.

    A form it posted says so by the same attribute.
    """

    exact = True


class _Asked:
    """Looks at data as a widget does, and remembers the names it was asked for."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._data, name)  # `getlist` is missed where the data has none

        def asked(key: str, *default: Any) -> Any:
            self.names.add(key)
            return method(key, *default)

        return asked

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return self._data[key]

    def __contains__(self, key: str) -> bool:
        self.names.add(key)
        return key in self._data

    def __iter__(self) -> Any:
        return iter(self._data)


def unread(form: forms.BaseForm, sent: Collection[str]) -> list[str]:
    """The names among those sent that no field of the form reads, however its widget spreads a field over names."""
    data, files = _Asked(form.data), _Asked(form.files)
    for name, field in form.fields.items():
        data.names.add(form.add_prefix(name))
        field.widget.value_from_datadict(data, files, form.add_prefix(name))
    return sorted(set(sent) - data.names - files.names)


def fit(form: Any, also: Collection[str] = ()) -> dict[str, Any]:
    """The form's cleaned data; raises StepInvalid, of exact data also for every name that no field reads.

    `also`: names that are read outside the form.
    """
    errors = form.errors
    if getattr(form.data, "exact", False):
        known = "、".join([*also, *form.fields])
        for name in unread(form, {*form.data, *form.files} - {*also, OF_THE_SESSION}):
            told = gettext("There is no field of this name. There are: %(known)s.") % {"known": known}
            errors[name[:LONGEST_NAME]] = form.error_class([told])
    if not form.is_valid():
        raise StepInvalid(form)
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned
