"""CL-69: what the coercion law says in ten days or fewer are working days."""

from datetime import date

import pytest

from supervision.law import catalogue
from supervision.law.values import period
from supervision.workdays import Calendar, Period, Unit, YearDays, due

pytestmark = pytest.mark.law("CL-69")

OCTOBER = Calendar({2026: YearDays({date(2026, 10, day): "national" for day in range(1, 8)}, {})})


def test_no_short_period_of_that_law_runs_by_the_calendar():
    short = [
        setting
        for key, settings in catalogue.settings().items()
        for setting in settings
        if key.startswith("CL-") and setting.unit in ("WD", "CD") and setting.value <= 10
    ]
    assert short
    assert {setting.unit for setting in short} == {"WD"}


def test_the_demand_waits_ten_days_on_which_offices_are_open():
    demanded = date(2026, 9, 28)
    waits = period("CL-54/demand", on=demanded)
    assert waits == Period(10, Unit.WORKING)
    assert due(demanded, waits, OCTOBER).date == date(2026, 10, 19)
