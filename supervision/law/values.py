"""The number that is the law for an authority on a day.

``scope`` is the caller's tuple of authority codes from the nearest to the root, such as ``("441602",
"441600")``: the first that has set its own value for the day decides, else the catalogue's default. No query
after warm-up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from supervision.law import catalogue
from supervision.law.catalogue import Confidence, ValueUnit
from supervision.law.models import DatedSetting
from supervision.process_cache import Kept
from supervision.workdays import Period, Unit

CATALOGUE: Literal["catalogue"] = "catalogue"
PERIODS = frozenset(Unit.values)


class UnknownSetting(LookupError):
    """No such key, or no value of it in force on that day."""


class WrongUnit(TypeError):
    """The setting is not measured in what was asked for."""


@dataclass(frozen=True)
class Value:
    """A number in force. ``source``: 'catalogue' or the authority's code; ``note``: its basis."""

    key: str
    value: Decimal
    unit: ValueUnit
    rule: str
    confidence: Confidence
    source: str
    effective_from: date | None = None
    effective_to: date | None = None
    note: str = ""

    @property
    def to_be_confirmed(self) -> bool:
        """A default that was not read in the primary text and that no authority has set as its own."""
        return self.source == CATALOGUE and self.confidence != Confidence.PRIMARY


@dataclass(frozen=True)
class _Row:
    value: Decimal
    effective_from: date
    effective_to: date | None
    note: str


def _load() -> Mapping[tuple[str, str], tuple[_Row, ...]]:
    rows: dict[tuple[str, str], list[_Row]] = {}
    for each in DatedSetting.objects.order_by("effective_from"):
        row = _Row(each.value, each.effective_from, each.effective_to, each.article_note)
        rows.setdefault((each.scope, each.key), []).append(row)
    return {place: tuple(found) for place, found in rows.items()}


kept_settings = Kept("law.settings", _load)


def value(key: str, *, scope: Sequence[str] = (), on: date) -> Value:
    """The value in force for the scope on the day; raises UnknownSetting."""
    defaults = catalogue.settings().get(key)
    if defaults is None:
        raise UnknownSetting(key)
    rows = kept_settings()
    for code in scope:
        for row in rows.get((code, key), ()):
            if row.effective_from <= on and (row.effective_to is None or on <= row.effective_to):
                first = defaults[0]
                return Value(
                    key,
                    row.value,
                    first.unit,
                    first.rule,
                    first.confidence,
                    code,
                    row.effective_from,
                    row.effective_to,
                    row.note,
                )
    for default in defaults:
        if default.in_force(on):
            return Value(
                key,
                default.value,
                default.unit,
                default.rule,
                default.confidence,
                CATALOGUE,
                default.effective_from,
                default.effective_to,
            )
    raise UnknownSetting(f"{key} has no value on {on}")


def period(key: str, *, scope: Sequence[str] = (), on: date) -> Period:
    """The value as a Period; raises WrongUnit unless counted in days, months or hours."""
    found = value(key, scope=scope, on=on)
    if found.unit not in PERIODS:
        raise WrongUnit(f"{key} is measured in {found.unit}, not in time")
    return Period(int(found.value), Unit(found.unit))


def amount(key: str, *, scope: Sequence[str] = (), on: date) -> Decimal:
    """The value in yuan; raises WrongUnit."""
    found = value(key, scope=scope, on=on)
    if found.unit != ValueUnit.YUAN:
        raise WrongUnit(f"{key} is measured in {found.unit}, not in yuan")
    return found.value


def ratio(key: str, *, scope: Sequence[str] = (), on: date) -> Decimal:
    """The value as a factor: 5 % → Decimal('0.05'), 2 times → Decimal(2); raises WrongUnit."""
    found = value(key, scope=scope, on=on)
    if found.unit == ValueUnit.PERCENT:
        return found.value / 100
    if found.unit != ValueUnit.RATIO:
        raise WrongUnit(f"{key} is measured in {found.unit}, not a ratio")
    return found.value


def integer(key: str, *, scope: Sequence[str] = (), on: date) -> int:
    """The value as a whole number, whatever its unit; raises WrongUnit when it is not whole."""
    found = value(key, scope=scope, on=on)
    if found.value != found.value.to_integral_value():
        raise WrongUnit(f"{key} is {found.value}, not a whole number")
    return int(found.value)
