"""PP-58: the way of a letter does not count; what was posted by the last day is heard, whenever it arrives.

So silence was no waiver after all: what was concluded, reviewed or discussed without the statement is done again.
"""

from datetime import timedelta

import pytest

from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests import breach_stage, case_stage
from tests.breach_stage import SMALL, answer_all, ready_to_terminate, silent, terminating
from tests.case_stage import SOUND, ago, decide, discuss, waive

pytestmark = pytest.mark.law("PP-58", "PP-41", "HY-22")


def letter(case, posted=None, **given):
    """Posted on the last day unless told otherwise; arrived today."""
    posted = posted or case.term("statement").due
    return {
        "made_on": posted.isoformat(),
        "received_on": clock.today().isoformat(),
        "proof": "邮戳日期与邮件号",
        "made_by": "院长",
        "text": "金额计算有误。",
        "on_paper": "on",
    } | given


def lapsed(cast, provider):
    """A case whose statement period ended in silence."""
    with ago(30):
        case = case_stage.served(cast, provider)
    lapses.sweep()
    case.refresh_from_db()
    assert case.state == "reexamining"
    return case


def submitted(cast, provider):
    case = lapsed(cast, provider)
    advance(case, "submit_for_legal_review", cast.officer)
    return case


def reviewed(cast, provider):
    case = submitted(cast, provider)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    return case


def discussed(cast, provider):
    case = reviewed(cast, provider)
    discuss(case, cast)
    return case


@pytest.mark.parametrize("stage", [lapsed, submitted, reviewed, discussed])
def test_a_case_goes_back_and_is_answered_and_reviewed_again(store, cast, provider, doors, stage):
    case = stage(cast, provider)
    advance(case, "record_late_statement", cast.officer, data=letter(case))
    assert case.state == "reexamining"
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="statements_answered")
    doors.refuse(case, "decide_penalty", cast.head, by="state")
    answer_all(case, cast.officer)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    decide(case, cast)
    assert case.state == "decided"
    assert not case.term_set.filter(kind="legal_review", state__in=("running", "overdue")).exists()


@pytest.mark.law("PL-45")
def test_who_wrote_in_time_has_defended_itself(store, cast, provider, doors):
    case = reviewed(cast, provider)
    advance(case, "record_late_statement", cast.officer, data=letter(case))
    answer_all(case, cast.officer)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    heavier = {"tier": case.tier, "fine": "90000.01", "decided_on": clock.today().isoformat()}
    doors.refuse(case, "decide_penalty", cast.head, heavier, by="not_heavier_than_notified")


def test_only_what_was_made_between_the_service_and_the_last_day(store, cast, provider, doors):
    case = reviewed(cast, provider)
    last, served = case.term("statement").due, case.notice_served_on
    for day in (last + timedelta(days=1), served - timedelta(days=1)):
        doors.refuse(case, "record_late_statement", cast.officer, letter(case, day), by="stated_in_time")
    for wrong, field in (
        ({"received_on": (clock.today() + timedelta(days=1)).isoformat()}, "received_on"),
        ({"received_on": (last - timedelta(days=1)).isoformat()}, "received_on"),
        ({"proof": ""}, "proof"),
    ):
        doors.mistake(case, "record_late_statement", cast.officer, letter(case, **wrong), field=field)
    doors.refuse(case, "record_late_statement", cast.head, letter(case), by="role")
    advance(case, "record_late_statement", cast.officer, data=letter(case, served))


def test_nothing_is_written_into_a_decided_case(store, cast, provider, doors):
    case = reviewed(cast, provider)
    decide(case, cast)
    doors.refuse(case, "record_late_statement", cast.officer, letter(case), by="state")


