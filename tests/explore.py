"""Exhaustive exploration of a procedure through the real door: every step tried from every situation reached.

Each try runs in a savepoint of one transaction: the real guards, forms, effects and triggers judge it; what it led to
is described by `key`, and a situation already seen is not entered again. So what a test says of all situations holds
for every order of steps, as far as `key` tells situations apart.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.declare import Context, Step
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import Cause, StepInvalid, StepRefused
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import obstacles
from supervision.procedure.services import advance

Choices = Callable[[Dossier, Actor], Iterable[Mapping[str, Any]]]
# Something other than a step: done at once, None where there is nothing to do; what it returns holds for all that
# follows, as a clock set forward does.
Move = Callable[[Any], AbstractContextManager[Any] | None]


class _Back(Exception):
    """Leaves a savepoint so that what was done in it is undone."""


@dataclass
class Explorer:
    """Walks a procedure.

    - `actors`: who may act; the first whose role and place fit a step takes it.
    - `choices`: step → the facts worth telling apart; a step not named is tried with none.
    - `key`: what tells two situations apart (hashable).
    - `check`: called whenever a situation is reached, also anew, with the dossier and the steps that led there.
    - `moves`: what else may happen between steps — days pass, the sweeper runs, money comes in.
    """

    actors: Iterable[Actor]
    choices: Mapping[str, Choices]
    key: Callable[[Any], Any]
    check: Callable[[Any, tuple[str, ...]], None]
    moves: Mapping[str, Move] = field(default_factory=dict)
    reached: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    tries: int = 0

    def explore(self, dossier: Dossier, path: tuple[str, ...] = ()) -> None:
        """Enter every situation that can be reached from this one."""
        here = self._fresh(dossier)
        self.check(here, path)
        mark = self.key(here)
        if mark in self.reached:
            return
        self.reached[mark] = path
        for step in here.procedure.steps.values():
            if here.state in step.sources:
                for facts, actor in self._tries(here, step):
                    self._try(here, step, actor, facts, path)
        for name, move in self.moves.items():
            self._move(here, name, move, path)

    @staticmethod
    def _fresh(dossier: Dossier) -> Any:
        return concrete(Dossier.objects.select_related("authority__parent", "subject").get(pk=dossier.pk))

    def _tries(self, here: Any, step: Step) -> Iterator[tuple[Mapping[str, Any], Actor]]:
        for actor in self.actors:
            if not actor.has(*step.by):
                continue
            context = Context(actor=actor, today=clock.today(), now=clock.now())
            if all(reason.cause == Cause.RULE for reason in obstacles(here, step, context)):
                for facts in self.choices[step.name](here, actor) if step.name in self.choices else ({},):
                    yield facts, actor
                return

    def _try(self, here: Any, step: Step, actor: Actor, facts: Mapping[str, Any], path: tuple[str, ...]) -> None:
        self.tries += 1
        try:
            with transaction.atomic():
                moved = copy(here)  # what is undone below leaves `here` as it was, for the next try
                advance(moved, step.name, actor, data=dict(facts))
                self.explore(moved, (*path, step.name))
                raise _Back
        except (_Back, StepRefused):
            pass
        except StepInvalid as invalid:
            raise AssertionError(f"{step.name} was tried with facts its form refuses: {invalid}") from invalid

    def _move(self, here: Any, name: str, move: Move, path: tuple[str, ...]) -> None:
        try:
            with transaction.atomic():
                if (lasting := move(here)) is not None:
                    with lasting:
                        self.explore(here, (*path, name))
                raise _Back
        except _Back:
            pass

    def states(self) -> set[str]:
        """The states reached, where `key` gives the state first."""
        return {mark[0] for mark in self.reached}
