"""CR-5: who objects to a refusal asks for review, then for the procurator, each within three days."""

from datetime import timedelta

import pytest

from enforcement.models import EnforcementCase
from enforcement.phases.police import OVER, not_with_the_police
from enforcement.phases.states import Police
from supervision.procedure import clock, lapses
from supervision.records.selectors import newest_paper
from supervision.records.verification import verify
from tests.case_stage import ago, decide
from tests.doors import attempts
from tests.explore import Explorer
from tests.police_stage import (
    before_the_procurator,
    filed_by_police,
    filing,
    refused_by_police,
    refusing,
    returning,
    sent,
    then,
    to_the_decision,
    under_review,
    upheld,
)

pytestmark = pytest.mark.law("CR-5", "PL-27")
WHY = {"reason": "数额已达立案标准。"}
ASKED = {"organ": "甲县人民检察院", "reason": "应当立案。"}


def test_review_then_the_procurator_each_within_its_days(store, cast, provider):
    case = refused_by_police(cast, provider)
    assert (case.term("police_review").n, case.term("police_review").unit) == (3, "CD")
    then(case, cast, "request_review", WHY)
    letter = newest_paper(case, "police_review_request")
    assert (letter.title, letter.facts["answer"]["number"]) == ("不予立案复议提请书", "甲公不立〔2026〕3号")
    assert (case.term("police_review").state, case.term("police_review_answer").state) == ("met", "running")
    then(case, cast, "record_review_answer", refusing(number="甲公复〔2026〕1号"))
    assert (case.police_course, case.term("police_review_answer").state) == ("upheld", "met")
    assert (case.term("procurator").n, case.term("procurator").state) == (3, "running")
    then(case, cast, "suggest_supervision", ASKED)
    told = newest_paper(case, "supervision_suggestion")
    assert (told.title, told.facts["organ"], told.facts["reviewed"]) == ("立案监督建议书", ASKED["organ"], True)
    assert case.term("procurator").state == "met"
    then(case, cast, "record_supervision", filing())
    assert (case.police_course, case.term("police_handover").state) == ("filed", "running")
    assert verify(case).faults == []


@pytest.mark.parametrize("stage", [refused_by_police, upheld])
def test_without_objection_the_penalty_is_free_again(store, cast, provider, stage, doors):
    case = to_the_decision(stage(cast, provider), cast)
    doors.refuse(case, "decide_penalty", cast.head, decision(case), by="not_with_the_police")
    then(case, cast, "accept_refusal", {"reason": "同意公安机关意见"})
    assert not [term.kind for term in case.term_set.filter(kind__in=("police_review", "procurator")) if term.is_open]
    decide(case, cast)
    assert (case.state, case.police_course) == ("decided", "ended")


def decision(case):
    return {"tier": case.tier, "fine": str(case.proposed_fine), "decided_on": clock.today().isoformat()}


def test_an_objection_not_raised_in_time_is_overdue_and_may_still_be_answered_for(store, cast, provider):
    with ago(10):
        case = refused_by_police(cast, provider)
    lapses.sweep()
    assert case.term_set.get(kind="police_review").state == "overdue"
    case.refresh_from_db()
    then(case, cast, "accept_refusal", {"reason": "超过提请复议期限，无异议"})
    assert case.term("police_review").state == "met"


@attempts(
    (sent, "request_review", "officer", WHY, "may_be_reviewed"),
    (refused_by_police, "request_review", "head", WHY, "role"),
    (refused_by_police, "record_review_answer", "officer", filing, "review_awaited"),
    (under_review, "request_review", "officer", WHY, "may_be_reviewed"),
    (under_review, "accept_refusal", "officer", WHY, "refusal_stands"),
    (under_review, "suggest_supervision", "officer", ASKED, "refusal_stands"),
    (upheld, "request_review", "officer", WHY, "may_be_reviewed"),
    (upheld, "record_supervision", "officer", filing, "supervision_awaited"),
    (before_the_procurator, "accept_refusal", "officer", WHY, "refusal_stands"),
    (filed_by_police, "accept_refusal", "officer", WHY, "refusal_stands"),
    (filed_by_police, "suggest_supervision", "officer", ASKED, "refusal_stands"),
)
def test_nobody_else_and_never_out_of_turn(store, cast, provider, doors, attempt):
    attempt.refused(doors, attempt.stage(cast, provider), cast)


@pytest.mark.parametrize(
    ("stage", "step", "given", "field"),
    [
        (refused_by_police, "request_review", {"reason": ""}, "reason"),
        (refused_by_police, "accept_refusal", {"reason": ""}, "reason"),
        (upheld, "suggest_supervision", {"reason": "应当立案。"}, "organ"),
    ],
)
def test_each_says_why_and_to_whom(store, cast, provider, doors, stage, step, given, field):
    doors.mistake(stage(cast, provider), step, cast.officer, given, field=field)


def test_no_answer_to_the_review_is_older_than_the_request(store, cast, provider, doors):
    before = (clock.today() - timedelta(days=1)).isoformat()
    doors.mistake(
        under_review(cast, provider), "record_review_answer", cast.officer, refusing(dated=before), field="dated"
    )


def test_on_every_way_the_penalty_waits_until_the_criminal_side_is_over(store, cast, provider):
    """Every order of these steps: nothing is stuck, and only what is over frees the penalty."""
    both = lambda *_: [filing(), refusing()]  # noqa: E731 - a table of choices
    facts = {
        "record_police_answer": both,
        "record_review_answer": both,
        "record_supervision": both,
        "request_review": lambda *_: [WHY],
        "suggest_supervision": lambda *_: [ASKED],
        "accept_refusal": lambda *_: [WHY],
        "hand_over": lambda *_: [
            {
                "no_property": "on",
                "no_material": "on",
                "receipt_of": "李示例",
                "on_paper": "on",
                "handed_on": clock.today(),
            }
        ],
        "record_return": lambda *_: [returning(), returning("sentenced")],
    }
    open_at_end = {}

    def check(case, path):
        assert not_with_the_police(case) is (case.police_course in OVER), path
        kinds = [kind for kind, term in case.running.items() if kind.startswith("police") or kind == "procurator"]
        open_at_end[case.police_course] = {kind for kind in kinds if case.running[kind].is_open}

    walk = Explorer(
        actors=[cast.officer],
        choices=dict.fromkeys(EnforcementCase.procedure_class().steps, lambda *_: ()) | facts,
        key=lambda case: (case.police_course, tuple(sorted((kind, t.state) for kind, t in case.running.items()))),
        check=check,
    )
    walk.explore(sent(cast, provider))
    assert walk.states() == {"", *Police.values}
    assert all(not open_at_end[course] for course in OVER), "nothing is awaited any more"