def test_a_letter_may_come_while_the_hearing_is_awaited(store, cast, provider):
    case = case_stage.served(cast, provider, amount="80000.00", fine="120000.00")
    asked = {"requested_on": clock.today(), "place": "二楼", "hearing_on": clock.today() + timedelta(days=15)}
    advance(case, "request_hearing", cast.officer, **asked, host=cast.reviewer.user.pk)
    advance(case, "record_statement", cast.officer, made_on=clock.today(), made_by="院长", text="不同意。",
            on_paper=True)  # fmt: skip
    assert (case.state, case.has_statement) == ("in_hearing", True)


@pytest.mark.law("PL-63")
def test_a_waived_hearing_stays_waived(store, cast, provider, doors):
    case = case_stage.served(cast, provider, amount="80000.00", fine="120000.00")
    waive(case, cast)
    advance(case, "record_late_statement", cast.officer, data=letter(case, clock.today()))
    host = {"requested_on": clock.today().isoformat(), "place": "二楼", "host": cast.reviewer.user.pk}
    ahead = {"hearing_on": (clock.today() + timedelta(days=15)).isoformat()}
    doors.refuse(case, "request_hearing", cast.officer, host | ahead, by="hearing_not_settled_yet")


def test_a_breach_handled_in_silence_is_re_examined(cast, agreement, provider, doors):
    case = silent(cast, provider, SMALL)
    assert case.waived == "lapse"
    late = letter(case, case.term("statement").due + timedelta(days=1))
    doors.refuse(case, "record_late_statement", cast.clerk, late, by="stated_in_time")
    advance(case, "record_late_statement", cast.clerk, data=letter(case))
    assert (case.state, case.waived) == ("heard", "")
    assert case.papers.filter(type="statement_record").exists()
    doors.refuse(case, "reexamine", cast.clerk, {"conclusion": "维持。"}, by="statements_answered")
    answer_all(case, cast.clerk)
    advance(case, "reexamine", cast.clerk, conclusion="理由不成立。")
    breach_stage.decide(case, cast)


@pytest.mark.law("HY-21")
def test_a_termination_ready_to_be_decided_goes_all_the_way_again(cast, agreement, provider, doors):
    case = ready_to_terminate(cast, provider)
    advance(case, "record_late_statement", cast.clerk, data=letter(case))
    assert (case.state, case.referred_on) == ("heard", None)
    answer_all(case, cast.clerk)
    advance(case, "reexamine", cast.clerk, conclusion="理由不成立。")
    advance(case, "refer_to_city", cast.agency_head)
    doors.refuse(case, "submit_for_review", cast.city_clerk, by="city_discussion_carried")
    breach_stage.discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    doors.refuse(case, "decide_termination", cast.city_agency_head, by="state")


@pytest.mark.law("HY-21")
def test_a_review_still_open_is_given_on_what_then_stands(cast, agreement, provider):
    case = silent(cast, provider, terminating())
    advance(case, "refer_to_city", cast.agency_head)
    breach_stage.discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "record_late_statement", cast.clerk, data=letter(case))
    answer_all(case, cast.clerk)
    advance(case, "reexamine", cast.clerk, conclusion="理由不成立。")
    advance(case, "refer_to_city", cast.agency_head)
    breach_stage.discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "give_opinion", cast.city_agency_reviewer, opinion="agree", reasons="同意。")
    breach_stage.discuss(case, "deliberate_consent", cast.city_head)
    breach_stage.decide(case, cast, "decide_termination", cast.city_agency_head)
    assert case.legal_reviews.count() == 1


def test_no_window_ends_before_its_last_day_for_whoever_asks(store, cast, agreement, provider, doors):
    """Not even for the system, should a job or a shell call the step early."""
    breach = breach_stage.served(cast, provider, days_ago=1)
    case = case_stage.served(cast, provider, amount="80000.00", fine="120000.00")
    for matter, step in (
        (breach, "end_statement_period"), (case, "record_waiver"), (case, "end_hearing_request"),
    ):  # fmt: skip
        with pytest.raises(StepRefused) as refusal:
            advance(matter, step, cast.system)
        assert {reason.name for reason in refusal.value.reasons} == {"last_day_over"}
