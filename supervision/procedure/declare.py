"""The language procedures are written in: `@rule`, `TermSpec`, `opening`, `@step`, `Procedure`.

A procedure is read beside the law: it says who may take a step, by which article, what must hold, which terms start and
stop and which paper is made. Nothing here touches the database or the clock; `services.advance` carries it out.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django_fsm import transition

from supervision.parties.actors import Actor
from supervision.parties.roles import Role

Text = str | Promise


class Misdeclared(TypeError):
    """A procedure forgot something every procedure must say; raised when its module is imported."""


class OutsideTheDoor(RuntimeError):
    """A step's method was called directly; only `services.advance` may take a step."""


class Where(StrEnum):
    """At which authority the person taking a step must hold the role."""

    OWNER = "owner"  # the authority whose dossier it is, or a body it commissioned
    SAME_BUREAU = "same_bureau"  # the bureau of the owner's own region
    CITY_AGENCY = "city_agency"  # the city's handling agency above the owner
    CITY_BUREAU = "city_bureau"  # the city's bureau above the owner
    SUBJECT = "subject"  # the provider the dossier is about


@dataclass(frozen=True)
class Context:
    """What a guard may look at besides the dossier. `facts` is empty while steps are only being listed."""

    actor: Actor
    today: date
    now: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One condition of law with the sentence shown when it does not hold."""

    name: str
    qualified: str
    sentence: Text
    law: tuple[str, ...]
    check: Callable[..., bool]
    on_facts: bool  # looks at what was filled in, so it can only be judged when the step is taken
    moot: bool  # where it does not hold, the step has no object in this matter
    arity: int
    page: str = ""  # the name of the page where what is missing is entered

    def holds(self, dossier: Any, context: Context) -> bool:
        """Whether the condition holds for this dossier now."""
        return bool(self.check(dossier, context) if self.arity == 2 else self.check(dossier))

    def __call__(self, dossier: Any, context: Context | None = None) -> bool:
        """So that one rule can be used inside another."""
        return bool(self.check(dossier, context) if self.arity == 2 else self.check(dossier))


def rule(
    sentence: Text, *, law: str | Iterable[str] = (), on_facts: bool = False, moot: bool = False, page: str = ""
) -> Callable[[Callable[..., bool]], Rule]:
    """Declare a guard: a pure function `(dossier)` or `(dossier, context)` that says whether a condition holds.

    - `sentence`: why the step is not taken when it does not hold, a sentence in the present tense that stands alone.
    - `on_facts`: a rule about what the step's form says.
    - `moot`: where it does not hold there is nothing for the step to do, as for a publication that has been made; the
      step is then left out of the next steps instead of being shown as blocked.
    - `page`: the name of the page, if there is one, where what is missing is entered; the refusal leads there.
    """

    def declare(check: Callable[..., bool]) -> Rule:
        return Rule(
            name=check.__name__,
            qualified=f"{check.__module__}.{check.__qualname__}",
            sentence=sentence,
            law=as_tuple(law),
            check=check,
            on_facts=on_facts,
            moot=moot,
            arity=len(inspect.signature(check).parameters),
            page=page,
        )

    return declare


@dataclass(frozen=True)
class TermSpec:
    """A statutory term: its length is the dated setting `setting`; `on_lapse` is the step the system takes at its end.

    A term without `on_lapse` becomes overdue and is escalated; one with it lapses, and the law says what follows.
    One with `due_if` starts only where that rule holds for the dossier.
    """

    label: Text
    law: str
    setting: str
    on_lapse: str = ""
    due_if: Rule | None = None


@dataclass(frozen=True)
class Step:
    """What the law says about one move of a dossier."""

    name: str
    qualified: str
    label: Text
    done: Text
    sources: tuple[str, ...]
    target: str | None
    by: tuple[Role, ...]
    at: Where
    law: tuple[str, ...]
    needs: tuple[Rule, ...]
    starts: Mapping[str, str | None]  # term → the fact that holds its first day, None for the day of the step
    meets: tuple[str, ...]
    lapses: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    reopens: tuple[str, ...]
    extends: Mapping[str, str]  # term → the setting by which it is extended
    paper: str
    serves: str
    keeps: str
    form: str
    then: tuple[str, ...]
    assigned: bool  # only the officers in charge of the dossier may take it
    help: Text

    @property
    def automatic(self) -> bool:
        """Only the system takes it."""
        return self.by == (Role.SYSTEM,)

    @property
    def makes_paper(self) -> bool:
        """It issues a paper, or serves one, which leaves a certificate."""
        return bool(self.paper or self.serves)

    @property
    def touches_terms(self) -> bool:
        """It starts, ends or moves a term."""
        ended = (self.meets, self.lapses, self.reopens)
        return any((self.starts, *ended, self.pauses, self.resumes, self.extends))


E = TypeVar("E", bound=Callable[..., None])


def settles(effect: E) -> E:
    """Mark an effect `(dossier, context)` that sets the matter's own columns: it runs before its event."""
    effect.settles = True  # type: ignore[attr-defined]
    return effect


