"""PP-45: decided within ninety days of filing, thirty more by the head; suspension and hearings do not count."""

from datetime import timedelta

import pytest

from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests.case_stage import ago, filed
from tests.minutes import minutes

pytestmark = pytest.mark.law("PP-45")


def test_ninety_calendar_days_from_filing(store, cast, provider):
    case = filed(cast, provider)
    due = case.term("decision").due
    assert due >= clock.today() + timedelta(days=90)
    assert (due - clock.today()).days < 90 + 12, "only moved past a holiday at its end"


def test_days_of_suspension_are_excluded_and_shown(store, cast, provider):
    with ago(40):
        case = filed(cast, provider)
        advance(case, "suspend", cast.head, ground="ruling", reason="等待法院裁判")
    with ago(10):
        advance(case, "resume", cast.head, reason="裁判已作出")
    term = case.term("decision")
    assert term.excluded_days == 30
    # Counted from the filing itself: either end of the days may have moved past a weekend.
    assert term.due >= clock.today() - timedelta(days=40) + timedelta(days=90 + 30)
    assert term.steps[-1]["excluded"] == 30


def test_a_paused_term_does_not_become_overdue(store, cast, provider):
    with ago(200):
        case = filed(cast, provider)
        advance(case, "suspend", cast.head, ground="ruling", reason="等待法院裁判")
    lapses.sweep()
    case.refresh_from_db()
    assert case.term("decision").state == "paused"


def test_an_extension_outlives_a_suspension(store, cast, provider):
    with ago(60):
        case = filed(cast, provider)
    with ago(50):
        advance(case, "extend_decision", cast.head, reason="案情复杂")
        advance(case, "suspend", cast.head, ground="ruling", reason="等待法院裁判")
    with ago(20):
        advance(case, "resume", cast.head, reason="裁判已作出")
    assert case.term("decision").due >= clock.today() - timedelta(days=60) + timedelta(days=90 + 30 + 30)


def names(refusal):
    return {reason.name for reason in refusal.value.reasons}


def again(case, cast, votes_for=1):
    told = minutes([cast.head.user], against=1 - votes_for, resolution="同意延长")
    return advance(case, "extend_decision_again", cast.head, **told)


def test_extended_once_by_the_head_and_once_by_the_collective(store, cast, provider):
    with ago(80):
        case = filed(cast, provider)
    first = case.term("decision").due
    with pytest.raises(StepRefused) as refusal:
        again(case, cast)
    assert names(refusal) == {"extended_once"}
    advance(case, "extend_decision", cast.head, reason="案情复杂")
    second = case.term("decision").due
    assert second >= first + timedelta(days=30)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "extend_decision", cast.head, reason="再次")
    assert names(refusal) == {"not_extended_before"}
    with pytest.raises(StepRefused) as refusal:
        again(case, cast, votes_for=0)
    assert names(refusal) == {"discussion_carries"}
    again(case, cast)
    assert case.term("decision").due >= second + timedelta(days=60)
    assert case.deliberations.get().purpose == "extend_decision_again"
    with pytest.raises(StepRefused) as refusal:
        again(case, cast)
    assert names(refusal) == {"extended_once"}


def test_a_term_that_is_over_is_exceeded_and_not_extended(store, cast, provider):
    with ago(200):
        late = filed(cast, provider)
    with pytest.raises(StepRefused) as refusal:
        advance(late, "extend_decision", cast.head, reason="案情复杂")
    assert names(refusal) == {"term_runs"}
    lapses.sweep()
    assert late.events.filter(verb="term_overdue").exists()
