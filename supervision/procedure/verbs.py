"""Happenings that are recorded on a dossier besides the steps of its procedure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from .declare import Procedure, Text

OPENED = "opened"
Choices = Callable[[], Iterable[tuple[str, Text]]]


@dataclass(frozen=True)
class Happening:
    """What is known of a verb; see `register`."""

    label: Text
    look: bool = False
    weighty: bool = False
    like: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)


_happenings = {
    "officer_assigned": Happening(_("Officer assigned"), like="procedure.Assignment"),
    "officer_withdrawn": Happening(_("Officer withdrawn"), like="procedure.Assignment"),
    "term_overdue": Happening(_("Statutory term overdue"), weighty=True),
}


def register(
    verb: str,
    label: Text,
    *,
    look: bool = False,
    weighty: bool = False,
    like: str = "",
    called: Mapping[str, str] | None = None,
    choices: Mapping[str, Choices] | None = None,
) -> str:
    """Name a happening of a higher floor; returns the verb, so it can be a constant there.

    - `look`: somebody looked into the file, which is on record but changes nothing of the matter.
    - `weighty`: told wherever a matter is told in short, as the steps that move it are.
    - `like`: the model, "app.Model", in whose columns its facts are kept, which gives them their names and words;
      `called` is the column of a fact with another name than it.
    - `choices`: key and label of everything a fact may be, where no column says so.
    """
    happening = Happening(label, look, weighty, like, called or {}, choices or {})
    if _happenings.setdefault(verb, happening) != happening:
        raise ValueError(f"two happenings named {verb}")
    return verb


def looks() -> list[str]:
    """Happenings that change nothing: no news to anybody, and no reason to call what was read before stale."""
    return sorted(verb for verb, happening in _happenings.items() if happening.look)


def weighty() -> list[str]:
    """Happenings that are told of a matter in short, besides the steps that move it."""
    return sorted(verb for verb, happening in _happenings.items() if happening.weighty)


def choices(verb: str, fact: str) -> Choices | None:
    """What such a fact of a happening may be, read in the language of the moment."""
    happening = _happenings.get(verb)
    return happening.choices.get(fact) if happening else None


def column(verb: str, fact: str) -> "models.Field[Any, Any] | None":
    """The column of another model than the matter's that keeps such a fact of a happening."""
    happening = _happenings.get(verb)
    if happening is None or not happening.like:
        return None
    try:
        found = apps.get_model(happening.like)._meta.get_field(happening.called.get(fact, fact))
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def label(verb: str, procedure: type[Procedure]) -> str:
    """What a happening is called in the reader's language."""
    if verb == OPENED:
        return str(procedure.opens.label)
    return str(_happenings[verb].label) if verb in _happenings else verb


def known(verb: str) -> bool:
    """Whether such a happening has been named."""
    return verb == OPENED or verb in _happenings
