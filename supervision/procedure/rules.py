"""Conditions of law about terms, for any procedure's `needs=`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .declare import Context, Rule, rule
from .models import Term


def extensions(dossier: Any, kind: str) -> int:
    """How often the newest term of this kind was extended."""
    term = dossier.term(kind)
    return sum(part["what"] == "extend" for part in term.steps) if term else 0


def term_runs(kind: str, law: str) -> Rule:
    """The term `kind` is running and its last day is not over: later it can only be exceeded, not extended."""

    @rule(_("The term is over or stopped; it can be extended only while it runs"), law=law)
    def term_runs(dossier: Any, context: Context) -> bool:
        term = dossier.term(kind)
        return term is not None and term.state == Term.State.RUNNING and not term.is_over(context.now)

    return term_runs


def last_day_over(kind: str, law: str | tuple[str, ...]) -> Rule:
    """The last day of the term `kind` is over: before that it can be met or waived, and nothing lapses."""

    @rule(_("The last day of the period is not over"), law=law)
    def last_day_over(dossier: Any, context: Context) -> bool:
        term = dossier.term(kind)
        return term is not None and term.is_over(context.now)

    return last_day_over


def not_extended_before(kind: str, law: str) -> Rule:
    """The term `kind` is as long as it began."""

    @rule(_("The term was already extended once"), law=law, moot=True)
    def not_extended_before(dossier: Any) -> bool:
        return extensions(dossier, kind) == 0

    return not_extended_before


def extended_once(kind: str, law: str) -> Rule:
    """The term `kind` was extended by the head, and not again since."""

    @rule(_("A second extension follows the first, and there is no third"), law=law)
    def extended_once(dossier: Any) -> bool:
        return extensions(dossier, kind) == 1

    return extended_once
