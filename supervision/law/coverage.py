"""Which part of the software upholds which rule, computed from declarations and test markers.

Higher floors say it where they declare things: a step, a term, a guard, a constraint, a screening rule. Tests say it
with ``@pytest.mark.law("HY-21")``. Nothing is listed by hand, so a rule nobody upholds stands out.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supervision.law import catalogue
from supervision.law.catalogue import Rule, UnknownRule

F = TypeVar("F", bound=Callable[..., Any])


class Kind(TextChoices):
    """By what a rule is upheld."""

    STEP = "step", _("step")
    TERM = "term", _("statutory term")
    GUARD = "rule", _("condition")
    SERVICE = "service", _("act of the software")
    CONSTRAINT = "constraint", _("database constraint")
    CHECK = "check", _("automatic check")
    SCREENING = "screening", _("screening rule")
    PAPER = "paper", _("paper")
    PAGE = "page", _("page")


class Enforcer(NamedTuple):
    """A dotted name in the code, what it is, and how a reader would call it ('' when only the code has a name)."""

    name: str
    kind: str
    label: str = ""

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)


class Declared(NamedTuple):
    """What a collector yields: a rule id and who upholds it."""

    rule_id: str
    name: str
    kind: str
    label: str | Promise = ""


Collector = Callable[[], Iterable[Declared]]

_declared: dict[tuple[str, str, str], Declared] = {}
_collectors: list[Collector] = []


def enforces(rule_id: str, by: str, kind: str, label: str | Promise = "") -> None:
    """Say that ``by`` (a dotted name) upholds the rule; an id that does not exist fails the system check."""
    _declared[rule_id, by, kind] = Declared(rule_id, by, Kind(kind), label)


def enforcing(*rule_ids: str, kind: str, label: str | Promise = "") -> Callable[[F], F]:
    """The same as a decorator: ``@enforcing("HY-38", kind="service")`` on a function or class."""

    def declare(member: F) -> F:
        for rule_id in rule_ids:
            enforces(rule_id, f"{member.__module__}.{member.__qualname__}", kind, label)
        return member

    return declare


def collect(collector: Collector) -> Collector:
    """Register a function that yields what a whole registry upholds, asked when coverage is computed."""
    _collectors.append(collector)
    return collector


@dataclass(frozen=True)
class Coverage:
    """One rule with everything that upholds it and every test that tries to break it (pytest node ids)."""

    rule: Rule
    enforcers: tuple[Enforcer, ...]
    tests: tuple[str, ...]

    @property
    def covered(self) -> bool:
        return bool(self.enforcers)


def coverage() -> dict[str, Coverage]:
    """Rule id → its coverage, in the catalogue's order."""
    by_rule: dict[str, dict[tuple[str, str], Enforcer]] = {}
    for declared in _all_declared():
        enforcer = Enforcer(declared.name, declared.kind, str(declared.label))
        by_rule.setdefault(declared.rule_id, {})[declared.name, declared.kind] = enforcer
    tests = tests_by_rule()
    return {
        each.id: Coverage(each, tuple(sorted(by_rule.get(each.id, {}).values())), tests.get(each.id, ()))
        for each in catalogue.rules()
    }


def coverage_of(rule_id: str) -> Coverage:
    """The coverage of one rule; raises UnknownRule."""
    catalogue.rule(rule_id)
    return coverage()[rule_id]


@cache
def tests_by_rule() -> dict[str, tuple[str, ...]]:
    """Rule id → node ids of its tests, read from the test files without running them; empty where none are shipped."""
    root = Path(settings.BASE_DIR)
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        for rule_id, node_id in _marked(path, path.relative_to(root).as_posix()):
            found.setdefault(rule_id, []).append(node_id)
    return {rule_id: tuple(dict.fromkeys(nodes)) for rule_id, nodes in found.items()}


def declarations_name_known_rules(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """System check: every rule id in a declaration or a test marker is in the catalogue."""
    named = [(declared.rule_id, declared.name) for declared in _all_declared()]
    named += [(rule_id, node) for rule_id, nodes in tests_by_rule().items() for node in nodes]
    return [
        Error(f"{name} names the rule {rule_id}, which is not in the law catalogue", id="law.E001")
        for rule_id, name in named
        if not _known(rule_id)
    ]


def _all_declared() -> Iterator[Declared]:
    yield from _declared.values()
    for collector in _collectors:
        yield from collector()


def _known(rule_id: str) -> bool:
    try:
        catalogue.rule(rule_id)
    except UnknownRule:
        return False
    return True


def _marked(path: Path, name: str) -> Iterator[tuple[str, str]]:
    module = ast.parse(path.read_text(encoding="utf-8"), filename=name)
    yield from _in_body(module.body, name, _of_pytestmark(module.body))


def _in_body(body: list[ast.stmt], node_id: str, inherited: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            for rule_id in (*inherited, *_of_decorators(node.decorator_list)):
                yield rule_id, f"{node_id}::{node.name}"
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            marks = (*inherited, *_of_decorators(node.decorator_list), *_of_pytestmark(node.body))
            yield from _in_body(node.body, f"{node_id}::{node.name}", marks)


def _of_pytestmark(body: list[ast.stmt]) -> tuple[str, ...]:
    for node in body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            values = node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else [node.value]
            return _of_decorators(values)
    return ()


def _of_decorators(decorators: list[ast.expr]) -> tuple[str, ...]:
    return tuple(
        argument.value
        for call in decorators
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"pytest.mark.law", "mark.law"}
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
