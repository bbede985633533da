"""An agency's breach case by every door: refused by service, page and API with its article, nothing changed."""

from datetime import timedelta

import pytest

from agreements.breaches.services import register_breach
from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from tests.breach_stage import (
    SMALL,
    ago,
    decide,
    discuss,
    executing,
    ready_to_terminate,
    recover,
    registered,
    serve,
    served,
    silent,
    state_it,
    terminating,
)
from tests.doors import attempts


def just_registered(cast, provider):
    return register_breach(cast.clerk, provider=provider, title="示例违约", facts_text="多收费。", basis="第三十条。")


def noticed(cast, provider):
    case = registered(cast, provider)
    advance(case, "issue_notice", cast.clerk)
    return case


def in_the_window(cast, provider):
    return served(cast, provider, days_ago=1)


def stated(cast, provider):
    case = in_the_window(cast, provider)
    state_it(case, cast.hospital)
    return case


def unanswered(cast, provider):
    case = served(cast, provider)
    with ago(19):
        state_it(case, cast.hospital)
    lapses.sweep()
    case.refresh_from_db()
    return case


def reminded(cast, provider):
    case = silent(cast, provider, {"measures": ["remind"]})
    decide(case, cast)
    serve(case, "serve_decision", cast.clerk)
    return case


def told_the_bureau(cast, provider):
    case = registered(cast, provider)
    advance(case, "report_to_bureau", cast.clerk, suspected="涉嫌骗取基金。")
    return case


def paused(cast, provider):
    case = registered(cast, provider)
    advance(case, "pause_settlement", cast.agency_head, reason="调查需要。")
    return case


def suspending(cast, provider):
    return silent(cast, provider, {"measures": ["suspend_agreement"], "months": "1"})


def large(cast, provider):
    return silent(cast, provider, recover("50000.00"))


def voted_down(cast, provider):
    case = large(cast, provider)
    discuss(case, "deliberate", cast.agency_head, against=1)
    return case


def changed_after_discussion(cast, provider):
    case = silent(cast, provider, recover("90000"))
    discuss(case, "deliberate", cast.agency_head)
    advance(case, "lighten_measures", cast.clerk, measures=["recover"], amounts={"recover": {"employee": "60000"}})
    return case


def to_be_terminated(cast, provider):
    return silent(cast, provider, terminating())


def referred(cast, provider):
    case = to_be_terminated(cast, provider)
    advance(case, "refer_to_city", cast.agency_head)
    return case


def reviewed(cast, provider, opinion="agree"):
    case = referred(cast, provider)
    discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "give_opinion", cast.city_agency_reviewer, opinion=opinion, reasons="告知内容不全。")
    return case


def not_passed(cast, provider):
    return reviewed(cast, provider, "correct")


def no_consent(cast, provider):
    case = reviewed(cast, provider)
    discuss(case, "deliberate_consent", cast.city_head, votes_for=0, against=1)
    return case


def decided(cast, provider):
    case = silent(cast, provider, SMALL)
    decide(case, cast)
    return case


def agreed(cast, provider):
    case = executing(cast, provider)
    advance(case, "agree_to_decision", cast.officer)
    return case


def of_the_city(cast, provider):
    case = silent(cast, provider, SMALL, clerk=cast.city_clerk)
    decide(case, cast, actor=cast.city_agency_head)
    return case


def decision():
    return {"decision_text": "事实清楚。", "pay_by": (clock.today() + timedelta(days=30)).isoformat()}


def minutes():
    return {"held_on": clock.today().isoformat(), "resolution": "同意。"}


HEAVIER = recover("1200.01")
REASON = {"reason": "理由。"}


@pytest.fixture
def refused(cast, agreement, provider, doors):
    def by_every_door(attempt):
        case = attempt.stage(cast, provider)
        attempt.refused(doors, case, cast)

    return by_every_door


@pytest.fixture
def mistaken(cast, agreement, provider, doors):
    def by_every_door(attempt):
        case = attempt.stage(cast, provider)
        attempt.mistaken(doors, case, cast)

    return by_every_door


