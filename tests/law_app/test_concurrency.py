"""Real transactions: two officers at once, and what other processes see of a change."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
import redis
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from supervision import process_cache
from supervision.law.models import DatedSetting, SettingChange
from supervision.law.services import set_value
from supervision.law.values import kept_settings, period
from supervision.process_cache import Kept
from supervision.workdays.models import Year
from supervision.workdays.services import kept_calendar, load_year

pytestmark = pytest.mark.django_db(transaction=True)
KEY, CITY, DAY = "HY-22/statement", "990100", date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _nothing_kept_for_the_next_test(transactional_db):
    yield
    for kept in (kept_settings, kept_calendar):
        kept.changed()


def put(value):
    return set_value(
        scope=CITY, key=KEY, value=Decimal(value), effective_from=DAY, article_note="依据", reason="原因", set_by="甲"
    )


def at_once(act, arguments):
    def alone(argument):
        try:
            return act(argument)
        except ValidationError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, arguments))


def test_of_eight_officers_setting_one_number_at_once_one_succeeds():
    set_by = [row for row in at_once(put, range(1, 9)) if row]
    assert len(set_by) == DatedSetting.objects.count() == SettingChange.objects.count() == 1
    assert period(KEY, scope=(CITY,), on=DAY).n == set_by[0].value


def test_eight_officers_loading_one_year_at_once_make_eight_revisions():
    def load(number):
        days = {date(2027, 1, 1): "new-year"}
        return load_year(year=2027, holidays=days, workdays={}, notice=f"通知{number}", reason="公布", set_by="甲")

    at_once(load, range(8))
    assert sorted(Year.objects.values_list("revision", flat=True)) == list(range(1, 9))


def test_another_process_learns_of_a_committed_change(monkeypatch):
    other = Kept("law.settings", DatedSetting.objects.count)
    assert other() == 0
    put(7)
    assert other() == 0  # within the seconds in which it does not look
    monkeypatch.setattr(process_cache, "CHECK_SECONDS", 0.0)
    assert other() == 1


def test_nobody_else_sees_a_change_before_it_is_committed():
    kept_settings()

    def seen_elsewhere(_argument):
        return period(KEY, scope=(CITY,), on=DAY).n

    with transaction.atomic():
        put(7)
        assert period(KEY, scope=(CITY,), on=DAY).n == 7
        assert at_once(seen_elsewhere, [None]) == [5]
    assert at_once(seen_elsewhere, [None]) == [7]


def test_without_the_shared_cache_the_last_known_numbers_hold(monkeypatch, settings):
    put(7)
    period(KEY, scope=(CITY,), on=DAY)
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        gone = f"redis://127.0.0.1:{nobody_listens.getsockname()[1]}/0"
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": gone}}
        with pytest.raises(redis.ConnectionError):
            cache.get("anything")
        monkeypatch.setattr(process_cache, "CHECK_SECONDS", 0.0)
        assert period(KEY, scope=(CITY,), on=DAY).n == 7
