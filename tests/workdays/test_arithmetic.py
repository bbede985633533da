"""The calculator, against hand-counted calendars and against properties that hold for every date."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.workdays import (
    Calendar,
    Period,
    Unit,
    YearDays,
    calendar_end,
    days_left,
    due,
    hours_end,
    working_days_between,
)
from supervision.workdays.published import published_years

CALENDAR = Calendar(published_years())
days = st.dates(date(2018, 1, 1), date(2026, 6, 1))
WD, CD, M, H = Unit.WORKING, Unit.CALENDAR, Unit.MONTHS, Unit.HOURS


@pytest.mark.law("WD-1", "HY-22")
def test_five_working_days_over_national_day_count_the_make_up_saturday():
    term = due(date(2026, 9, 29), Period(5, WD), CALENDAR)
    # 30 Sep, then the holiday of 1–7 Oct, 8, 9, Saturday 10 (made up), Monday 12
    assert term.date == date(2026, 10, 12)
    assert term.skipped == (*(date(2026, 10, d) for d in range(1, 8)), date(2026, 10, 11))
    assert not term.provisional


@pytest.mark.law("PP-58")
def test_a_calendar_period_ending_on_a_holiday_moves_to_the_next_working_day():
    term = due(date(2026, 9, 3), Period(30, CD), CALENDAR)
    assert term.date == date(2026, 10, 8)
    assert term.skipped == tuple(date(2026, 10, d) for d in range(3, 8))


@pytest.mark.law("PP-58")
def test_a_month_ends_on_the_same_day_or_the_months_last():
    assert due(date(2025, 12, 31), Period(2, M), CALENDAR).date == date(2026, 2, 28)  # a make-up Saturday
    assert calendar_end(date(2024, 2, 29), Period(36, M)) == date(2027, 2, 28)


@pytest.mark.law("PP-45")
def test_excluded_days_extend_in_the_periods_own_unit():
    plain = due(date(2026, 3, 2), Period(5, WD), CALENDAR)
    assert (plain.date, due(date(2026, 3, 2), Period(5, WD), CALENDAR, 5).date) == (
        date(2026, 3, 9),
        date(2026, 3, 16),
    )
    assert due(date(2026, 3, 2), Period(7, CD), CALENDAR, 7).date == date(2026, 3, 16)


@pytest.mark.law("CR-3")
@given(
    st.datetimes(datetime(2018, 1, 1), datetime(2100, 1, 1)),
    st.integers(-12, 14),
    st.integers(0, 1000),
    st.integers(0, 1000),
)
def test_hours_end_at_the_instant_whatever_clock_the_moment_is_read_on(wall, zone, first, then):
    start = wall.replace(tzinfo=timezone(timedelta(hours=zone)))
    end = hours_end(start, Period(first, H))
    assert end - start == timedelta(hours=first)
    assert hours_end(end, Period(then, H)) == hours_end(start, Period(first + then, H))
    assert end == hours_end(start.astimezone(UTC), Period(first, H))


def test_hours_are_counted_from_an_instant_and_nothing_else_is():
    with pytest.raises(ValueError, match="zone"):
        hours_end(datetime(2026, 3, 6, 9), Period(24, H))
    with pytest.raises(ValueError, match="ends on a day"):
        hours_end(datetime(2026, 3, 6, 9, tzinfo=UTC), Period(1, CD))


def test_hours_run_through_weekends():
    assert due(date(2026, 3, 6), Period(24, H), CALENDAR).date == date(2026, 3, 7)
    assert due(date(2026, 3, 6), Period(25, H), CALENDAR).date == date(2026, 3, 8)


@pytest.mark.law("WD-1")
def test_an_unpublished_year_gives_a_provisional_date_counted_by_weekends():
    term = due(date(2026, 12, 30), Period(3, WD), CALENDAR)
    assert term.date == date(2027, 1, 4)
    assert term.provisional
    assert not due(date(2026, 12, 24), Period(3, WD), CALENDAR).provisional
    assert due(date(2026, 12, 24), Period(30, CD), CALENDAR).provisional


def test_a_period_of_nothing_is_today_or_the_next_working_day():
    assert due(date(2026, 3, 6), Period(0, WD), CALENDAR).date == date(2026, 3, 6)
    assert due(date(2026, 3, 7), Period(0, WD), CALENDAR).date == date(2026, 3, 9)


@pytest.mark.parametrize("n", [-1, 1.5, True, "5"])
def test_a_period_is_a_whole_number(n):
    with pytest.raises(ValueError, match="whole number"):
        Period(n, WD)


def test_negative_exclusions_are_refused():
    with pytest.raises(ValueError, match="negative"):
        due(date(2026, 3, 6), Period(1, WD), CALENDAR, -1)


def test_a_period_speaks():
    assert str(Period(5, WD)) in {"5 working days", "5个工作日"}


def test_the_calendar_cannot_be_changed():
    with pytest.raises(TypeError):
        CALENDAR.years[2027] = YearDays()
    with pytest.raises(TypeError):
        CALENDAR.years[2026].holidays[date(2026, 3, 2)] = "other"


@given(days, st.integers(1, 90), st.integers(0, 30))
def test_a_working_term_ends_on_a_working_day_and_holds_exactly_its_days(start, n, excluded):
    term = due(start, Period(n, WD), CALENDAR, excluded)
    assert CALENDAR.is_working(term.date)
    assert working_days_between(start, term.date, CALENDAR) == n + excluded
    assert all(not CALENDAR.is_working(day) and start < day < term.date for day in term.skipped)
    assert (term.date - start).days == n + excluded + len(term.skipped)


@given(days, st.integers(0, 400), st.sampled_from([CD, M]))
def test_a_calendar_term_never_ends_early_nor_on_a_free_day(start, n, unit):
    period = Period(n % 24 if unit is M else n, unit)
    term = due(start, period, CALENDAR)
    assert CALENDAR.is_working(term.date)
    assert term.date == calendar_end(start, period) + timedelta(days=len(term.skipped))


@given(days, st.integers(0, 60), st.integers(0, 20), st.sampled_from(list(Unit)))
def test_a_longer_period_and_more_exclusions_never_end_earlier(start, n, more, unit):
    shorter = due(start, Period(n, unit), CALENDAR).date
    assert due(start, Period(n + more, unit), CALENDAR).date >= shorter
    assert due(start, Period(n, unit), CALENDAR, more).date >= shorter


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_counting_is_additive(start, a, b):
    middle, end = start + timedelta(days=a), start + timedelta(days=a + b)
    total = working_days_between(start, end, CALENDAR)
    assert total == working_days_between(start, middle, CALENDAR) + working_days_between(middle, end, CALENDAR)
    assert days_left(end, start, WD, CALENDAR) == -total
    assert days_left(start, end, CD, CALENDAR) == a + b
