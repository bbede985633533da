"""What procedures tell the law catalogue: which step, condition and term upholds which rule."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _

from supervision.law import catalogue
from supervision.law.coverage import Declared, Kind, collect, enforces

from .declare import Procedure

enforces(
    "HY-48", "supervision.procedure.chain", Kind.CONSTRAINT, _("every act has its actor in a record that only grows")
)


@collect
def of_procedures() -> Iterator[Declared]:
    """Every rule named by a procedure's opening, steps, their conditions and its terms."""
    for procedure in Procedure.registry.values():
        where = f"{procedure.__module__}.{procedure.__qualname__}"
        for law in procedure.opens.law:
            yield Declared(law, f"{where}.opens", Kind.STEP, f"{procedure.label} · {procedure.opens.label}")
        for step in procedure.steps.values():
            for law in step.law:
                yield Declared(law, step.qualified, Kind.STEP, f"{procedure.label} · {step.label}")
            for need in step.needs:
                for law in need.law:
                    yield Declared(law, need.qualified, Kind.GUARD, need.sentence)
        for name, term in procedure.terms.items():
            yield Declared(term.law, f"{where}.terms[{name}]", Kind.TERM, f"{procedure.label} · {term.label}")


@register()
def terms_have_their_numbers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every dated setting a procedure counts by is in the catalogue."""
    named = [
        (f"{procedure.__qualname__}.terms[{name}]", term.setting)
        for procedure in Procedure.registry.values()
        for name, term in procedure.terms.items()
    ]
    named += [
        (step.qualified, setting)
        for procedure in Procedure.registry.values()
        for step in procedure.steps.values()
        for setting in step.extends.values()
    ]
    return [
        Error(f"{where} counts by the setting {key}, which is not in the law catalogue", id="procedure.E003")
        for where, key in named
        if key not in catalogue.settings()
    ]
