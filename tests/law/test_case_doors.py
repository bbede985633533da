"""A bureau's case by every door: refused by service, page and API with sentence and article, nothing changed.

Each attempt is made by somebody the law does not let, or before the law lets anybody.
"""

from datetime import timedelta

import pytest

from supervision.parties.models import Certificate
from supervision.procedure import clock
from supervision.procedure.services import advance, withdraw
from tests.case_stage import ago, decide, fact, filed, ordered, performing, proposed, reported, reviewed, served, waive
from tests.doors import attempts


def submitted(cast, provider):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    return case


def returned(cast, provider):
    case = submitted(cast, provider)
    advance(case, "return_for_correction", cast.reviewer, opinion="correct", reasons="未载明听证权利")
    return case


def major(cast, provider):
    return reviewed(cast, provider, major=True)


def notified(cast, provider):
    case = reported(cast, provider)
    advance(case, "notify", cast.head)
    return case


def stated(cast, provider):
    case = served(cast, provider)
    advance(case, "record_statement", cast.officer, made_on=clock.today(), made_by="院长", text="意见", points="有误")
    waive(case, cast)
    return case


def defended(cast, provider):
    """A statement made and answered, the review passed."""
    case = stated(cast, provider)
    (point,) = case.statements.get().points.all()
    answer = {f"answer_{point.pk}": "不予采纳", f"accepted_{point.pk}": "no"}
    advance(case, "answer_statement", cast.officer, **answer)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, reasons="同意")
    return case


def left_alone(case, cast):
    withdraw(case, cast.second_officer.user, "与当事人有利害关系", cast.head)
    return case


def alone(cast, provider):
    return left_alone(proposed(cast, provider), cast)


def alone_at_the_report(cast, provider):
    case = filed(cast, provider)
    fact(case, cast)
    ordered(case, cast)
    return left_alone(case, cast)


def expired(cast, provider):
    case = proposed(cast, provider)
    Certificate.objects.filter(user=cast.second_officer.user).update(valid=(None, clock.today()))
    return case


def decided(cast, provider):
    case = reviewed(cast, provider)
    decide(case, cast)
    return case


def lately_overdue(cast, provider):
    with ago(200):
        return filed(cast, provider)


def decision(fine="90000.00"):
    return {"tier": "ordinary", "fine": fine, "decided_on": clock.today().isoformat()}


def higher():
    return decision("90000.01")


def nothing_decided():
    return {"reason": "不予处罚", "decided_on": clock.today().isoformat()}


def service(**given):
    return {"method": "direct", "recipient": "院办", "served_on": clock.today().isoformat()} | given


def without_witness():
    return service(method="left", reason="拒收", address="甲县示例路1号")


def tomorrow():
    return service(served_on=(clock.today() + timedelta(days=1)).isoformat())


REPORT = {"nature": "重复收费", "opinion": "处罚", "tier": "ordinary", "fine": "90000.00"}
REASON = {"reason": "理由"}


@pytest.fixture
def refused(store, cast, provider, doors):
    def by_every_door(attempt):
        case = attempt.stage(cast, provider)
        doors.refuse(case, attempt.step, getattr(cast, attempt.who), attempt.facts, by=attempt.why)

    return by_every_door


@pytest.mark.law("HY-40", "PP-37")
@attempts(
    (reported, "decide_penalty", "head", decision, "state"),
    (submitted, "decide_penalty", "head", decision, "legal_review_passed"),
    (submitted, "decide_no_penalty", "head", nothing_decided, "legal_review_passed"),
    (returned, "decide_no_penalty", "head", nothing_decided, "legal_review_passed"),
    (submitted, "pass_legal_review", "officer", {}, "role"),
    (submitted, "pass_legal_review", "head", {}, "role"),
    (submitted, "pass_legal_review", "city_reviewer", {}, "role"),
    (reviewed, "decide_penalty", "officer", decision, "role"),
    (reviewed, "decide_penalty", "reviewer", decision, "role"),
    (major, "decide_penalty", "head", decision, "deliberation_carried_if_major"),
    (major, "decide_no_penalty", "head", nothing_decided, "deliberation_carried_if_major"),
)
def test_no_decision_without_its_review_and_discussion(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-41")
@attempts(
    (reported, "serve_notice", "officer", service, "state"),
    (notified, "submit_for_legal_review", "officer", {}, "statement_window_closed"),
    (served, "submit_for_legal_review", "officer", {}, "statement_window_closed"),
    (stated, "submit_for_legal_review", "officer", {}, "statements_answered"),
    (reviewed, "decide_penalty", "head", higher, "within_the_notice"),
    (defended, "decide_penalty", "head", higher, "not_heavier_than_notified"),
)
def test_the_party_is_told_and_heard_first_and_never_worse_off(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-14", "PP-15")
@attempts(
    (proposed, "file", "officer", {}, "role"),
    (proposed, "file", "city_head", {}, "role"),
    (proposed, "refuse_filing", "officer", REASON, "role"),
    (proposed, "extend_filing", "officer", REASON, "role"),
    (filed, "extend_filing", "head", REASON, "state"),
    (filed, "refuse_filing", "head", REASON, "state"),
)
def test_filing_is_the_heads_and_decided_once(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-16", "HY-32")
@attempts(
    (alone, "file", "head", {}, "two_certified_officers"),
    (expired, "file", "head", {}, "two_certified_officers"),
    (alone_at_the_report, "submit_report", "officer", REPORT, "two_certified_officers"),
)
def test_two_certified_officers_from_filing_to_report(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-45")
@attempts(
    (filed, "extend_decision", "officer", REASON, "role"),
    (proposed, "extend_decision", "head", REASON, "state"),
    (decided, "extend_decision", "head", REASON, "state"),
    (filed, "suspend", "officer", {**REASON, "ground": "ruling"}, "role"),
    (lately_overdue, "extend_decision", "city_head", REASON, "role"),
)
def test_only_the_head_gives_more_time_and_only_before_the_decision(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-59")
@attempts(
    (reviewed, "serve_decision", "officer", service, "state"),
    (decided, "serve_decision", "reviewer", service, "role"),
    (decided, "serve_no_penalty", "officer", service, "no_penalty_was_decided"),
)
def test_the_decision_that_was_made_is_served_by_an_officer_in_charge(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-59")
@attempts(
    (decided, "serve_decision", "officer", without_witness, "witness"),
    (decided, "serve_decision", "officer", tomorrow, "served_on"),
    (decided, "serve_decision", "officer", {"method": "pigeon"}, "method"),
)
def test_no_service_without_what_its_way_asks(store, cast, provider, doors, attempt):
    case = attempt.stage(cast, provider)
    doors.mistake(case, attempt.step, getattr(cast, attempt.who), attempt.facts, field=attempt.why)


@pytest.mark.law("HY-47")
@attempts(
    (performing, "close", "head", REASON, "performed_in_full"),
    (performing, "close", "officer", REASON, "role"),
)
def test_no_case_is_closed_while_money_is_owed(refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-5", "HY-40")
@pytest.mark.parametrize("who", ["twin_officer", "clerk", "admin", "hospital"])
def test_who_may_not_see_a_case_finds_no_door_to_it(store, cast, provider, doors, who):
    case = submitted(cast, provider) if who != "hospital" else proposed(cast, provider)
    doors.hide(case, "pass_legal_review", getattr(cast, who))
