"""What the forms and records of a case hold: who proposed, approved, spoke and paid, and with whose hand."""

import pytest

from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.paper_types import paper_type
from supervision.records.typeset import render
from tests.case_stage import decided, proposed, reported, reviewed
from tests.cast import person as person_at
from tests.law.case_lines import paid_and_closed
from tests.minutes import minutes
from tests.reading import words

pytestmark = pytest.mark.usefixtures("store")


def read(case, paper_type):
    return words(case.papers.filter(type=paper_type).last())


@pytest.mark.law("PP-14", "PP-15")
def test_the_filing_form_holds_proposal_and_approval_apart(cast, provider):
    case = proposed(cast, provider)
    advance(case, "file", cast.head, note="抓紧取证")
    said = read(case, "filing_approval")
    assert said.count("双随机检查发现重复收费") == 1
    number = cast.officer.user.certificates.get().number
    assert f"承办人签名：{cast.officer.user.name}（{number}）" in said
    assert "符合《医疗保障行政处罚程序暂行规定》第十五条规定的立案条件，建议立案调查。" in said
    assert f"同意立案。抓紧取证。审批人签名：{cast.head.user.name}" in said
    refused = proposed(cast, provider, title="另一案")
    advance(refused, "refuse_filing", cast.head, reason="没有明确的违法嫌疑人")
    assert "不予立案。理由：没有明确的违法嫌疑人。" in read(refused, "no_filing")
    assert "同意立案" not in read(refused, "no_filing")


@pytest.mark.law("PP-36")
def test_the_report_has_its_six_parts_and_speaks_of_the_party(cast, provider):
    case = reported(cast, provider, opinion="另建议约谈负责人")
    said = read(case, "investigation_report")
    parts = ("一、当事人基本情况", "二、案件来源", "三、调查认定", "四、违法行为性质", "五、处理意见", "六、自由裁量")
    assert sorted(parts, key=said.index) == list(parts)
    assert "你单位" not in said
    assert "（一）责令当事人退回造成的医疗保障基金损失60,000.00元" in said
    assert said.count("建议") == 2
    order = case.papers.get(type="correction_order").number
    assert f"制发《责令改正通知书》（{order}）" in said
    assert f"办案人员{cast.second_officer.user.name}" in said


@pytest.mark.law("PP-44", "HY-40")
def test_the_record_of_the_discussion_has_each_ones_words(cast, land, provider):
    case = reviewed(cast, provider, amount="80000.00", fine="120000.00")
    deputies = [person_at(f"deputy{n}", land.county_bureau, Role.BUREAU_HEAD).user for n in range(2)]
    told = minutes([cast.head.user, *deputies], against=1, heard=[cast.officer.user.pk], recorder=cast.reviewer.user.pk)
    advance(case, "deliberate", cast.head, **told)
    said = read(case, "deliberation_record")
    (hour, minute), (last_hour, last) = (told[name].split(":") for name in ("begun_at", "ended_at"))
    assert f"{hour}时{minute}分至{last_hour}时{last}分" in said
    assert "三楼会议室" in said
    assert f"主持人{cast.head.user.name}无补充意见同意" in said
    assert f"参加人员{deputies[1].name}不同意，建议再议。反对" in said
    assert "同意2票，反对1票，弃权0票。" in said
    assert f"不同意见已如实记录：{deputies[1].name}：不同意，建议再议。" in said
    number = cast.officer.user.certificates.get().number
    assert f"{cast.officer.user.name}（承办人，汇报案情，证号：{number}）" in said
    assert f"记录人{cast.reviewer.user.name}" in said
    assert "责令退回造成的医疗保障基金损失80,000.00元。" in said
    assert "承办人意见：责令退回并处罚款。" in said


@pytest.mark.law("PP-56", "HY-47")
def test_the_closing_report_tells_every_payment(cast, provider):
    case = paid_and_closed(cast, provider)
    said = read(case, "closing_report")
    for claim in case.receivables.all():
        (paid,) = claim.receipts.all()
        day = f"{paid.paid_on.year}年{paid.paid_on.month}月{paid.paid_on.day}日"
        assert f"{claim.amount:,.2f}{paid.amount:,.2f}{day}{paid.voucher}" in said
    decision = case.papers.get(type="penalty_decision")
    assert decision.number in said
    assert case.papers.get(type="correction_order").number in said
    assert "改正情况已改正" in said
    assert f"负责人审批意见：同意结案。审批人：{cast.head.user.name}" in said


def test_what_was_issued_before_these_forms_is_still_issued_anew(cast, provider):
    case = decided(cast, provider, amount="80000.00", fine="120000.00")
    old = {"rows": [["案由", "示例案"], ["同意", "3"]], "findings": []}
    frame = ("authority", "number", "title", "date", "dossier")
    for kind in ("filing_approval", "legal_review_opinion", "deliberation_record", "legal_review_request"):
        paper = case.papers.get(type=kind)
        facts = {name: paper.facts[name] for name in frame} | old
        assert render(paper_type(kind).path, facts, clock.now()).startswith(b"%PDF")
    later = ("law", "local", "evidence", "office", "course", "on", "by", "by_officer")
    for kind in ("correction_order", "investigation_report", "penalty_notice", "penalty_decision"):
        paper = case.papers.filter(type=kind).last()
        facts = {name: value for name, value in paper.facts.items() if name not in later}
        assert render(paper_type(kind).path, facts, clock.now()).startswith(b"%PDF")
