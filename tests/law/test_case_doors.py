"""A bureau's case by every door: refused by service, page and API with sentence and article, nothing changed.

Each attempt is made by somebody the law does not let, or before the law lets anybody.
"""

from decimal import Decimal

import pytest

from enforcement import rules
from funds.services import MoneyRefused, record_receipt
from supervision.procedure import clock
from supervision.procedure.declare import Context
from tests.case_stage import filed, performing, proposed, reported, reviewed, served
from tests.doors import attempts
from tests.law.case_lines import (
    CLOSING,
    REASON,
    REPORT,
    alone,
    alone_at_the_report,
    announced,
    before_its_service,
    decided,
    decision,
    defended,
    early_waiver,
    expired,
    factless,
    grave,
    higher,
    investigated_by_the_head,
    large,
    lately_overdue,
    major,
    not_ordered,
    nothing_decided,
    notified,
    of_another_county,
    of_tier,
    overdue_correction,
    paid_and_closed,
    publication,
    published,
    resting,
    returned,
    service,
    spared,
    stated,
    submitted,
    to_be_closed,
    to_be_reported,
    tomorrow,
    unsigned_waiver,
    without_witness,
)
from tests.minutes import minutes


@pytest.fixture
def refused(store, cast, provider, doors):
    def by_every_door(attempt):
        case = attempt.stage(cast, provider)
        attempt.refused(doors, case, cast)

    return by_every_door


@pytest.fixture
def mistaken(store, cast, provider, doors):
    def by_every_door(attempt):
        case = attempt.stage(cast, provider)
        attempt.mistaken(doors, case, cast)

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


@pytest.mark.law("PL-57")
@attempts(
    (investigated_by_the_head, "decide_penalty", "head", decision, "decider_did_not_investigate"),
    (investigated_by_the_head, "decide_no_penalty", "head", nothing_decided, "decider_did_not_investigate"),
    (reported, "send_back", "officer", REASON, "role"),
)
def test_the_head_examines_and_decides_who_did_not_investigate(refused, attempt):
    refused(attempt)


@pytest.mark.law("PL-57", "PP-44")
def test_no_investigator_chairs_the_discussion(store, cast, provider, doors):
    case = major(cast, provider)
    doors.mistake(case, "deliberate", cast.head, minutes([cast.officer.user]), field="chair")
    doors.mistake(case, "deliberate", cast.head, minutes([cast.head.user, cast.officer.user]), field="votes")


