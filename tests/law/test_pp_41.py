"""PP-41, PL-45, PL-62: written notice, the party heard and answered, never punished more heavily for it."""

import pytest

from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from supervision.records.selectors import statements_of
from tests.case_stage import SOUND, ago, decide, discuss, fact, report, reported, served, waive

pytestmark = pytest.mark.law("PP-41")


def state(case, actor, step="record_statement", points="金额计算有误\n已主动整改"):
    said = {"made_on": clock.today(), "made_by": "院长", "text": "陈述意见", "points": points}
    return advance(case, step, actor, **said, **({} if actor.provider else {"on_paper": True}))


def answer(case, cast):
    facts = {"rechecked": "重新核对了结算明细和病历，与原认定一致。"}
    for statement in statements_of(case):
        for point in statement.points.all():
            facts |= {f"answer_{point.pk}": "经复核不予采纳", f"accepted_{point.pk}": "no"}
    return advance(case, "answer_statement", cast.officer, **facts)


def reasons(refusal):
    return {reason.name for reason in refusal.value.reasons}


def test_legal_review_waits_for_the_end_of_the_window(store, cast, provider):
    case = served(cast, provider)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "submit_for_legal_review", cast.officer)
    assert "statement_window_closed" in reasons(refusal)


def test_silence_lapses_after_five_working_days(store, cast, provider):
    with ago(30):
        case = served(cast, provider)
    assert lapses.sweep() >= 1
    case.refresh_from_db()
    assert case.state == "reexamining"
    assert case.term("statement").state == "lapsed"


def test_the_party_itself_may_state_once_served_and_every_point_is_answered(store, cast, provider):
    case = reported(cast, provider)
    advance(case, "notify", cast.head)
    with pytest.raises(StepRefused):
        state(case, cast.hospital, "make_statement")
    advance(
        case, "serve_notice", cast.officer, method="direct", relation="staff", served_on=clock.today(),
        recipient="院办", on_paper=True,
    )  # fmt: skip
    state(case, cast.hospital, "make_statement")
    waive(case, cast)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "submit_for_legal_review", cast.officer)
    assert reasons(refusal) == {"statements_answered"}
    answer(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    assert case.state == "in_legal_review"


@pytest.mark.law("PL-45")
def test_never_heavier_for_defending(store, cast, provider):
    case = served(cast, provider)
    state(case, cast.officer)
    waive(case, cast)
    answer(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast, fine="90000.01")
    assert reasons(refusal) == {"not_heavier_than_notified"}
    decide(case, cast, fine="90000.00")


def test_new_facts_go_through_a_new_notice(store, cast, provider):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "reopen_investigation", cast.head, reason="发现新的事实")
    with pytest.raises(StepRefused):
        decide(case, cast)
    assert case.state == "investigating"


def test_reopening_is_no_way_to_a_heavier_penalty(store, cast, provider):
    case = served(cast, provider)
    state(case, cast.officer)
    waive(case, cast)
    answer(case, cast)
    advance(case, "reopen_investigation", cast.head, reason="复核")
    with pytest.raises(StepRefused) as refusal:
        report(case, cast, fine="95000.00")
    assert reasons(refusal) == {"not_heavier_for_defending"}
    fact(case, cast, "1000.00")
    report(case, cast, fine="95000.00")


def test_the_discussion_does_not_replace_the_statement(store, cast, provider):
    case = served(cast, provider)
    with pytest.raises(StepRefused):
        discuss(case, cast)
