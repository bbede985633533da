"""Loading a year's notice: at once in force, never overwritten, refused when it cannot be one."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supervision.workdays import Period, Unit, due
from supervision.workdays.models import SpecialDay, Year
from supervision.workdays.services import calendar, load_year

pytestmark = pytest.mark.django_db
NEW_YEAR = {date(2027, 1, day): "new-year" for day in (1, 2, 3)}
MADE_UP = {date(2027, 1, 9): "new-year"}


def load(**changes):
    facts = {
        "year": 2027,
        "holidays": NEW_YEAR,
        "workdays": MADE_UP,
        "notice": "国办发明电〔2026〕9号",
        "reason": "年度放假安排公布",
        "set_by": "张三",
    }
    return load_year(**{**facts, **changes})


@pytest.mark.law("WD-1")
def test_a_loaded_year_makes_a_provisional_date_final():
    three_days = Period(6, Unit.WORKING)
    assert due(date(2026, 12, 31), three_days, calendar()).provisional
    load()
    term = due(date(2026, 12, 31), three_days, calendar())
    assert (term.date, term.provisional) == (date(2027, 1, 9), False)


def test_replacing_a_year_keeps_the_earlier_revision():
    load()
    load(holidays={date(2027, 2, 6): "spring"}, workdays={}, reason="更正")
    assert list(Year.objects.filter(year=2027).values_list("revision", flat=True)) == [2, 1]
    assert SpecialDay.objects.filter(year__revision=1).count() == 4
    assert calendar().festival(date(2027, 1, 1)) == ""
    assert calendar().festival(date(2027, 2, 6)) == "spring"


def test_reading_costs_no_query(django_assert_num_queries):
    calendar()
    with django_assert_num_queries(0):
        calendar()


def test_a_rolled_back_load_leaves_no_trace():
    with transaction.atomic():
        load()
        assert calendar().knows(2027)
        transaction.set_rollback(True)
    assert not calendar().knows(2027)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(ValidationError) as refused:
        load(
            holidays={date(2026, 1, 1): "new-year", date(2027, 1, 4): "birthday"},
            workdays={date(2027, 1, 4): "new-year"},
            reason=" ",
        )
    assert len(refused.value.messages) == 5
    assert not Year.objects.exists()


@pytest.mark.parametrize("change", [lambda: Year.objects.update(notice="x"), lambda: SpecialDay.objects.all().delete()])
def test_the_database_refuses_to_rewrite_a_loaded_year(change):
    load()
    with pytest.raises(IntegrityError, match="new revision"), transaction.atomic():
        change()