@pytest.mark.law("PP-40")
@attempts(
    (submitted, "extend_legal_review", "reviewer", REASON, "role"),
    (submitted, "extend_legal_review", "officer", REASON, "role"),
    (reviewed, "extend_legal_review", "head", REASON, "state"),
)
def test_only_the_head_extends_a_running_review(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-13", "PP-36", "PL-54")
@attempts(
    (factless, "submit_report", "officer", REPORT, "facts_established"),
    (factless, "order_correction", "officer", {}, "facts_established"),
    (not_ordered, "submit_report", "officer", REPORT, "ordered_to_correct"),
    (to_be_reported, "submit_report", "head", REPORT, "role"),
)
def test_no_report_without_its_facts_and_the_order_to_correct(refused, attempt):
    refused(attempt)


@pytest.mark.law("RG-38", "DS-1", "DS-2")
@attempts(
    (to_be_reported, "submit_report", "officer", {**REPORT, "fine": "120000.01"}, "fine"),
    (to_be_reported, "submit_report", "officer", {**REPORT, "fine": "59999.99"}, "fine"),
    (to_be_reported, "submit_report", "officer", {**REPORT, "fine": "102000.01"}, "fine"),
    (reviewed, "decide_penalty", "head", lambda: decision("77999.99"), "fine"),
)
def test_the_fine_keeps_to_the_law_and_to_its_tier(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("RG-38", "DS-2")
def test_the_rule_stays_where_a_fine_comes_past_the_form(store, cast, provider):
    case = to_be_reported(cast, provider)
    for fine, holds in ((Decimal("102000.00"), True), (Decimal("102000.01"), False)):
        facts = {"tier": "ordinary", "fine": fine}
        context = Context(actor=cast.officer, today=clock.today(), now=clock.now(), facts=facts)
        assert rules.fine_in_range(case, context) is holds
    for step in ("submit_report", "decide_penalty"):
        assert rules.fine_in_range in case.procedure.steps[step].needs


@pytest.mark.law("RG-41", "HY-37")
@attempts(
    (factless, "establish_fact", "officer", {"act": "RG-41.1"}, "act"),
    (factless, "establish_fact", "officer", {"act": "RG-42"}, "act"),
)
def test_a_hospital_commits_what_binds_hospitals(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("PP-41", "PL-44", "PL-45")
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


@pytest.mark.law("PL-62")
@attempts(
    (served, "waive_statement", "officer", {}, "declared_by"),
    (served, "waive_statement", "officer", early_waiver, "declared_on"),
    (served, "waive_statement", "officer", unsigned_waiver, "document"),
    (large, "waive_hearing", "officer", unsigned_waiver, "document"),
)
def test_a_waiver_is_express_and_follows_the_notice(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("HY-41", "PL-33", "DS-1")
@attempts(
    (to_be_reported, "submit_report", "officer", {**REPORT, "tier": "lighter", "fine": "66000"}, "lenient"),
    (to_be_reported, "submit_report", "officer", {**REPORT, "tier": "exempt", "fine": "0"}, "lenient"),
    (reviewed, "decide_no_penalty", "head", {}, "reason"),
)
def test_lenience_names_its_circumstance(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("HY-41", "HY-42", "PL-33", "PP-43")
@attempts(
    (reviewed, "decide_penalty", "head", of_tier("lighter", "66000.00"), "lenience_has_its_circumstance"),
    (reviewed, "decide_penalty", "head", of_tier("mitigated", "30000.00"), "lenience_has_its_circumstance"),
    (reviewed, "decide_penalty", "head", of_tier("exempt", "0.00"), "penalty_is_not_exempt"),
    (grave, "decide_penalty", "head", of_tier("ordinary", "90000.00"), "heavier_when_the_law_says_so"),
)
def test_the_decision_keeps_to_the_circumstances_on_record(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-9")
@attempts((of_another_county, "file", "head", {}, "own_jurisdiction"))
def test_no_case_outside_ones_own_area(refused, attempt):
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


@pytest.mark.law("PP-42")
@attempts(
    (filed, "suspend", "officer", {**REASON, "ground": "ruling"}, "role"),
    (resting, "resume", "officer", REASON, "role"),
    (resting, "submit_report", "officer", REPORT, "state"),
    (reviewed, "suspend", "head", {**REASON, "ground": "ruling"}, "state"),
)
def test_the_head_suspends_an_investigation_and_resumes_it(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-47")
@attempts(
    (filed, "terminate", "officer", REASON, "role"),
    (decided, "terminate", "head", REASON, "state"),
    (submitted, "terminate", "head", REASON, "state"),
)
def test_only_the_head_terminates_and_not_what_is_decided(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-46", "PB-1", "HY-43")
@attempts(
    (paid_and_closed, "archive", "officer", {}, "published_if_due"),
    (decided, "publish", "officer", {"digest": "某医院重复收费被处罚"}, "state"),
    (announced, "publish", "officer", publication, "decision_service_counts"),
    (performing, "publish", "officer", before_its_service, "published_after_service"),
    (published, "publish", "officer", publication, "not_published_yet"),
    (performing, "publish", "head", publication, "role"),
    (spared, "publish", "officer", publication, "penalty_was_decided"),
)
def test_a_penalty_is_published_once_served_and_before_the_file_is_archived(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-59", "PP-43")
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
    (decided, "serve_decision", "officer", lambda: service(on_paper=False), "proof"),
    (decided, "serve_decision", "officer", {"method": "pigeon"}, "method"),
)
def test_no_service_without_what_its_way_asks(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("HY-47", "PP-56")
@attempts(
    (performing, "close", "head", CLOSING, "performed_in_full"),
    (performing, "close", "officer", CLOSING, "role"),
    (decided, "close", "head", CLOSING, "state"),
    (spared, "close", "head", CLOSING, "performed_in_full"),
    (performing, "archive", "officer", {}, "state"),
)
def test_no_case_is_closed_while_money_is_owed(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-13", "PP-59", "PP-56")
@attempts((performing, "close", "head", CLOSING, "orders_to_correct_served"))
def test_no_case_is_closed_while_its_order_to_correct_was_never_served(refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-13", "PP-56")
@attempts(
    (to_be_closed, "close", "head", REASON, "correction"),
    (to_be_closed, "close", "head", CLOSING | {"correction": "refused"}, "correction_checked"),
    (overdue_correction, "close", "head", CLOSING | {"correction": "not_due"}, "correction"),
)
def test_no_case_is_closed_without_what_became_of_the_correction(mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("PP-52", "PL-67")
def test_a_fine_is_due_fifteen_days_after_service_and_not_collected_by_who_decided(store, cast, provider):
    case = performing(cast, provider)
    term = case.term("payment")
    assert (term.start, term.n, term.unit) == (case.decision_served_on, 15, "CD")
    fine = case.receivables.get(kind="fine")
    assert fine.due_on == term.due
    with pytest.raises(MoneyRefused):
        record_receipt(
            fine, cast.head, amount=fine.amount, route=fine.route, fund="", paid_on=clock.today(), voucher="V1"
        )


@pytest.mark.law("HY-5", "HY-40")
@pytest.mark.parametrize("who", ["twin_officer", "clerk", "admin", "witness", "hospital"])
def test_who_may_not_see_a_case_finds_no_door_to_it(store, cast, provider, doors, who):
    case = submitted(cast, provider) if who != "hospital" else proposed(cast, provider)
    doors.hide(case, "pass_legal_review", getattr(cast, who))