def settles_first(effect: Callable[..., Any]) -> bool:
    """Whether an effect is marked by `settles`."""
    return getattr(effect, "settles", False)


def as_tuple(value: Any) -> tuple[Any, ...]:
    """One or several of something, as a tuple."""
    if value is None or value == "":
        return ()
    return (value,) if isinstance(value, (str, Rule)) else tuple(value)


# The dossier that is being moved right now; a step's method refuses to run for any other.
door: ContextVar[object | None] = ContextVar("procedure_door", default=None)


def step(
    *,
    label: Text,
    source: str | Iterable[str],
    target: str | None,
    by: Role | Iterable[Role],
    law: str | Iterable[str],
    done: Text | None = None,
    at: Where = Where.OWNER,
    needs: Iterable[Rule] = (),
    starts: Iterable[str] | Mapping[str, str | None] = (),
    meets: Iterable[str] = (),
    lapses: Iterable[str] = (),
    pauses: Iterable[str] = (),
    resumes: Iterable[str] = (),
    reopens: Iterable[str] = (),
    extends: Mapping[str, str] | None = None,
    paper: str = "",
    serves: str = "",
    keeps: str = "",
    form: str = "",
    then: Iterable[str] = (),
    assigned: bool = False,
    help: Text = "",
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a step of a procedure on a method that sets the dossier's own facts from the step's form.

    - `source`, `target`: states; `target=None` leaves the state as it is.
    - `by`, `at`: the roles and the place that may take it; `assigned` narrows to the officers in charge.
    - `law`: rule ids of the catalogue; at least one.
    - `needs`: every rule that must hold. All unmet ones are shown together.
    - `starts`, `meets`, `lapses`, `pauses`, `resumes`, `reopens`, `extends`: what happens to the procedure's terms;
      a reopened one was met by mistake and runs on to the day it always had.
    - `paper`: type of the paper issued; `serves`: type of the paper whose service this step records.
    - `keeps`: what the step leaves on record and its event tells of: a statement, answers, a discussion, a legal
      review, or a function of the app's `keeping` module.
    - `form`: class name in the app's `forms` module; without one only a remark is asked.
    - `then`: functions of the app's `effects` module, run in the same transaction after the move.
    """

    def declare(method: Callable[..., None]) -> Callable[..., None]:
        sources = tuple(str(value) for value in as_tuple(source))
        start_map = dict(starts) if isinstance(starts, Mapping) else dict.fromkeys(as_tuple(starts))
        meta = Step(
            name=method.__name__,
            qualified=f"{method.__module__}.{method.__qualname__}",
            label=label,
            done=done or label,
            sources=sources,
            target=str(target) if target is not None else None,
            by=tuple(Role(role) for role in as_tuple(by)),
            at=at,
            law=as_tuple(law),
            needs=tuple(needs),
            starts=start_map,
            meets=as_tuple(meets),
            lapses=as_tuple(lapses),
            pauses=as_tuple(pauses),
            resumes=as_tuple(resumes),
            reopens=as_tuple(reopens),
            extends=extends or {},
            paper=paper,
            serves=serves,
            keeps=keeps,
            form=form,
            then=as_tuple(then),
            assigned=assigned,
            help=help,
        )
        if not (meta.sources and meta.by and meta.law and meta.label):
            raise Misdeclared(f"{meta.qualified} must say its source, role, article and label")

        # Facts come in one mapping: the state machine would take a fact of the name `method` for its own argument.
        def through_the_door(self: object, facts: Mapping[str, Any] | None = None, /, **more: Any) -> None:
            if door.get() is not self:
                raise OutsideTheDoor(f"{meta.name}: call supervision.procedure.services.advance")
            method(self, **(facts or {}), **more)

        through_the_door.__name__ = method.__name__
        through_the_door.__qualname__ = method.__qualname__
        through_the_door.__module__ = method.__module__
        through_the_door.__doc__ = method.__doc__
        moved = transition(field="state", source=list(sources), target=meta.target)(through_the_door)
        moved.declared = meta
        return moved

    return declare


@dataclass(frozen=True)
class Opening:
    """How a dossier of this kind comes into being."""

    label: Text
    by: tuple[Role, ...]
    law: tuple[str, ...]
    starts: Mapping[str, str | None]


def opening(
    *,
    label: Text,
    by: Role | Iterable[Role],
    law: str | Iterable[str],
    starts: Iterable[str] | Mapping[str, str | None] = (),
) -> Opening:
    """Declare who opens a dossier of this kind, by which article, and which terms start with it."""
    start_map = dict(starts) if isinstance(starts, Mapping) else dict.fromkeys(as_tuple(starts))
    return Opening(label=label, by=tuple(Role(r) for r in as_tuple(by)), law=as_tuple(law), starts=start_map)


class Procedure:
    """Base of every procedure; a dossier's model inherits from its procedure and from `Dossier`.

    A subclass says `kind`, `label`, `word` (in its numbers), `State`, `initial`, `final`, `opens`, `terms`, `rail`.
    A long one takes its steps from a class per phase, in the order of its bases, before its own.
    Raises `Misdeclared` at import when one is missing or a step names a state or term that does not exist.
    """

    kind: ClassVar[str]
    label: ClassVar[Text]
    word: ClassVar[str]
    version: ClassVar[int] = 1
    State: ClassVar[type[TextChoices]]
    initial: ClassVar[str]
    final: ClassVar[frozenset[str]]
    resting: ClassVar[frozenset[str]] = frozenset()  # open, but nobody is waited for: an agreement in force
    pooled: ClassVar[bool] = False  # until somebody is in charge it waits for every officer who may begin it
    opens: ClassVar[Opening]
    terms: ClassVar[Mapping[str, TermSpec]] = {}
    reversed_by: ClassVar[tuple[str, ...]] = ()  # the steps that reverse a decision of this kind
    settled_by: ClassVar[str] = ""  # the system's step once nothing of the decision is owed any more
    unsettled_by: ClassVar[str] = ""  # and its step once something is owed after all, a receipt being taken back
    witnessed: ClassVar[bool] = False  # also seen by who only witnesses draws (DR-2)
    regional: ClassVar[bool] = False  # also seen by the county's authorities where the provider concerned is (HY-5)
    rail: ClassVar[tuple[str, ...]]  # the states of the ordinary course, in order, for the rail on the page
    steps: ClassVar[Mapping[str, Step]]
    registry: ClassVar[dict[str, type["Procedure"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" not in cls.__dict__:
            return  # the model that carries the procedure, not a procedure of its own
        for name in ("label", "word", "State", "initial", "final", "opens", "rail"):
            if not hasattr(cls, name):
                raise Misdeclared(f"{cls.__qualname__} must say `{name}`")
        cls.steps = {
            member.declared.name: member.declared
            for part in (*cls.__mro__[1:], cls)
            for member in vars(part).values()
            if hasattr(member, "declared")
        }
        cls.final = frozenset(str(state) for state in cls.final)
        cls.resting = frozenset(str(state) for state in cls.resting)
        cls._check_names()
        if cls.kind in Procedure.registry:
            raise Misdeclared(f"two procedures of kind {cls.kind}")
        Procedure.registry[cls.kind] = cls

    @classmethod
    def _check_names(cls) -> None:
        states = set(cls.State.values)
        for declared in cls.steps.values():
            unknown = {*declared.sources, declared.target or cls.initial} - states
            if unknown:
                raise Misdeclared(f"{declared.qualified}: no state {sorted(unknown)}")
            ended = {*declared.meets, *declared.lapses, *declared.reopens}
            terms = ended | {*declared.starts, *declared.pauses, *declared.resumes, *declared.extends}
            if missing := terms - set(cls.terms):
                raise Misdeclared(f"{declared.qualified}: no term {sorted(missing)}")
        for name, spec in cls.terms.items():
            if spec.on_lapse and spec.on_lapse not in cls.steps:
                raise Misdeclared(f"{cls.__qualname__}.terms[{name}]: no step {spec.on_lapse}")
        if unknown := {*cls.reversed_by, *filter(None, [cls.settled_by, cls.unsettled_by])} - set(cls.steps):
            raise Misdeclared(f"{cls.__qualname__}: no step {sorted(unknown)}")
        if unknown := {*cls.rail, cls.initial, *cls.final, *cls.resting} - states:
            raise Misdeclared(f"{cls.__qualname__}: no state {sorted(unknown)}")

    @classmethod
    def procedure_class(cls) -> type["Procedure"]:
        """The procedure itself, also when asked of the model that carries it."""
        return next(base for base in cls.__mro__ if "kind" in vars(base) and issubclass(base, Procedure))

    @classmethod
    def app(cls) -> str:
        """Dotted package of the app, where its `forms` and `effects` are found."""
        return cls.__module__.rpartition(".")[0]
