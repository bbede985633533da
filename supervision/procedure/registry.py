"""From a dossier's kind to its model, its forms and its effects."""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps

from .declare import Procedure, Step
from .forms import StepForm
from .models import Dossier


@cache
def models_by_kind() -> dict[str, type[Dossier]]:
    """Every kind of dossier with the model that holds its facts."""
    found: dict[str, type[Dossier]] = {}
    for model in apps.get_models():
        if issubclass(model, Dossier) and issubclass(model, Procedure):
            found[model.procedure_class().kind] = model
    return found


def model_of(kind: str) -> type[Dossier]:
    """The model of a kind of dossier; KeyError when there is none."""
    return models_by_kind()[kind]


def procedure_of(model: type[Dossier]) -> type[Procedure]:
    """The procedure a kind's model carries; TypeError for a model that carries none."""
    if not issubclass(model, Procedure):
        raise TypeError(f"{model.__qualname__} carries no procedure")
    return model.procedure_class()


def concrete(dossier: Dossier) -> Dossier:
    """The dossier as its own kind, with the facts of that kind; one query unless it already is."""
    model = model_of(dossier.kind)
    return dossier if isinstance(dossier, model) else model._default_manager.get(pk=dossier.pk)


def form_of(procedure: type[Procedure], step: Step) -> type[StepForm]:
    """The form class that tells the shape of a step's facts; page and API use the same one."""
    if not step.form:
        return StepForm
    form: type[StepForm] = getattr(import_module(f"{procedure.app()}.forms"), step.form)
    return form


def effects_of(procedure: type[Procedure], step: Step) -> list[Any]:
    """The functions that tell other rooms of a step, in the declared order."""
    if not step.then:
        return []
    module = import_module(f"{procedure.app()}.effects")
    return [getattr(module, name) for name in step.then]
