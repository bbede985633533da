"""Numbers of the law: the nearest authority's value for the day, else the catalogue's; dated, recorded, cheap."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supervision.law.models import DatedSetting, SettingChange
from supervision.law.services import end_value, set_value
from supervision.law.values import UnknownSetting, WrongUnit, amount, integer, period, ratio, value
from supervision.workdays import Period, Unit

pytestmark = pytest.mark.django_db
CITY, COUNTY = "441600", "441602"
TODAY = date(2026, 11, 24)


def put(**changes):
    facts = {
        "scope": CITY,
        "key": "HY-22/statement",
        "value": Decimal(7),
        "effective_from": date(2026, 1, 1),
        "article_note": "市局规定",
        "reason": "统一期限",
        "set_by": "李四",
    }
    return set_value(**{**facts, **changes})


def test_the_catalogue_decides_where_nobody_has_set_a_value():
    found = value("HY-22/statement", scope=(COUNTY, CITY), on=TODAY)
    assert (found.value, found.source, found.rule) == (Decimal(5), "catalogue", "HY-22")
    assert period("HY-22/statement", on=TODAY) == Period(5, Unit.WORKING)
    assert amount("HY-21/collective_threshold", on=TODAY) == Decimal(50000)
    assert ratio("HY-17/inpatient_sample", on=TODAY) == Decimal("0.05")
    assert ratio("RG-40/fine_max", on=TODAY) == Decimal(5)
    assert integer("HY-32/officers", on=TODAY) == 2


def test_the_nearest_authority_decides():
    put()
    assert value("HY-22/statement", scope=(COUNTY, CITY), on=TODAY).source == CITY
    put(scope=COUNTY, value=Decimal(6))
    assert period("HY-22/statement", scope=(COUNTY, CITY), on=TODAY).n == 6
    assert period("HY-22/statement", scope=(CITY,), on=TODAY).n == 7
    assert period("HY-22/statement", scope=("441621", CITY), on=TODAY).n == 7


@pytest.mark.law("HY-50")
def test_an_act_is_judged_by_the_value_of_its_day():
    put()
    put(effective_from=date(2026, 7, 1), value=Decimal(10))
    asked = [
        period("HY-22/statement", scope=(CITY,), on=day).n
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert asked == [5, 7, 7, 10]


def test_a_rule_not_yet_in_force_has_no_value():
    assert amount("IR-2/fine_min", on=date(2026, 4, 1)) == 10000
    with pytest.raises(UnknownSetting):
        amount("IR-2/fine_min", on=date(2026, 3, 31))


def test_unknown_keys_and_wrong_units_are_errors():
    with pytest.raises(UnknownSetting):
        value("HY-22/statment", on=TODAY)
    with pytest.raises(UnknownSetting):
        put(key="HY-99/none")
    with pytest.raises(WrongUnit):
        amount("HY-22/statement", on=TODAY)
    with pytest.raises(WrongUnit):
        period("HY-21/collective_threshold", on=TODAY)
    with pytest.raises(WrongUnit):
        ratio("HY-21/collective_threshold", on=TODAY)


def test_a_value_that_begins_later_is_in_the_way():
    put(effective_from=date(2027, 1, 1))
    with pytest.raises(ValidationError):
        put()
    put(effective_to=date(2026, 12, 31), value=Decimal(9))
    assert DatedSetting.objects.count() == 2


@pytest.mark.law("HY-49")
@pytest.mark.parametrize(
    "wrong",
    [
        {"value": Decimal("5.5")},
        {"value": Decimal(-1)},
        {"value": Decimal("NaN")},
        {"reason": " "},
        {"article_note": ""},
        {"effective_to": date(2025, 1, 1)},
        {"key": "HY-17/inpatient_sample", "value": Decimal("4.9")},
        {"key": "HY-17/inpatient_sample", "value": Decimal(101)},
        {"key": "HY-21/collective_threshold", "value": Decimal("1.001")},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        put(**wrong)
    assert not DatedSetting.objects.exists()


def test_ending_a_value_restores_what_stands_above_it():
    setting = put()
    end_value(setting=setting, effective_to=date(2026, 6, 30), reason="恢复统一规定", by="李四")
    assert value("HY-22/statement", scope=(CITY,), on=TODAY).source == "catalogue"
    with pytest.raises(ValidationError):
        end_value(setting=setting, effective_to=date(2026, 12, 31), reason="x", by="李四")


@pytest.mark.law("HY-49")
def test_every_act_is_on_record():
    put()
    put(effective_from=date(2026, 7, 1), value=Decimal(10))
    acts = SettingChange.objects.order_by("id").values_list("act", "facts", "by")
    assert list(acts) == [
        ("set", {"value": "7", "from": "2026-01-01", "to": None}, "李四"),
        ("ended", {"from": None, "to": "2026-06-30"}, "李四"),
        ("set", {"value": "10", "from": "2026-07-01", "to": None}, "李四"),
    ]


@pytest.mark.law("HY-49", "HY-50")
@pytest.mark.parametrize(
    "change",
    [
        lambda: DatedSetting.objects.update(value=1),
        lambda: DatedSetting.objects.all()._raw_delete("default"),
        lambda: SettingChange.objects.update(by="x"),
        lambda: SettingChange.objects.all().delete(),
        lambda: DatedSetting.objects.create(
            scope=CITY, key="HY-22/statement", value=3, effective_from=date(2026, 5, 1)
        ),
    ],
)
def test_the_database_refuses_to_rewrite_the_record_or_to_overlap(change):
    put()
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_reading_costs_no_query(django_assert_num_queries):
    put()
    value("HY-22/statement", scope=(COUNTY, CITY), on=TODAY)
    with django_assert_num_queries(0):
        value("HY-22/statement", scope=(COUNTY, CITY), on=TODAY)


def test_a_rolled_back_value_never_was():
    with transaction.atomic():
        put()
        assert period("HY-22/statement", scope=(CITY,), on=TODAY).n == 7
        transaction.set_rollback(True)
    assert period("HY-22/statement", scope=(CITY,), on=TODAY).n == 5
