"""PL-57, PP-44: of what was laid before a collective discussion the head alone decides nothing else than it carried."""

from datetime import timedelta

import pytest
from django.utils import timezone

from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.selectors import newest_paper
from tests.case_stage import decide, discuss, reviewed
from tests.law.case_lines import decision, nothing_decided
from tests.minutes import minutes

pytestmark = pytest.mark.law("PL-57", "PP-44")
LARGE = {"amount": "80000.00", "fine": "120000.00"}


def test_the_head_alone_changes_nothing_the_discussion_carried(store, cast, provider, doors):
    case = reviewed(cast, provider, **LARGE)
    discuss(case, cast)
    doors.refuse(case, "decide_penalty", cast.head, decision("110000.00"), by="decided_as_discussed")
    unsaid = {**decision("110000.00"), "fine_reason": ""}
    doors.refuse(case, "decide_penalty", cast.head, unsaid, by="decided_as_discussed")
    doors.refuse(case, "decide_no_penalty", cast.head, nothing_decided(), by="spared_as_discussed")
    decide(case, cast)
    told = newest_paper(case, "penalty_decision").facts
    assert (told["discussed"], told["fine_reason"]) == (True, "")


def test_what_the_discussion_resolved_instead_is_decided_with_its_reason(store, cast, provider, doors):
    case = reviewed(cast, provider, **LARGE)
    for fine in ("120000.01", "103999.99"):  # above what the party was told, below the tier
        doors.mistake(case, "deliberate", cast.head, minutes([cast.head.user], fine=fine), field="fine")
    discuss(case, cast, fine="110000.00")
    assert "110,000.00" in newest_paper(case, "deliberation_record").facts["resolution"]
    doors.refuse(case, "decide_penalty", cast.head, decision("120000.00"), by="decided_as_discussed")
    unsaid = {**decision("110000.00"), "fine_reason": ""}
    doors.mistake(case, "decide_penalty", cast.head, unsaid, field="fine_reason")
    decide(case, cast, fine="110000.00", fine_reason="已主动退回全部损失")
    assert case.fine == 110000
    assert newest_paper(case, "penalty_decision").facts["fine_reason"] == "已主动退回全部损失"


def test_a_discussion_may_resolve_that_there_is_no_penalty(store, cast, provider, doors):
    case = reviewed(cast, provider, **LARGE)
    discuss(case, cast, fine="0")
    doors.refuse(case, "decide_penalty", cast.head, decision("120000.00"), by="decided_as_discussed")
    advance(case, "decide_no_penalty", cast.head, reason="违法事实不能成立", decided_on=clock.today())
    assert case.fine == 0


@pytest.mark.law("PL-44")
def test_of_a_case_that_is_not_major_less_than_proposed_has_its_reason(store, cast, provider, doors):
    case = reviewed(cast, provider)
    unsaid = {**decision("80000.00"), "fine_reason": ""}
    doors.mistake(case, "decide_penalty", cast.head, unsaid, field="fine_reason")
    decide(case, cast, fine="80000.00", fine_reason="已主动退回部分损失")
    assert case.events.get(verb="decide_penalty").facts["fine_reason"] == "已主动退回部分损失"
    told = newest_paper(case, "penalty_decision").facts
    assert (told["discussed"], told["fine_reason"]) == (False, "已主动退回部分损失")


@pytest.mark.law("HY-40")
def test_the_discussion_begins_after_the_review_of_the_same_day(store, cast, provider, doors):
    noon = timezone.localtime().replace(hour=12, minute=0, second=30, microsecond=0) - timedelta(days=1)
    with clock.stopped_at(noon):
        case = reviewed(cast, provider, **LARGE)
        early = minutes([cast.head.user], begun_at="11:59")
        doors.mistake(case, "deliberate", cast.head, early, field="begun_at")
        discuss(case, cast, begun_at="12:00")
    assert case.state == "deliberated"
