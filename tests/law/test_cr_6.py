"""CR-6: within three days of the filing property and material go to the police with their list, or there is none."""

from datetime import timedelta

import pytest

from supervision.procedure import clock, lapses
from supervision.records.selectors import newest_paper
from supervision.records.verification import verify
from supervision.web.dossier_lists import dossier_url
from tests.case_stage import ago, evidence
from tests.doors import attempts
from tests.police_stage import before_the_procurator, filed_by_police, filing, refused_by_police, sent, then

pytestmark = pytest.mark.law("CR-6")


def handing(**given):
    facts = {"handed_on": clock.today().isoformat(), "no_property": True, "no_material": True, "receipt_of": "李示例"}
    return facts | {"on_paper": True} | given


def handed_over(cast, provider):
    case = filed_by_police(cast, provider)
    then(case, cast, "hand_over", handing())
    return case


def test_what_is_handed_over_stands_on_its_list(store, cast, provider, client):
    case = filed_by_police(cast, provider)
    term = case.term("police_handover")
    assert (term.n, term.unit, term.start, term.state) == (3, "CD", clock.today(), "running")
    ledger = evidence(case, cast, title="进销存台账")
    then(case, cast, "hand_over", handing(
        things="医保卡 12 张，完好\n电脑主机 1 台", no_property="", materials=[ledger.pk], no_material=""
    ))  # fmt: skip
    paper = newest_paper(case, "police_handover_list")
    assert paper.title == "涉案物品和材料移交清单"
    assert paper.facts["things"] == ["医保卡 12 张，完好", "电脑主机 1 台"]
    assert [one.endswith("进销存台账") for one in paper.facts["materials"]] == [True]
    assert (case.term("police_handover").state, case.police_course) == ("met", "filed")
    assert verify(case).faults == []
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "电脑主机 1 台" in client.get(dossier_url(case)).content.decode()


def test_the_list_names_the_document_by_which_the_police_filed(store, cast, provider):
    case = before_the_procurator(cast, provider)
    then(case, cast, "record_supervision", filing(number="甲公立〔2026〕9号"))
    then(case, cast, "hand_over", handing())
    assert newest_paper(case, "police_handover_list").facts["answer"]["number"] == "甲公立〔2026〕9号"


def test_that_there_is_none_is_said_too(store, cast, provider):
    case = handed_over(cast, provider)
    paper = newest_paper(case, "police_handover_list")
    assert (paper.facts["things"], paper.facts["materials"]) == ([], [])


def test_late_it_is_overdue_until_it_is_done(store, cast, provider):
    with ago(10):
        case = filed_by_police(cast, provider)
    lapses.sweep()
    assert case.term_set.get(kind="police_handover").state == "overdue"
    case.refresh_from_db()
    then(case, cast, "hand_over", handing())
    assert case.term("police_handover").state == "met"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"no_property": False}, "things"),
        ({"things": "电脑主机 1 台"}, "things"),
        ({"no_material": False}, "materials"),
        ({"receipt_of": ""}, "receipt_of"),
        ({"on_paper": False}, "document"),
        ({"handed_on": (clock.today() - timedelta(days=1)).isoformat()}, "handed_on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_is_listed_or_said_not_to_exist(store, cast, provider, doors, given, field):
    doors.mistake(filed_by_police(cast, provider), "hand_over", cast.officer, handing(**given), field=field)


@attempts(
    (sent, "hand_over", "officer", handing, "filed_by_police"),
    (refused_by_police, "hand_over", "officer", handing, "filed_by_police"),
    (filed_by_police, "hand_over", "head", handing, "role"),
    (handed_over, "hand_over", "officer", handing, "handover_awaited"),
    (handed_over, "record_police_answer", "officer", filing, "answer_awaited"),
)
def test_nobody_else_and_never_out_of_turn(store, cast, provider, doors, attempt):
    attempt.refused(doors, attempt.stage(cast, provider), cast)
