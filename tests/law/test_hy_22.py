"""HY-22: notice, five working days from service, statements answered point by point, silence is a waiver."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests.breach_stage import (
    SMALL,
    ago,
    answer_all,
    decide,
    registered,
    serve,
    served,
    silent,
    state_it,
)

pytestmark = pytest.mark.law("HY-22")


def reasons(refusal):
    return {reason.name for reason in refusal.value.reasons}


def test_nothing_is_decided_without_notice(cast, agreement, provider):
    case = registered(cast, provider, SMALL)
    for _again in range(2):
        with pytest.raises(StepRefused) as refusal:
            decide(case, cast)
        assert {"paper_served", "statement_window_closed"} <= reasons(refusal)
        if case.state == "registered":
            advance(case, "issue_notice", cast.clerk)
    case.refresh_from_db()
    assert case.state == "notice_issued"


def morning(day):
    """Nine o'clock of a day of October 2026, in the city's time."""
    return timezone.make_aware(datetime(2026, 10, day, 9))


def test_the_window_opens_on_service_not_on_issue(cast, agreement, provider):
    with clock.stopped_at(morning(2)):
        case = registered(cast, provider, SMALL)
        advance(case, "issue_notice", cast.clerk)
        assert case.term("statement") is None
    with clock.stopped_at(morning(9)):
        serve(case, "serve_notice", cast.clerk)
    # 2026-10-10 is worked in exchange for the holiday: five working days after the 9th end on the 15th.
    assert (case.term("statement").start, case.term("statement").due) == (date(2026, 10, 9), date(2026, 10, 15))


def test_silence_is_a_waiver_recorded_by_the_system_at_the_windows_end(cast, agreement, provider):
    case = served(cast, provider, days_ago=1)
    assert lapses.sweep() == 0
    case = served_long_ago = served(cast, provider, days_ago=20)
    assert lapses.sweep() == 1
    served_long_ago.refresh_from_db()
    assert (case.state, case.waived) == ("reexamined", "lapse")
    told = list(case.events.values_list("verb", "user"))
    assert told[-2:] == [("end_statement_period", None), ("record_waiver", None)]


def test_a_statement_keeps_the_case_from_being_waived_or_decided(cast, agreement, provider):
    case = served(cast, provider)
    with ago(19):
        state_it(case, cast.hospital)
    lapses.sweep()
    case.refresh_from_db()
    assert (case.state, case.waived) == ("heard", "")
    with pytest.raises(StepRefused) as refusal:
        advance(case, "record_waiver", cast.system)
    assert reasons(refusal) == {"silence_is_waiver"}
    with pytest.raises(StepRefused) as refusal:
        advance(case, "reexamine", cast.clerk, conclusion="维持。")
    assert reasons(refusal) == {"statements_answered"}


def test_every_point_is_answered_before_the_re_examination_ends(cast, agreement, provider):
    case = served(cast, provider)
    with ago(19):
        state_it(case, cast.hospital)
    lapses.sweep()
    case.refresh_from_db()
    answer_all(case, cast.clerk)
    advance(case, "reexamine", cast.clerk, conclusion="陈述申辩理由不成立。")
    decide(case, cast)
    assert case.state == "decided"


def test_the_provider_speaks_for_itself_and_only_about_its_own_case(cast, agreement, provider, land):
    case = served(cast, provider)
    for other in (cast.officer, cast.twin_clerk, cast.agency_head):
        with pytest.raises(StepRefused):
            advance(case, "make_statement", other, made_on=clock.today(), made_by="x", text="x")
    with ago(18):
        state_it(case, cast.hospital)
    assert case.statements.get().points.count() == 2


def test_an_oral_statement_becomes_a_transcript(cast, agreement, provider):
    case = served(cast, provider)
    with ago(18):
        advance(
            case, "record_statement", cast.clerk, made_on=clock.today(), made_by="示例负责人", oral=True, text="口述。"
        )
    assert case.papers.get(type="statement_record").facts["oral"] == "yes"
    assert case.statements.get().oral


def test_an_express_waiver_ends_the_window_unless_a_statement_was_made(cast, agreement, provider):
    case = served(cast, provider, days_ago=1)
    advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
    assert (case.state, case.waived) == ("reexamined", "express")
    other = served(cast, provider, days_ago=1)
    state_it(other, cast.hospital)
    with pytest.raises(StepRefused) as refusal:
        advance(
            other, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True
        )
    assert reasons(refusal) == {"nothing_stated"}


def test_nothing_is_decided_while_the_window_is_open(cast, agreement, provider):
    case = served(cast, provider, days_ago=1)
    for step in ("reexamine", "decide", "record_waiver"):
        with pytest.raises(StepRefused):
            advance(case, step, cast.system if step == "record_waiver" else cast.clerk)
    assert case.term("statement").is_open


def test_handling_never_becomes_heavier_for_defending(cast, agreement, provider):
    case = silent(cast, provider, SMALL)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "lighten_measures", cast.clerk, measures=["recover"],
                amounts={"recover": {"employee": "1200.01"}})  # fmt: skip
    assert reasons(refusal) == {"not_heavier"}
    advance(case, "lighten_measures", cast.clerk, measures=["recover"], amounts={"recover": {"employee": "600"}})
    assert [str(measure.amount) for measure in case.planned] == ["600.00"]


def test_a_late_statement_is_still_heard_before_the_re_examination(cast, agreement, provider):
    case = served(cast, provider)
    with ago(19):
        state_it(case, cast.hospital)
    lapses.sweep()
    case.refresh_from_db()
    state_it(case, cast.clerk, text="补充。")
    answer_all(case, cast.clerk)
    assert case.statements.count() == 2
    assert case.term("statement").due < clock.today() - timedelta(days=1)