@pytest.mark.law("HY-18")
@attempts(
    (just_registered, "issue_notice", "clerk", {}, "measures_chosen"),
    (registered, "choose_measures", "officer", SMALL, "role"),
    (registered, "choose_measures", "city_clerk", SMALL, "role"),
    (noticed, "choose_measures", "clerk", SMALL, "state"),
    (reminded, "close", "agency_head", {}, "measures_carried_out"),
    (told_the_bureau, "report_to_bureau", "clerk", {"suspected": "再报。"}, "not_reported"),
)
def test_measures_are_chosen_by_the_agency_before_the_notice_and_carried_out(refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-18")
@attempts(
    (registered, "choose_measures", "clerk", {"measures": []}, "measures"),
    (registered, "choose_measures", "clerk", {"measures": ["fine"]}, "measures"),
    (registered, "choose_measures", "clerk", {"measures": ["recover"]}, "amounts"),
    (registered, "choose_measures", "clerk", recover("-5"), "amounts"),
    (registered, "choose_measures", "clerk", {"measures": ["suspend_department"], "months": "1"}, "departments"),
    (registered, "choose_measures", "clerk", {"measures": ["suspend_person"], "months": "1"}, "practitioners"),
)
def test_a_measure_names_what_it_is_about(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("HY-19")
@attempts(
    (paused, "pause_settlement", "agency_head", REASON, "settlement_runs"),
    (registered, "restore_settlement", "agency_head", REASON, "settlement_paused"),
    (registered, "pause_settlement", "clerk", REASON, "role"),
    (paused, "restore_settlement", "clerk", REASON, "role"),
    (executing, "pause_settlement", "agency_head", REASON, "state"),
)
def test_settlement_is_paused_and_restored_by_the_head_once(refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-19")
@attempts(
    (registered, "choose_measures", "clerk", {"measures": ["suspend_agreement"], "months": "4"}, "months"),
    (registered, "choose_measures", "clerk", {"measures": ["suspend_agreement"]}, "months"),
    (
        registered, "choose_measures", "clerk",
        {"measures": ["suspend_agreement"], "months": "2", "serious": True}, "months",
    ),
    (
        registered, "choose_measures", "clerk",
        {"measures": ["suspend_agreement"], "months": "7", "serious": True}, "months",
    ),
    (registered, "choose_measures", "clerk", {"measures": ["remind"], "months": "2"}, "months"),
)  # fmt: skip
def test_a_suspension_keeps_to_its_months(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("HY-19")
def test_what_is_not_in_force_cannot_be_suspended(cast, provider, doors):
    case = registered(cast, provider, {"measures": ["suspend_agreement"], "months": "1"})
    doors.refuse(case, "issue_notice", cast.clerk, by="agreement_known")


@pytest.mark.law("HY-21")
@attempts(
    (large, "decide", "agency_head", decision, "collective_discussion_carried_when_due"),
    (voted_down, "decide", "agency_head", decision, "collective_discussion_carried_when_due"),
    (changed_after_discussion, "decide", "agency_head", decision, "collective_discussion_carried_when_due"),
    (suspending, "decide", "agency_head", decision, "collective_discussion_carried_when_due"),
    (to_be_terminated, "decide", "agency_head", decision, "not_terminating"),
    (to_be_terminated, "deliberate_termination", "city_agency_head", minutes, "referred_or_own"),
    (to_be_terminated, "decide_termination", "city_agency_head", decision, "review_of_round_passed"),
    (referred, "submit_for_review", "city_clerk", {}, "city_discussion_carried"),
    (not_passed, "deliberate_consent", "city_head", minutes, "review_of_round_passed"),
    (not_passed, "decide_termination", "city_agency_head", decision, "review_of_round_passed"),
    (reviewed, "decide_termination", "city_agency_head", decision, "bureau_consented"),
    (no_consent, "decide_termination", "city_agency_head", decision, "bureau_consented"),
    (ready_to_terminate, "decide_termination", "agency_head", decision, "role"),
    (ready_to_terminate, "decide_termination", "city_head", decision, "role"),
    (reviewed, "deliberate_consent", "head", minutes, "role"),
)
def test_no_decision_without_its_discussions_and_its_legal_review(refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-22")
@attempts(
    (registered, "decide", "agency_head", decision, "paper_served"),
    (noticed, "decide", "agency_head", decision, "paper_served"),
    (in_the_window, "decide", "agency_head", decision, "statement_window_closed"),
    (stated, "waive_statement", "clerk", {"declared_by": "示例负责人"}, "nothing_stated"),
    (unanswered, "reexamine", "clerk", {"conclusion": "维持。"}, "statements_answered"),
    (unanswered, "decide", "agency_head", decision, "statements_answered"),
    (silent, "lighten_measures", "clerk", HEAVIER, "not_heavier"),
    (in_the_window, "make_statement", "agency_head", {"text": "x"}, "role"),
)
def test_nothing_is_decided_before_the_party_was_told_and_heard(refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-22")
@pytest.mark.parametrize("step", ["end_statement_period", "record_waiver"])
@pytest.mark.parametrize("stage", [in_the_window, stated, unanswered])
def test_silence_is_told_by_the_calendar_not_by_an_officer(cast, agreement, provider, doors, stage, step):
    doors.keep_out(stage(cast, provider), step, cast.clerk)


@pytest.mark.law("HY-22")
def test_a_party_not_yet_served_and_another_countys_agency_find_no_case(cast, agreement, provider, doors):
    doors.hide(noticed(cast, provider), "make_statement", cast.hospital, {"text": "x"})
    doors.hide(in_the_window(cast, provider), "record_statement", cast.twin_clerk, {"text": "x"})


@pytest.mark.law("HY-24")
@attempts(
    (executing, "file_with_city", "clerk", {}, "agreed_in_review"),
    (executing, "close", "agency_head", {}, "filed_when_due"),
    (executing, "agree_to_decision", "city_officer", {}, "role"),
    (executing, "agree_to_decision", "clerk", {}, "role"),
    (agreed, "agree_to_decision", "officer", {}, "not_reviewed"),
    (decided, "withdraw_decision", "agency_head", REASON, "review_disagreed"),
    (of_the_city, "agree_to_decision", "city_officer", {}, "county_decision"),
)
def test_the_countys_bureau_reviews_before_the_city_is_told(refused, attempt):
    refused(attempt)
