"""PP-45: decided within ninety days of filing, thirty more by the head; suspension and hearings do not count."""

from datetime import timedelta

import pytest

from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from tests.case_stage import ago, filed

pytestmark = pytest.mark.law("PP-45")


def test_ninety_calendar_days_from_filing(store, cast, provider):
    case = filed(cast, provider)
    due = case.term("decision").due
    assert due >= clock.today() + timedelta(days=90)
    assert (due - clock.today()).days < 90 + 12, "only moved past a holiday at its end"


def test_days_of_suspension_are_excluded_and_shown(store, cast, provider):
    with ago(40):
        case = filed(cast, provider)
        before = case.term("decision").due
        advance(case, "suspend", cast.head, ground="ruling", reason="等待法院裁判")
    with ago(10):
        advance(case, "resume", cast.head, reason="裁判已作出")
    term = case.term("decision")
    assert term.excluded_days == 30
    assert term.due >= before + timedelta(days=30)
    assert term.steps[-1]["excluded"] == 30


def test_a_paused_term_does_not_become_overdue(store, cast, provider):
    with ago(200):
        case = filed(cast, provider)
        advance(case, "suspend", cast.head, ground="ruling", reason="等待法院裁判")
    lapses.sweep()
    case.refresh_from_db()
    assert case.term("decision").state == "paused"


def test_the_head_extends_and_lateness_is_recorded(store, cast, provider):
    with ago(100):
        case = filed(cast, provider)
    advance(case, "extend_decision", cast.head, reason="案情复杂")
    assert (case.term("decision").due - clock.today()).days >= 15
    with ago(200):
        late = filed(cast, provider)
    lapses.sweep()
    assert late.events.filter(verb="term_overdue").exists()
