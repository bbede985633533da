"""What a list or an endpoint was asked for that makes no sense, told so that it can be asked again."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

LONGEST = 40  # characters of what was asked, as they are told back
WIDEST = 400  # characters of all the values there are, told in one sentence
MOST = 30  # more choices than these nobody reads: the list of values is cut


def nonsense(form: forms.BaseForm, *, keys: bool = False) -> dict[str, list[str]]:
    """By field, what was asked that makes no sense; of a choice that is none, which there are.

    `keys`: choices by what an address carries, for programs, instead of by their labels.
    """
    return {name: [*_told(form.fields[name], errors, keys)] for name, errors in form.errors.as_data().items()}


def _told(field: Any, errors: list[Any], keys: bool) -> Iterator[str]:
    listed = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
    for error in errors:
        if listed and error.code == "invalid_choice":
            known = [str(key if keys else label) for key, label in _flat(field.choices) if key not in ("", None)]
            shown = [*_readable(known)]
            told = _("、").join(shown) + ("…" if len(known) > len(shown) else "")
            asked = str((error.params or {}).get("value", ""))
            asked = asked[:LONGEST] + ("…" if len(asked) > LONGEST else "")
            yield _("“%(asked)s” is no choice here. There are: %(known)s.") % {"asked": asked, "known": told}
        else:
            yield from error.messages


def _readable(known: list[str]) -> Iterator[str]:
    """The first of them that a sentence can hold, one at least."""
    length = 0
    for one in known[:MOST]:
        length += len(one)
        if length > WIDEST and length > len(one):
            return
        yield one


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield key, label
