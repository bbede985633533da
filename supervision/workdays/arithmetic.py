"""When a statutory period ends: pure functions over dates, no clock, no database.

PP-58, national-law §13: the first day is not counted; a last day that is not a working day moves to the next
working day; days excluded by law extend the period. Working days follow the State Council's yearly notice
(holidays and make-up workdays); of a year without a notice only the weekends are known, so every date that
leans on it is *provisional*.
"""

import calendar as gregorian
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

ONE_DAY = timedelta(days=1)
SATURDAY = 5
Day = date  # for classes that have a field of that name


class Unit(TextChoices):
    """In what a period is counted."""

    WORKING = "WD", _("working days")
    CALENDAR = "CD", _("calendar days")
    MONTHS = "M", _("months")
    HOURS = "H", _("hours")


@dataclass(frozen=True)
class Period:
    """A length of time as a law states it: ``Period(5, Unit.WORKING)``.

    Raises ValueError when ``n`` is negative or not a whole number.
    """

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < 0:
            raise ValueError(f"a period is a whole number of {self.unit}, not {self.n!r}")
        object.__setattr__(self, "unit", Unit(self.unit))

    def __str__(self) -> str:
        sentences = {
            Unit.WORKING: ngettext("%(n)d working day", "%(n)d working days", self.n),
            Unit.CALENDAR: ngettext("%(n)d calendar day", "%(n)d calendar days", self.n),
            Unit.MONTHS: ngettext("%(n)d month", "%(n)d months", self.n),
            Unit.HOURS: ngettext("%(n)d hour", "%(n)d hours", self.n),
        }
        return sentences[self.unit] % {"n": self.n}


@dataclass(frozen=True)
class YearDays:
    """What a year's notice says: holidays with the festival's name, and weekend days worked in exchange."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    workdays: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "workdays", MappingProxyType(dict(self.workdays)))


class Calendar:
    """Working and free days of the years it knows; of other years the weekends only. Immutable."""

    __slots__ = ("_years",)

    def __init__(self, years: Mapping[int, YearDays]) -> None:
        self._years = MappingProxyType(dict(years))

    @property
    def years(self) -> Mapping[int, YearDays]:
        return self._years

    def knows(self, year: int) -> bool:
        """Whether the notice of that year has been loaded."""
        return year in self._years

    def is_working(self, day: date) -> bool:
        days = self._years.get(day.year)
        if days is not None:
            if day in days.workdays:
                return True
            if day in days.holidays:
                return False
        return day.weekday() < SATURDAY

    def festival(self, day: date) -> str:
        """Code of the festival a holiday (or its make-up workday) belongs to; empty for ordinary days."""
        days = self._years.get(day.year)
        return "" if days is None else days.holidays.get(day) or days.workdays.get(day) or ""

    def next_working(self, day: date) -> date:
        """The day itself when worked, else the first working day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day


@dataclass(frozen=True)
class Due:
    """The end of a period and how it came about.

    ``skipped``: the non-working days that were passed over while counting, or that the last day was moved
    across. ``provisional``: the answer leans on a year whose notice is not out, so it may still move.
    """

    start: Day
    date: Day
    period: Period
    provisional: bool
    skipped: tuple[Day, ...]
    excluded_days: int = 0


def due(start: date, period: Period, calendar: Calendar, excluded_days: int = 0) -> Due:
    """The last day on which an act is in time.

    ``start`` is the day of the event and is not counted. ``excluded_days`` are days the law leaves out
    (appraisal, hearing, announcement …), in working days for a period of working days and in calendar days
    otherwise. Hours run by the clock: they end on the day reached and are never moved; all other periods end
    on a working day. Raises ValueError for negative ``excluded_days`` and OverflowError beyond the year 9999.
    """
    if excluded_days < 0:
        raise ValueError("excluded days cannot be negative")
    if period.unit is Unit.HOURS:
        return Due(start, calendar_end(start, period) + excluded_days * ONE_DAY, period, False, (), excluded_days)
    if period.unit is Unit.WORKING and (total := period.n + excluded_days):
        last, skipped, leaned_on = _count_working(start, total, calendar)
    else:
        last, skipped, leaned_on = _roll(calendar_end(start, period) + excluded_days * ONE_DAY, calendar)
    provisional = any(not calendar.knows(year) for year in leaned_on)
    return Due(start, last, period, provisional, tuple(skipped), excluded_days)


def calendar_end(start: date, period: Period) -> date:
    """Start plus the period by the calendar alone, not moved to a working day.

    For measures that last (a suspension of three months, a bar of three years), not for deadlines. Months end
    on the same day of the month, or its last day where there is none; hours end on the day the last one falls
    when counted from midnight of ``start``. Raises ValueError for working days, which need a calendar of
    holidays; zero is the start.
    """
    if period.n == 0:
        return start
    if period.unit is Unit.WORKING:
        raise ValueError("working days cannot be counted by the calendar alone")
    if period.unit is Unit.MONTHS:
        months = start.month - 1 + period.n
        year, month = start.year + months // 12, months % 12 + 1
        if year > date.max.year:
            raise OverflowError("date value out of range")
        return date(year, month, min(start.day, gregorian.monthrange(year, month)[1]))
    days = period.n if period.unit is Unit.CALENDAR else -(-period.n // 24)
    return start + days * ONE_DAY


def hours_end(start: datetime, period: Period) -> datetime:
    """The instant at which a period of hours ends, in UTC; an act at that very instant is still in time.

    Raises ValueError for another unit and for a moment without its zone: hours run by the clock, from one instant to
    another.
    """
    if period.unit is not Unit.HOURS:
        raise ValueError(f"a period of {period.unit} ends on a day")
    if start.tzinfo is None:
        raise ValueError("hours run from a moment with its zone")
    return start.astimezone(UTC) + timedelta(hours=period.n)


def working_days_between(a: date, b: date, calendar: Calendar) -> int:
    """Working days after ``a`` up to and including ``b`` (the first day is not counted); negative when b < a."""
    if b < a:
        return -working_days_between(b, a, calendar)
    return sum(calendar.is_working(day) for day in _days_after(a, b))


def days_left(today: date, last: date, unit: Unit, calendar: Calendar) -> int:
    """Days still to come until ``last``: 0 on the last day, negative when overdue; working or calendar days
    by unit.

    Months and hours are shown in calendar days.
    """
    if Unit(unit) is Unit.WORKING:
        return working_days_between(today, last, calendar)
    return (last - today).days


def _days_after(a: date, b: date) -> Iterator[date]:
    day = a
    while day < b:
        day += ONE_DAY
        yield day


def _count_working(start: date, total: int, calendar: Calendar) -> tuple[date, list[date], set[int]]:
    day, skipped, years = start, [], set()
    while total:
        day += ONE_DAY
        years.add(day.year)
        if calendar.is_working(day):
            total -= 1
        else:
            skipped.append(day)
    return day, skipped, years


def _roll(last: date, calendar: Calendar) -> tuple[date, list[date], set[int]]:
    skipped, years = [], {last.year}
    while not calendar.is_working(last):
        skipped.append(last)
        last += ONE_DAY
        years.add(last.year)
    return last, skipped, years
