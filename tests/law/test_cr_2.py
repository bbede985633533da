"""CR-1, CR-2: two officers report a suspected crime; the head decides within three days, and says why not."""

import pytest

from supervision.procedure import lapses
from supervision.procedure.services import advance, withdraw
from supervision.records.verification import verify
from tests.case_stage import ago, reported
from tests.doors import attempts
from tests.police_stage import DECISION

pytestmark = pytest.mark.law("CR-1", "CR-2", "HY-39")
WHY = {"reason": "骗取数额已达立案标准"}
WHY_NOT = {"reason": "违法情节轻微，不构成犯罪"}


def proposed_to_refer(cast, provider):
    case = reported(cast, provider)
    advance(case, "propose_referral", cast.officer, **WHY)
    return case


def alone(cast, provider):
    case = reported(cast, provider)
    withdraw(case, cast.second_officer.user, "回避", cast.head)
    return case


def test_the_head_refuses_with_reasons_and_the_case_goes_on(store, cast, provider):
    case = proposed_to_refer(cast, provider)
    term = case.term("police_decision")
    assert (term.n, term.unit, term.state, term.until) == (3, "CD", "running", None)
    event = advance(case, "decline_referral", cast.head, **WHY_NOT)
    assert event.facts["reason"] == WHY_NOT["reason"]
    assert (case.term("police_decision").state, case.police_decided_on) == ("met", None)
    advance(case, "notify", cast.head)
    assert verify(case).faults == []


def test_the_decision_to_refer_ends_the_days_to_decide_late_or_not(store, cast, provider):
    with ago(10):
        case = proposed_to_refer(cast, provider)
    lapses.sweep()
    assert case.term_set.get(kind="police_decision").state == "overdue"
    case.refresh_from_db()
    advance(case, "decide_referral", cast.head, **DECISION)
    assert (case.term("police_decision").state, case.term("police").state) == ("met", "running")


def test_sent_back_the_proposal_falls(store, cast, provider):
    case = proposed_to_refer(cast, provider)
    advance(case, "send_back", cast.head, reason="事实不清")
    assert case.term("police_decision").state == "lapsed"


@attempts(
    (reported, "propose_referral", "head", WHY, "role"),
    (reported, "decline_referral", "head", WHY_NOT, "referral_proposed"),
    (alone, "propose_referral", "officer", WHY, "two_verified"),
    (alone, "decide_referral", "head", DECISION, "two_verified"),
    (proposed_to_refer, "propose_referral", "officer", WHY, "referral_not_proposed"),
    (proposed_to_refer, "decline_referral", "officer", WHY_NOT, "role"),
    (proposed_to_refer, "notify", "head", {}, "referral_settled"),
    (proposed_to_refer, "transfer_to_agency", "head", WHY_NOT, "referral_settled"),
    (proposed_to_refer, "terminate", "head", WHY_NOT, "referral_settled"),
)
def test_nobody_else_and_nothing_before_the_head_has_decided(store, cast, provider, doors, attempt):
    attempt.refused(doors, attempt.stage(cast, provider), cast)


def test_a_refusal_says_why(store, cast, provider, doors):
    doors.mistake(proposed_to_refer(cast, provider), "decline_referral", cast.head, {"reason": ""}, field="reason")
