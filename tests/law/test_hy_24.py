"""HY-24: the county bureau reviews, then the decision is filed with the city within three working days."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from supervision.procedure import clock, lapses
from supervision.procedure.models import Term
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests.breach_stage import SMALL, decide, executing, serve, served, signed, silent

pytestmark = pytest.mark.law("HY-24")


def at(year, month, day):
    return clock.stopped_at(datetime(year, month, day, 10, tzinfo=timezone.get_current_timezone()))


def test_the_filing_term_starts_with_the_bureaus_review(cast, agreement, provider):
    with at(2026, 11, 20):
        case = silent(cast, provider, SMALL)
        decide(case, cast)
    assert case.term("filing") is None
    # 2026-11-20 is a Friday: three working days end on the Wednesday after.
    with pytest.raises(StepRefused):
        advance(case, "file_with_city", cast.clerk)
    advance(case, "agree_to_decision", cast.officer, reviewed_on="2026-11-20")
    assert (case.term("filing").n, case.term("filing").unit, case.term("filing").due) == (3, "WD", date(2026, 11, 25))
    advance(case, "file_with_city", cast.clerk)
    assert case.term("filing").state == Term.State.MET
    slip = case.papers.get(type="filing_slip")
    assert slip.facts["receiver"] == "示例市医疗保障局"


def test_a_filing_too_late_is_overdue_and_said_so(cast, provider):
    with at(2026, 9, 1):
        signed(cast, provider)
        case = served(cast, provider, SMALL, days_ago=40)
    with at(2026, 11, 2):
        lapses.sweep()
        case.refresh_from_db()
        decide(case, cast)
    advance(case, "agree_to_decision", cast.officer, reviewed_on="2026-11-02")
    assert lapses.sweep() == 1
    case.refresh_from_db()
    assert case.term("filing").state == Term.State.OVERDUE
    assert case.events.filter(verb="term_overdue").exists()


def test_only_the_bureau_of_the_same_region_reviews(cast, agreement, provider):
    case = executing(cast, provider)
    for outsider in (cast.city_officer, cast.twin_officer, cast.clerk, cast.reviewer):
        with pytest.raises(StepRefused):
            advance(case, "agree_to_decision", outsider)
    advance(case, "agree_to_decision", cast.officer)


def test_a_decision_the_bureau_objects_to_is_withdrawn_before_service(cast, agreement, provider):
    case = silent(cast, provider, SMALL)
    decide(case, cast)
    advance(case, "object_to_decision", cast.officer, reason="金额有误。")
    with pytest.raises(StepRefused):
        advance(case, "file_with_city", cast.clerk)
    advance(case, "withdraw_decision", cast.agency_head, reason="按审核意见重新处理。")
    assert case.state == "reexamined"
    assert not case.papers.get(type="breach_decision").is_in_force


def test_the_case_is_not_closed_before_it_was_filed_and_paid(cast, agreement, provider):
    case = executing(cast, provider)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "close", cast.agency_head)
    assert {reason.name for reason in refusal.value.reasons} == {"money_settled", "filed_when_due"}


def test_the_city_agencys_own_decision_is_not_filed(cast, agreement, provider):
    case = silent(cast, provider, SMALL, clerk=cast.city_clerk)
    decide(case, cast, actor=cast.city_agency_head)
    serve(case, "serve_decision", cast.city_clerk)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "agree_to_decision", cast.city_officer)
    assert {reason.name for reason in refusal.value.reasons} == {"county_decision"}
