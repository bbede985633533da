"""System checks: what a procedure names must exist, and every step must be able to speak."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from supervision.law.catalogue import UnknownRule, ValueUnit, rule, settings

from .declare import Procedure, Step
from .ports import Ports
from .registry import effects_of, form_of, models_by_kind


@register()
def procedures_hold_together(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every procedure has its model; every step's form, effects, paper, records and articles exist."""
    problems: list[CheckMessage] = []
    for kind, procedure in Procedure.registry.items():
        if kind not in models_by_kind():
            problems.append(Error(f"{procedure.__qualname__} has no model", id="procedure.E001"))
            continue
        for step in procedure.steps.values():
            problems += [
                Error(f"{step.qualified}: {what}", hint="See docs/core.md", id="procedure.E002")
                for what in _missing(procedure, step)
            ]
    return problems


def _missing(procedure: type[Procedure], step: Step) -> Iterator[str]:
    try:
        form_of(procedure, step)
        effects_of(procedure, step)
    except (ImportError, AttributeError) as error:
        yield str(error)
    for paper in filter(None, (step.paper, step.serves)):
        if not Ports.knows_paper(paper):
            yield f"no paper of type {paper}"
    if step.keeps and not Ports.knows_record(procedure, step.keeps):
        yield f"nothing on record is called {step.keeps}"
    stopped = {*step.pauses, *step.resumes, *step.extends}
    for kind in sorted(stopped | {kind for kind, fact in step.starts.items() if fact}):
        if any(one.unit == ValueUnit.HOURS for one in settings().get(procedure.terms[kind].setting, ())):
            yield f"term {kind} is counted in hours: it starts with its step and runs through"
    for law in (*step.law, *(law for need in step.needs for law in need.law)):
        try:
            rule(law)
        except UnknownRule:
            yield f"no rule {law} in the law catalogue"
