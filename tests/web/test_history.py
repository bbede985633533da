"""What an event tells: who, which amounts, which evidence — in the reader's language, whatever it was kept in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from supervision.procedure.chain import faults
from supervision.procedure.services import record
from supervision.records.verbs import EVIDENCE_ADDED
from supervision.web import party_timeline
from supervision.web.events import lines
from tests import case_stage


def told(case, verb, actor, language="zh-hans"):
    with override(language):
        (line, *_more) = lines(case, case.events.filter(verb=verb).order_by("-seq"), actor)
        return {label: str(text) for label, text in line.details}


def test_amounts_have_their_unit_and_choices_their_label(store, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    case_stage.fact(case, cast, amount="270000.00")
    said = told(case, "establish_fact", cast.officer)
    assert "270,000.00 元" in said.values()
    assert "职工基本医疗保险" in "".join(said.values())
    english = told(case, "establish_fact", cast.officer, "en")
    assert english["Loss of the fund (yuan)"] == "270,000.00 yuan"
    assert english["Fund"] == "employee basic medical insurance"


@pytest.mark.law("HY-37")
def test_evidence_is_linked_where_its_reader_may_open_it(store, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    piece = case_stage.evidence(case, cast)
    link = f'<a href="/evidence/{piece.pk}/">费用清单</a>'
    assert told(case, EVIDENCE_ADDED, cast.officer)["证据"] == link
    assert told(case, EVIDENCE_ADDED, cast.twin_officer)["证据"] == "费用清单"
    case_stage.fact(case, cast, proofs=[piece])
    assert link in told(case, "establish_fact", cast.officer).values()


@pytest.mark.law("HY-48")
def test_a_label_frozen_in_one_language_is_read_in_another_and_the_chain_stays_as_it_is(store, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    with override("zh-hans"):
        case_stage.evidence(case, cast)
    case.refresh_from_db()
    assert case.events.get(verb=EVIDENCE_ADDED).facts["kind"] == "书证"
    assert told(case, EVIDENCE_ADDED, cast.officer, "en")["Kind"] == "documentary evidence"
    assert told(case, EVIDENCE_ADDED, cast.officer)["种类"] == "书证"
    assert not list(faults(case, case.events.order_by("seq")))


def test_what_is_typed_is_never_markup(store, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    record(case, EVIDENCE_ADDED, cast.officer, {"evidence": [{"id": 0, "title": "<b>x</b>"}], "reason": "<i>"})
    said = told(case, EVIDENCE_ADDED, cast.officer)
    assert said["证据"] == "<b>x</b>"
    assert not hasattr(said["证据"], "__html__")


def test_the_money_of_a_matter_is_told_with_debtor_and_amount(store, cast, provider) -> None:
    case = case_stage.performing(cast, provider)
    said = told(case, "receivable_opened", cast.officer)
    assert any(text.endswith(" 元") for text in said.values())
    assert any(provider.name in text for text in said.values())


def test_links_cost_no_more_with_more_events(store, client, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    client.force_login(cast.officer.user)
    counts = []
    for more in (1, 6):
        for number in range(more):
            case_stage.fact(case, cast, proofs=[case_stage.evidence(case, cast, title=f"{more}-{number}")])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            lines(case, case.events.select_related("user", "authority"), cast.officer)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_party_file_tells_of_each_matter_in_short_with_one_query_more(store, client, cast, provider) -> None:
    case = case_stage.performing(cast, provider)
    client.force_login(cast.officer.user)
    (entry,) = [one for one in party_timeline.of_party(provider, cast.officer) if str(case.pk) in one.url]
    verbs = [event.verb for event in entry.events]
    assert verbs[-1] == "opened"
    assert {"file", "notify", "serve_notice", "decide_penalty", "serve_decision"} <= set(verbs)
    assert "establish_fact" not in verbs
    with override("zh-hans"):
        assert str(entry.events[0].label) in client.get(f"/parties/{provider.pk}/").content.decode()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            party_timeline.of_party(provider, cast.officer)
        counts.append(len(asked))
        case_stage.filed(cast, provider)
    assert counts[0] == counts[1]


def test_what_is_claimed_is_told_in_the_language_of_the_reader(store, cast, provider) -> None:
    case = case_stage.performing(cast, provider)
    assert "罚款 → 国库" in told(case, "receivable_opened", cast.officer).values()
    assert "fine → treasury" in told(case, "receivable_opened", cast.officer, "en").values()


def test_what_a_form_adds_is_not_told_as_a_column_of_the_same_name(store, cast, provider) -> None:
    case = case_stage.reviewed(cast, provider)
    assert "agree" not in told(case, "pass_legal_review", cast.officer).values()
