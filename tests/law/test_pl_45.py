"""PL-45, PP-41, HY-22: a party's statement, the answers to it and its waiver are papers, cited by number."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from supervision.records.models import Evidence
from supervision.web.dossier_lists import dossier_url
from tests import breach_stage
from tests.case_stage import SOUND, ago, decide, reviewed, served, waive
from tests.law.test_pp_41 import answer, state
from tests.reading import words

pytestmark = [pytest.mark.law("PL-45", "PP-41"), pytest.mark.usefixtures("store")]

SAID = {"made_by": "院长", "text": "金额计算有误。", "points": "金额计算有误"}


def the(case, kind):
    return case.papers.get(type=kind)


def upload(name, text):
    return MultiValueDict({"document": [SimpleUploadedFile(name, text.encode())]})


def to_decision(case, cast):
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    decide(case, cast)
    return words(case.papers.get(type="penalty_decision"))


def test_a_defence_is_recorded_re_examined_and_cited_by_number(cast, provider):
    case = served(cast, provider)
    state(case, cast.officer)
    waive(case, cast)
    answer(case, cast)
    record, opinion = the(case, "case_statement_record"), the(case, "case_statement_review")
    assert (record.title, opinion.title) == ("陈述申辩笔录", "陈述申辩复核意见书")
    told = words(opinion)
    points = ("金额计算有误", "已主动整改", "经复核不予采纳", "重新核对了结算明细和病历")
    assert all(part in told for part in (*points, record.number, "共2项，采纳0项"))
    assert "依照《中华人民共和国行政处罚法》第四十五条" in told
    said = to_decision(case, cast)
    assert f"（《陈述申辩笔录》{record.number}）" in said
    assert f"（《陈述申辩复核意见书》{opinion.number}）" in said


def test_an_oral_statement_is_a_transcript_and_a_written_one_is_received_with_what_came_along(cast, provider):
    case = served(cast, provider)
    advance(case, "record_statement", cast.officer, made_on=clock.today(), oral=True, **SAID)
    advance(
        case, "record_statement", cast.officer, data={**SAID, "made_on": clock.today()},
        files=upload("陈述申辩书.txt", "我院不服"),
    )  # fmt: skip
    oral, written = case.papers.filter(type="case_statement_record").order_by("pk")
    assert written.seq == oral.seq + 1
    assert "口头（由记录人制作笔录）" in words(oral)
    assert "核对，签名或者盖章确认" in words(oral)
    assert "核对" not in words(written)
    kept = case.evidence.get(kind=Evidence.Kind.STATEMENT)
    assert kept.source == "院长"
    assert kept.sha256 in words(written)
    assert "陈述申辩书.txt" in words(written)


def test_a_written_statement_an_officer_enters_rests_on_its_paper(cast, provider, doors):
    case = served(cast, provider)
    told = {**SAID, "made_on": clock.today().isoformat()}
    doors.mistake(case, "record_statement", cast.officer, told, field="document")
    assert not case.papers.filter(type="case_statement_record").exists()


def test_what_the_party_enters_itself_is_its_own_record(cast, provider):
    case = served(cast, provider)
    advance(
        case, "make_statement", cast.hospital, data={**SAID, "made_on": clock.today()},
        files=upload("附件.txt", "结算单"),
    )  # fmt: skip
    said = words(the(case, "case_statement_record"))
    assert "书面（当事人通过本系统自行提交）" in said
    assert case.evidence.get(kind=Evidence.Kind.STATEMENT).original_name == "附件.txt"


def test_the_answer_tells_what_was_re_checked(cast, provider, doors):
    case = served(cast, provider)
    state(case, cast.officer, points="一")
    waive(case, cast)
    (point,) = case.statements.get().points.all()
    told = {f"answer_{point.pk}": "不成立", f"accepted_{point.pk}": "no"}
    doors.mistake(case, "answer_statement", cast.officer, told, field="rechecked")


def test_a_waiver_says_what_the_signed_paper_shows_and_no_more(cast, provider):
    case = served(cast, provider)
    said = {"declared_by": "院长", "declared_on": clock.today()}
    advance(case, "waive_statement", cast.officer, data=said, files=upload("放弃声明.txt", "院长签名"))
    record = the(case, "case_statement_waiver")
    told = words(record)
    assert record.title == "放弃陈述申辩记录"
    assert case.evidence.get(original_name="放弃声明.txt").sha256 in told
    assert "当事人表示的内容，以该材料为准" in told
    assert "视为放弃" not in told
    assert f"（《放弃陈述申辩记录》{record.number}）" in to_decision(case, cast)


def test_silence_is_recorded_as_silence(cast, provider):
    with ago(30):
        case = served(cast, provider)
    lapses.sweep()
    case.refresh_from_db()
    record = the(case, "case_statement_waiver")
    told = words(record)
    assert "期限届满未提出陈述、申辩" in told
    assert "书面" not in told
    assert f"逾期未提出陈述、申辩（《放弃陈述申辩记录》{record.number}）" in to_decision(case, cast)


def test_whoever_stated_something_waived_nothing_by_the_end_of_the_days(cast, provider):
    with ago(30):
        case = served(cast, provider)
        state(case, cast.officer)
    lapses.sweep()
    assert not case.papers.filter(type="case_statement_waiver").exists()


@pytest.mark.law("PP-58")
def test_the_record_of_a_silence_that_was_none_is_void(cast, provider):
    with ago(30):
        case = served(cast, provider)
    lapses.sweep()
    case.refresh_from_db()
    posted = {"made_on": case.term("statement").due, "received_on": clock.today(), "proof": "邮戳", "on_paper": True}
    advance(case, "record_late_statement", cast.officer, **SAID, **posted)
    assert the(case, "case_statement_waiver").state == "void"
    said = words(the(case, "case_statement_record"))
    assert "邮戳" in said


@pytest.mark.law("HY-22")
def test_a_breach_has_the_same_papers_and_cites_them(cast, agreement, provider):
    silent = breach_stage.silent(cast, provider)
    record = the(silent, "statement_waiver")
    assert "视为放弃" in words(record)
    breach_stage.decide(silent, cast)
    assert f"（《放弃陈述申辩记录》{record.number}）" in words(the(silent, "breach_decision"))


@pytest.mark.law("HY-22")
def test_the_decision_on_a_breach_cites_what_was_stated(cast, agreement, provider):
    case = breach_stage.served(cast, provider)
    with ago(18):
        breach_stage.state_it(case, cast.hospital)
    lapses.sweep()
    case.refresh_from_db()
    breach_stage.answer_all(case, cast.clerk)
    advance(case, "reexamine", cast.clerk, conclusion="理由不成立。")
    breach_stage.decide(case, cast)
    said = words(the(case, "breach_decision"))
    assert f"（《陈述申辩笔录》{the(case, 'statement_record').number}）" in said
    assert f"（《陈述申辩复核意见书》{the(case, 'reexamination_opinion').number}）" in said


def test_file_and_api_list_the_papers(cast, provider, client):
    case = reviewed(cast, provider)
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    record = the(case, "case_statement_waiver")
    listed = client.get(f"/api/v1/papers/?dossier={case.pk}&type=case_statement_waiver").json()
    assert [one["number"] for one in listed["results"]] == [record.number]
    page = client.get(dossier_url(case), follow=True).content.decode()
    assert record.number in page
