"""DM-1 … DM-8 by every door: who is let in, evaluated, signed with; how an agreement rests and ends."""

from datetime import timedelta

import pytest

from agreements.models import Agreement
from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from tests.breach_stage import ago, applied, signed
from tests.doors import attempts


def completion_asked(cast, provider):
    agreement = applied(cast, provider)
    advance(agreement, "ask_completion", cast.city_clerk, missing="执业许可证副本。")
    return agreement


def evaluated(cast, provider, passed="True"):
    agreement = applied(cast, provider)
    advance(agreement, "accept", cast.city_clerk, **staff())
    advance(agreement, "evaluate", cast.city_clerk, panel="示例专家", score="60", passed=passed, opinion="意见。")
    return agreement


def failed(cast, provider):
    return evaluated(cast, provider, "False")


def over(cast, provider):
    return signed(cast, provider, last_day=clock.today() - timedelta(days=1))


def resting_on_request(cast, provider):
    agreement = signed(cast, provider)
    advance(agreement, "suspend_on_request", cast.city_clerk, first_day=clock.today(), reason="装修。")
    return agreement


def staff(**given):
    return {
        "operating_since": "2020-01-01", "doctors": 3, "pharmacists": 1, "trained_staff": 2,
        "insurance_department": True,
    } | given  # fmt: skip


def too_young():
    return staff(operating_since=(clock.today() - timedelta(days=40)).isoformat())


def from_today():
    return {"first_day": clock.today().isoformat(), "reason": "装修。"}


MORE = {"title": "补充协议", "text": "增加检查要求。"}
NOTICE = {"notice_until": "2999-01-01"}


@pytest.fixture
def refused(store, cast, provider, doors):
    def by_every_door(attempt):
        agreement = attempt.stage(cast, provider)
        attempt.refused(doors, agreement, cast)

    return by_every_door


@pytest.mark.law("DM-1", "DM-2")
@attempts(
    (applied, "accept", "city_clerk", too_young, "operating_since"),
    (applied, "accept", "city_clerk", staff(doctors=0), "doctors"),
)
def test_who_is_too_young_or_understaffed_is_not_accepted(store, cast, provider, doors, attempt):
    agreement = attempt.stage(cast, provider)
    attempt.mistaken(doors, agreement, cast)


@pytest.mark.law("DM-3")
@attempts(
    (completion_asked, "ask_completion", "city_clerk", {"missing": "还缺一份。"}, "completion_not_asked"),
    (applied, "ask_completion", "city_agency_head", {"missing": "缺。"}, "role"),
)
def test_what_is_missing_is_told_once(refused, attempt):
    refused(attempt)


@pytest.mark.law("DM-4", "DM-5", "HY-15")
@attempts(
    (applied, "evaluate", "city_clerk", {}, "state"),
    (evaluated, "refuse", "city_agency_head", {"reason": "不合格。"}, "evaluation_failed"),
    (failed, "give_notice", "city_clerk", NOTICE, "evaluation_passed"),
    (failed, "refuse", "city_clerk", {"reason": "不合格。"}, "role"),
)
def test_the_evaluation_decides_who_is_designated(refused, attempt):
    refused(attempt)


@pytest.mark.law("DM-6")
@attempts(
    (over, "supplement", "city_agency_head", MORE, "term_running"),
    (over, "suspend_on_request", "city_clerk", from_today, "term_running"),
)
def test_nothing_is_added_to_an_agreement_whose_term_is_over(refused, attempt):
    refused(attempt)


@pytest.mark.law("DM-8")
@attempts(
    (resting_on_request, "suspend_on_request", "city_clerk", from_today, "state"),
    (resting_on_request, "restore_on_request", "city_agency_head", {}, "role"),
)
def test_a_rest_at_own_request_is_the_clerks_to_keep(refused, attempt):
    refused(attempt)


@pytest.mark.law("DM-8")
def test_a_rest_beyond_its_days_ends_the_agreement_by_itself(store, cast, provider):
    with ago(190):
        agreement = signed(cast, provider)
        advance(agreement, "suspend_on_request", cast.city_clerk, first_day=clock.today(), reason="装修。")
    assert agreement.term("own_suspension").n == 180
    lapses.sweep()
    assert Agreement.objects.get(pk=agreement.pk).state == "expired"
