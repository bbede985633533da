"""Why a step was not taken, in sentences a user can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django import forms
from django.utils.translation import gettext_lazy as _

from .declare import Rule, Text


class Cause(StrEnum):
    """What kind of obstacle it is."""

    STATE = "state"
    ROLE = "role"
    OFFICER = "officer"
    RULE = "rule"
    STALE = "stale"


@dataclass(frozen=True)
class Reason:
    """One obstacle: its sentence, the article behind it, and the name of the page where what is missing is entered."""

    cause: Cause
    sentence: Text
    law: tuple[str, ...] = ()
    name: str = ""
    page: str = ""

    @classmethod
    def of(cls, rule: Rule) -> "Reason":
        return cls(Cause.RULE, rule.sentence, rule.law, rule.name, rule.page)


class StepRefused(Exception):
    """The step may not be taken; `reasons` holds every obstacle at once."""

    def __init__(self, step: str, reasons: Sequence[Reason]) -> None:
        self.step = step
        self.reasons = list(reasons)
        super().__init__(f"{step}: " + "; ".join(str(reason.sentence) for reason in reasons))


class StepInvalid(Exception):
    """What was filled in does not fit; `form` carries each field's errors and everything that was typed."""

    def __init__(self, form: forms.Form) -> None:
        self.form = form
        super().__init__(form.errors.as_json(escape_html=False))


class NoSuchStep(LookupError):
    """The procedure of this dossier has no step of that name."""


STALE = _("This matter has changed since you opened it; look at it again before you act.")
