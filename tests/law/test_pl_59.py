"""PL-59, PL-65: no penalty decision leaves with one of its elements missing; after a hearing it rests on the record."""

from datetime import timedelta

import pytest

from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.paper_types import paper_type
from supervision.records.selectors import statements_of
from supervision.records.typeset import Unprintable, render
from tests.case_stage import SOUND, ago, decide, reviewed, served, waive
from tests.minutes import minutes

ELEMENTS = [
    "party", "filed_on", "findings", "laws", "duties", "basis", "loss", "heard", "statements", "discretion", "fine",
    "payment_period", "accounts", "remedies", "authority", "number", "date",
]  # fmt: skip


def printed(paper, **changed):
    facts = {name: value for name, value in {**paper.facts, **changed}.items() if value is not None}
    return render(paper_type(paper.type).path, facts, clock.now())


@pytest.fixture
def decision(store, cast, provider):
    case = reviewed(cast, provider)
    decide(case, cast)
    return case.papers.get(type="penalty_decision")


@pytest.mark.law("PL-59")
def test_without_an_element_it_is_not_printed(decision):
    assert printed(decision).startswith(b"%PDF")
    printed_without = [element for element in ELEMENTS if prints(decision, **{element: None})]
    assert not printed_without


def prints(paper, **changed):
    try:
        return bool(printed(paper, **changed))
    except Unprintable:
        return False


@pytest.mark.law("PL-59", "PP-41", "PL-45")
def test_it_tells_what_became_of_every_point_the_party_made(store, cast, provider):
    case = served(cast, provider)
    said = {"made_on": clock.today(), "made_by": "院长", "text": "陈述", "points": "金额计算有误\n已主动整改",
            "on_paper": True}  # fmt: skip
    advance(case, "record_statement", cast.officer, **said)
    waive(case, cast)
    answers = {"rechecked": "重新核对了结算明细。"}
    for point, accepted in zip(statements_of(case)[0].points.all(), ("no", "yes"), strict=True):
        answers |= {f"answer_{point.pk}": f"复核意见{accepted}", f"accepted_{point.pk}": accepted}
    advance(case, "answer_statement", cast.officer, **answers)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    decide(case, cast)

    paper = case.papers.get(type="penalty_decision")
    (stated,) = paper.facts["statements"]
    assert [(point["text"], point["accepted"], point["answer"]) for point in stated["points"]] == [
        ("金额计算有误", False, "复核意见no"),
        ("已主动整改", True, "复核意见yes"),
    ]
    for point in range(2):
        without = {**stated, "points": [{"text": one["text"]} for one in stated["points"][: point + 1]]}
        with pytest.raises(Unprintable):
            printed(paper, statements=[without])


@pytest.mark.law("PL-59")
def test_the_law_is_named_in_full_before_it_is_cited(decision):
    assert decision.facts["laws"] == ["《医疗保障基金使用监督管理条例》（以下简称《监管条例》）"]


@pytest.mark.law("PL-59")
def test_nor_without_whom_it_concerns(decision):
    party = decision.facts["party"]
    assert prints(decision, party=party)
    for named in ("name", "code", "address", "representative"):
        assert not prints(decision, party={name: value for name, value in party.items() if name != named}), named


def heard(cast, provider):
    """A hearing was asked for, announced and held."""
    with ago(20):
        case = served(cast, provider, amount="80000.00", fine="120000.00")
        asked = {"requested_on": clock.today(), "place": "二楼会议室", "host": cast.reviewer.user}
        advance(case, "request_hearing", cast.officer, hearing_on=clock.today() + timedelta(days=15), **asked)
    return case


@pytest.mark.law("PL-65")
def test_a_hearing_leaves_its_transcript(store, cast, provider, doors):
    case = heard(cast, provider)
    said = {"held_on": clock.today().isoformat(), "present": "院长"}
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="state")
    doors.mistake(case, "hold_hearing", cast.officer, said, field="transcript")


@pytest.mark.law("PL-65")
def test_the_decision_cites_the_transcript_of_this_case(store, cast, provider):
    case = heard(cast, provider)
    advance(
        case, "hold_hearing", cast.officer, held_on=clock.today(), present="院长", transcript="双方陈述", absent=True
    )
    record = case.papers.get(type="hearing_record")
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    advance(case, "deliberate", cast.head, **minutes([cast.head.user]))
    decide(case, cast)
    decision = case.papers.get(type="penalty_decision")
    assert decision.facts["hearing_record"] == record.number
    with pytest.raises(Unprintable):
        printed(decision, hearing_record=None)


@pytest.mark.law("PL-65")
def test_without_a_hearing_it_cites_none(decision):
    assert decision.facts["hearing_record"] == ""
