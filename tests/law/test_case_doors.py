"""HY-40, PP-41, PP-16, PP-45, PP-59, HY-47 by every door: refused with sentence and article, nothing changed.

Each attempt is made by somebody the law does not let, or before the law lets anybody.
"""

import pytest

from supervision.procedure import clock
from supervision.procedure.services import advance, withdraw
from tests.case_stage import decide, filed, performing, proposed, reported, reviewed, served, waive

pytestmark = pytest.mark.law("HY-40", "PP-41", "PP-16", "PP-45", "PP-59", "HY-47")


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


def stated(cast, provider):
    case = served(cast, provider)
    advance(case, "record_statement", cast.officer, made_on=clock.today(), made_by="院长", text="意见", points="有误")
    waive(case, cast)
    return case


def alone(cast, provider):
    case = proposed(cast, provider)
    withdraw(case, cast.second_officer.user, "与当事人有利害关系", cast.head)
    return case


def decided(cast, provider):
    case = reviewed(cast, provider)
    decide(case, cast)
    return case


DECISION = {"tier": "ordinary", "fine": "90000.00"}
NO_PENALTY = {"reason": "不予处罚"}
SERVICE = {"method": "direct", "recipient": "院办"}
REASON = {"reason": "理由"}

# article, stage, step, who, facts, what stands in the way
ATTEMPTS = [
    ("HY-40", reported, "decide_penalty", "head", DECISION, "state"),
    ("HY-40", submitted, "decide_penalty", "head", DECISION, "legal_review_passed"),
    ("HY-40", submitted, "pass_legal_review", "officer", {}, "role"),
    ("HY-40", submitted, "pass_legal_review", "head", {}, "role"),
    ("HY-40", submitted, "pass_legal_review", "city_reviewer", {}, "role"),
    ("HY-40", returned, "decide_no_penalty", "head", NO_PENALTY, "legal_review_passed"),
    ("HY-40", reviewed, "decide_penalty", "officer", DECISION, "role"),
    ("HY-40", major, "decide_penalty", "head", DECISION, "deliberation_carried_if_major"),
    ("HY-40", major, "decide_no_penalty", "head", NO_PENALTY, "deliberation_carried_if_major"),
    ("PP-41", reported, "serve_notice", "officer", SERVICE, "state"),
    ("PP-41", served, "submit_for_legal_review", "officer", {}, "statement_window_closed"),
    ("PP-41", stated, "submit_for_legal_review", "officer", {}, "statements_answered"),
    ("PP-41", reviewed, "decide_penalty", "head", {**DECISION, "fine": "90000.01"}, "within_the_notice"),
    ("PP-16", alone, "file", "head", {}, "two_certified_officers"),
    ("PP-16", proposed, "file", "officer", {}, "role"),
    ("PP-16", proposed, "file", "city_head", {}, "role"),
    ("PP-45", filed, "extend_decision", "officer", REASON, "role"),
    ("PP-45", proposed, "extend_decision", "head", REASON, "state"),
    ("PP-45", filed, "suspend", "officer", {**REASON, "ground": "ruling"}, "role"),
    ("PP-59", reviewed, "serve_decision", "officer", SERVICE, "state"),
    ("PP-59", decided, "serve_decision", "reviewer", SERVICE, "role"),
    ("PP-59", decided, "serve_no_penalty", "officer", SERVICE, "no_penalty_was_decided"),
    ("HY-47", performing, "close", "head", REASON, "performed_in_full"),
    ("HY-47", performing, "close", "officer", REASON, "role"),
]


@pytest.mark.parametrize(
    ("article", "stage", "step", "who", "facts", "obstacle"),
    ATTEMPTS,
    ids=[f"{article}-{stage.__name__}-{step}-{who}" for article, stage, step, who, *_ in ATTEMPTS],
)
def test_refused_by_every_door_alike(store, cast, provider, doors, article, stage, step, who, facts, obstacle):
    today = clock.today().isoformat()
    facts = facts | {"decided_on": today, "served_on": today}
    doors.refuse(stage(cast, provider), step, getattr(cast, who), facts, by=obstacle)


@pytest.mark.parametrize("who", ["twin_officer", "clerk", "admin", "hospital"])
def test_who_may_not_see_a_case_finds_no_door_to_it(store, cast, provider, doors, who):
    case = submitted(cast, provider) if who != "hospital" else proposed(cast, provider)
    doors.hide(case, "pass_legal_review", getattr(cast, who))
