"""HY-21, HY-22, HY-24: the days of a breach follow one another as its steps do; none is dated back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import BreachCase
from supervision.procedure import clock
from supervision.procedure.services import advance
from tests.breach_stage import ago, decide, discuss, recover, served, silent
from tests.minutes import minutes

DAY = timedelta(days=1)


@pytest.mark.law("HY-21", "HY-22")
def test_a_decision_is_not_dated_before_what_it_rests_on(cast, agreement, provider, doors):
    case = silent(cast, provider, recover("80000"))
    told = {"decision_text": "违约事实清楚。", "pay_by": (clock.today() + 30 * DAY).isoformat()}
    doors.mistake(
        case, "deliberate", cast.agency_head,
        minutes([cast.agency_head.user], held_on=(clock.today() - DAY).isoformat()), field="held_on",
    )  # fmt: skip
    discuss(case, "deliberate", cast.agency_head)
    for back in (1, 30):
        day = (clock.today() - back * DAY).isoformat()
        doors.mistake(case, "decide", cast.agency_head, told | {"decided_on": day}, field="decided_on")
    advance(case, "decide", cast.agency_head, data=told | {"decided_on": clock.today().isoformat()})
    paper = case.papers.get(type="breach_decision")
    assert paper.facts["decided_on"] == clock.today().isoformat()


@pytest.mark.law("HY-24")
def test_review_and_filing_follow_the_decision(cast, agreement, provider, doors):
    with ago(3):
        case = silent(cast, provider)
        decide(case, cast)
    case = BreachCase.objects.get(pk=case.pk)
    early, ahead = case.decided_on - DAY, clock.today() + DAY
    for day in (early, ahead):
        told = {"reviewed_on": day.isoformat()}
        doors.mistake(case, "agree_to_decision", cast.officer, told, field="reviewed_on")
    reviewed_on = case.decided_on + DAY
    advance(case, "agree_to_decision", cast.officer, reviewed_on=reviewed_on)
    for day in (early, case.decided_on, ahead):
        doors.mistake(case, "file_with_city", cast.clerk, {"filed_on": day.isoformat()}, field="filed_on")
    advance(case, "file_with_city", cast.clerk, filed_on=reviewed_on)


@pytest.mark.law("HY-22")
def test_a_statement_does_not_precede_the_notice(cast, agreement, provider, doors):
    case = served(cast, provider, days_ago=2)
    told = {"made_by": "示例负责人", "text": "不同意。", "on_paper": "on"}
    day = (case.notice_served_on - DAY).isoformat()
    doors.mistake(case, "record_statement", cast.clerk, told | {"made_on": day}, field="made_on")
    advance(case, "record_statement", cast.clerk, **told, made_on=case.notice_served_on)


@pytest.mark.law("PP-59")
def test_no_service_before_the_minute_the_paper_was_issued(cast, agreement, provider, doors):
    noon = timezone.localtime().replace(hour=12, minute=0) - DAY
    with clock.stopped_at(noon):
        case = silent(cast, provider)
        decide(case, cast)
    told = {
        "method": "direct", "relation": "staff", "recipient": "收件人", "on_paper": True,
        "served_on": noon.date().isoformat(),
    }  # fmt: skip
    doors.mistake(case, "serve_decision", cast.clerk, told | {"acted_at": "11:59"}, field="acted_at")
    advance(case, "serve_decision", cast.clerk, data=told | {"acted_at": "12:00"})
