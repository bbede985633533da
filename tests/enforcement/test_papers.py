"""What a party, a reviewer and a court read in the papers of a case."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from funds.accounts import end_account, set_account
from funds.models import Account
from funds.paying import paying
from funds.selectors import account_of
from supervision.parties.models import InsuredPerson, Office, Redress
from supervision.parties.services.redress import end_redress, set_office, set_redress
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.selectors import statements_of
from tests.case_stage import (
    SOUND,
    conduct,
    decide,
    decided,
    evidence,
    fact,
    filed,
    ordered,
    report,
    reported,
    reviewed,
    served,
    waive,
)
from tests.reading import words

pytestmark = pytest.mark.usefixtures("store")

NOTICE_AND_DECISION = ("penalty_notice", "penalty_decision")


def read(case, paper_type):
    return words(case.papers.filter(type=paper_type).last())


@pytest.fixture
def person(land):
    return InsuredPerson.objects.create(
        kind="insured", code="P990121000010", name="示例某丙", sort_key="a", region=land.county_region
    )


@pytest.mark.law("PL-59", "RG-15.1")
def test_it_names_the_duty_breached_and_the_item_that_sanctions_it(cast, provider):
    case = decided(cast, provider)
    for paper in NOTICE_AND_DECISION:
        said = read(case, paper)
        assert "违反了《监管条例》第十五条第一款的规定，属于《监管条例》第三十八条第（三）项规定的情形。" in said
        assert "依据《监管条例》第三十八条第（三）项的规定，本机关" in said
        assert "违反了《监管条例》第三十八条" not in said


@pytest.mark.law("PL-59", "RG-15.2", "RG-20")
def test_several_acts_are_cited_each_once(cast, provider):
    case = filed(cast, provider)
    for act in ("RG-38.6", "RG-40.3", "RG-38.6"):
        fact(case, cast, "1000.00", act, proofs=[evidence(case, cast, title=f"明细{act}{case.facts.count()}")])
    ordered(case, cast)
    report(case, cast, fine="6500.00")
    advance(case, "notify", cast.head)
    said = read(case, "penalty_notice")
    assert "违反了《监管条例》第十五条第二款、第二十条的规定" in said
    assert "属于《监管条例》第三十八条第（六）项、第四十条第一款第（三）项规定的情形" in said
    assert "依据《监管条例》第三十八条第（六）项，应当处造成损失金额1倍以上2倍以下的罚款。" in said
    assert "依据《监管条例》第四十条第一款第（三）项，应当处骗取金额2倍以上5倍以下的罚款。" in said
    assert "处以罚款6,500.00元。" in said


@pytest.mark.law("PL-59", "RG-17.2")
def test_of_a_person_it_says_you_and_knows_no_fine(cast, person):
    case = filed(cast, person)
    fact(case, cast, "1000.00", "RG-41.1.1")
    ordered(case, cast)
    report(case, cast, fine="0")
    advance(case, "notify", cast.head)
    said = read(case, "penalty_notice")
    assert "你单位" not in said
    assert "（你）" not in said
    assert "违反了《监管条例》第十七条第二款的规定，属于《监管条例》第四十一条第一款第（一）项规定的情形" in said
    assert "未规定罚款" in said
    assert "责令你退回造成的医疗保障基金损失1,000.00元。" in said
    assert "处以罚款" not in said


def test_where_the_matter_came_from_is_not_in_what_the_party_reads(cast, provider):
    cause = "本案来源于线索第7号，举报人反映，经核实属实。"
    case = filed(cast, provider, cause=cause)
    fact(case, cast)
    ordered(case, cast)
    report(case, cast)
    advance(case, "notify", cast.head)
    advance(case, "serve_notice", cast.officer, method="direct", relation="staff", served_on=clock.today(),
            recipient="院办", on_paper=True)  # fmt: skip
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    decide(case, cast)
    for paper in ("correction_order", *NOTICE_AND_DECISION):
        issued = case.papers.get(type=paper)
        assert "线索" not in words(issued)
        assert "cause" not in issued.facts
    assert "本案来源于线索第7号" in read(case, "investigation_report")
    today = clock.today()
    assert f"本机关于{today.year}年{today.month}月{today.day}日对你单位涉嫌违反" in read(case, "penalty_decision")


@pytest.mark.law("PL-59", "PL-67", "RM-1", "RM-2", "HY-47")
def test_it_names_organ_court_and_accounts(cast, provider):
    said = read(decided(cast, provider), "penalty_decision")
    assert "60日内向甲县人民政府申请行政复议" in said
    assert "6个月内依法向甲县人民法院提起行政诉讼" in said
    assert "职工基本医疗保险基金60,000.00示例·甲县财政局示例银行甲县支行99012100000" in said
    assert "罚款90,000.00示例·甲县财政局示例银行甲县支行99012100001" in said
    assert "同级人民政府" not in said


@pytest.mark.law("PL-59", "PL-67", "HY-47")
@pytest.mark.parametrize(
    ("end", "missing", "reason"),
    [
        (end_redress, Redress.objects.all, "remedies_known"),
        (end_account, lambda: Account.objects.filter(route="fiscal"), "refund_account_known"),
        (end_account, lambda: Account.objects.filter(route="treasury"), "fine_account_known"),
    ],
)
def test_without_them_nothing_is_decided(cast, provider, doors, end, missing, reason):
    case = reviewed(cast, provider)
    today = clock.today()
    for row in missing():
        end(cast.system, row, last=today - timedelta(days=1), reason="撤并", today=today)
    said = {"tier": case.tier, "fine": "90000.00", "decided_on": clock.today().isoformat()}
    doors.refuse(case, "decide_penalty", cast.head, said, by=reason)


@pytest.mark.law("PL-59")
def test_they_are_dated_and_what_was_in_force_is_not_entered_over(cast, land, provider):
    bureau, day = land.county_bureau, date(2026, 1, 1)
    days = {"begins": day, "today": clock.today(), "reason": "补登"}
    set_redress(
        cast.system,
        bureau,
        today=clock.today(),
        reconsideration="甲县人民政府行政复议局",
        court="乙县人民法院",
        begins=day,
        reason="补登",
    )
    assert bureau.redress_on(date(2025, 12, 31)).court == "甲县人民法院"
    assert land.county_agency.redress_on(day).court == "乙县人民法院"
    with pytest.raises(Exception, match="2026-01-01"):
        set_redress(
            cast.system,
            bureau,
            today=clock.today(),
            reconsideration="甲县人民政府",
            court="甲县人民法院",
            begins=date(2025, 6, 1),
            reason="补登",
        )
    own = {"route": "fiscal", "holder": "示例户", "bank": "示例行", **days}
    set_account(cast.system, bureau, fund="resident", number="6200 0000 1", **own)
    rows = paying(land.county_agency, day, {"resident": 5, "employee": 7})
    assert [row["number"] for row in rows] == ["6200 0000 1", "99012100000"]
    with pytest.raises(Exception, match=r"digits|数字"):
        set_account(cast.system, bureau, fund="maternity", number="账号", **own)


@pytest.mark.law("PL-59", "PL-67")
def test_they_are_entered_from_the_server(land):
    place = {"authority": land.county_bureau.code, "begins": date(2026, 1, 1), "reason": "补登"}
    call_command("parties", "redress", reconsideration="甲县人民政府", court="乙县人民法院", **place)
    call_command("funds", "account", route="treasury", holder="甲县财政局", bank="示例银行", number="620001", **place)
    bureau, day = land.county_bureau, date(2026, 1, 2)
    assert bureau.redress_on(day).court == "乙县人民法院"
    assert account_of(bureau, "treasury", day).number == "620001"
    for wrong in ({"authority": "B000000"}, {"court": " "}, {"begins": date(2025, 1, 1)}):
        said = {"reconsideration": "甲县人民政府", "court": "乙县人民法院", **place, **wrong}
        with pytest.raises(CommandError):
            call_command("parties", "redress", **said)


@pytest.mark.law("PL-44", "PL-63", "PP-41")
def test_a_notice_says_where_to_come_and_whom_to_call(cast, land, provider, doors):
    case = reported(cast, provider, amount="80000.00", fine="120000.00")
    Office.objects.filter(authority=land.county_bureau).delete()
    doors.refuse(case, "notify", cast.head, by="office_known")
    place = {"authority": land.county_bureau.code, "begins": date(2026, 1, 1)}
    call_command("parties", "office", address="甲县政务街2号", contact="法规科", phone="0999-5550000", **place)
    with pytest.raises(CommandError):
        call_command("parties", "office", address=" ", contact="法规科", phone="0999-5550000", **place)
    advance(case, "notify", cast.head)
    reach = "联系地址：甲县政务街2号；联系部门（联系人）：法规科；联系电话：0999-5550000。"
    said = read(case, "penalty_notice")
    assert reach in said
    assert "内向甲县医疗保障局提出；逾期未提出的，视为放弃听证权利。" in said
    told = {"address": "甲县新街3号", "contact": "法规科", "phone": "0999-1"}
    next_day = clock.today() + timedelta(days=1)
    set_office(cast.system, land.county_bureau, **told, begins=next_day, today=clock.today())
    assert land.county_bureau.office_on(clock.today()).address == "甲县政务街2号"
    assert land.county_agency.office_on(next_day).contact == "稽核科", "never the bureau's"


@pytest.mark.law("PP-13", "PL-28.1", "RG-38")
def test_the_order_to_correct_cites_what_sanctions_the_conduct(cast, provider):
    said = read(reported(cast, provider), "correction_order")
    assert "违反了《监管条例》第十五条第一款的规定，属于《监管条例》第三十八条第（三）项规定的情形。" in said
    assert (
        "依据《监管条例》第三十八条第（三）项和《中华人民共和国行政处罚法》第二十八条第一款的规定，责令你单位于" in said
    )


@pytest.mark.law("PL-59", "PL-66", "PL-67", "PL-72.1.1")
def test_the_decision_cites_how_a_fine_is_paid_and_what_it_grows_by(cast, provider):
    said = read(decided(cast, provider), "penalty_decision")
    assert "依照《中华人民共和国行政处罚法》第六十六条、第六十七条的规定，你单位应当自收到本决定书之日起15日内" in said
    assert (
        "到期不缴纳罚款的，依照《中华人民共和国行政处罚法》第七十二条第一款第（一）项的规定，每日按罚款数额的3%" in said
    )


@pytest.mark.law("PL-59")
def test_each_piece_of_evidence_says_what_it_proves(cast, provider):
    case = filed(cast, provider)
    shared = evidence(case, cast, title="结算明细")
    fact(case, cast, "1000.00", "RG-38.3", proofs=[shared])
    fact(case, cast, "2000.00", "RG-38.6", proofs=[shared, evidence(case, cast, kind="electronic", title="备份")])
    ordered(case, cast)
    report(case, cast, fine="4500.00")
    advance(case, "notify", cast.head)
    said = read(case, "penalty_notice")
    assert "来源：现场复制；证明第1、2项违法事实；" in said
    assert "（2）电子数据：备份" in said
    assert "证明第2项违法事实。" in said


@pytest.mark.law("HY-41", "HY-42")
@pytest.mark.parametrize(
    ("region", "cited"),
    [("441621", "第三十二条和《河源市医疗保障基金使用监督管理办法》第四十一条"), ("990121", "第三十二条")],
)
def test_measures_of_a_city_are_cited_where_they_hold_alone(cast, land, provider, region, cited):
    land.county_region.code = region
    land.county_region.save()
    said = read(decided(cast, provider, fine="66000.00", tier="lighter", lenient=["refunded"]), "penalty_decision")
    assert f"依照《中华人民共和国行政处罚法》{cited}的规定，从轻处罚" in said
    assert said.count("河源") == cited.count("河源")


@pytest.mark.law("PL-62", "PL-63", "PP-41")
def test_it_says_what_was_waived_and_what_was_let_pass(cast, provider):
    today = clock.today()
    day = f"{today.year}年{today.month}月{today.day}日"
    case = decided(cast, provider, amount="80000.00", fine="120000.00")
    said = read(case, "penalty_decision")
    notice = case.papers.get(type="penalty_notice")
    assert f"本机关于{day}向你单位送达《行政处罚事先告知书》（{notice.number}）" in said
    assert "陈述、申辩、要求听证的权利" in said
    waived = case.papers.get(type="case_statement_waiver")
    assert f"你单位于{day}书面表示放弃陈述、申辩（《放弃陈述申辩记录》{waived.number}）。" in said
    assert f"你单位于{day}书面表示放弃听证。" in said
    small = read(decided(cast, provider, aggravating=["grave"], tier="heavier", fine="98000.00", amount="50000.00"),
                 "penalty_decision")  # fmt: skip
    assert "听证" not in small


@pytest.mark.law("PL-54")
def test_the_days_of_the_conduct_are_told(cast, provider):
    case = decided(cast, provider)
    for paper in ("correction_order", "investigation_report", *NOTICE_AND_DECISION):
        began, ended = (f"{day.year}年{day.month}月{day.day}日" for day in conduct().values())
        assert f"期间：自{began}至{ended}同一项目重复收费。" in read(case, paper)


@pytest.mark.law("PL-54")
def test_the_conduct_has_its_days_in_order_and_none_ahead(cast, provider, doors):
    case = filed(cast, provider)
    said = {"act": "RG-38.3", "description": "重复收费", "fund": "employee", "amount": "5",
            "evidence": [evidence(case, cast).pk], "period_from": "2024-05-02", "period_to": "2024-05-01"}  # fmt: skip
    doors.mistake(case, "establish_fact", cast.officer, said, field="period_to")
    doors.mistake(case, "establish_fact", cast.officer, {**said, "period_to": "2099-01-01"}, field="period_to")
    doors.mistake(case, "establish_fact", cast.officer, {**said, "period_from": ""}, field="period_from")


@pytest.mark.law("PP-41", "PL-45")
@pytest.mark.parametrize(
    ("accepted", "answer", "told"),
    [
        ("no", "不予采纳。理由不成立。", "提出：不服。不予采纳。理由不成立。"),
        ("no", "经复核不予采纳。", "提出：不服。经复核不予采纳。"),
        ("no", "经复核，事实清楚，意见不予采纳。", "提出：不服。经复核，事实清楚，意见不予采纳。"),
        ("no", "金额无误。", "提出：不服。本机关不予采纳：金额无误。"),
        ("yes", "予以采纳", "提出：不服。予以采纳。"),
    ],
)
def test_an_answer_says_once_whether_it_accepts(cast, provider, accepted, answer, told):
    case = served(cast, provider)
    advance(case, "record_statement", cast.officer, made_on=clock.today(), made_by="院长", text="不服", points="不服。",
            on_paper=True)  # fmt: skip
    waive(case, cast)
    (point,) = statements_of(case)[0].points.all()
    advance(case, "answer_statement", cast.officer, rechecked="重新核对了明细。",
            **{f"answer_{point.pk}": answer, f"accepted_{point.pk}": accepted})  # fmt: skip
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    decide(case, cast)
    assert told in read(case, "penalty_decision")


@pytest.mark.law("PL-59")
def test_every_sentence_has_one_stop(cast, provider):
    case = decided(cast, provider)
    for paper in ("correction_order", "investigation_report", *NOTICE_AND_DECISION):
        said = read(case, paper)
        assert not [twice for twice in ("。。", "；。", "。；", "：：", "，。") if twice in said]
    today = clock.today()
    taken = f"{today.year}年{today.month}月{today.day}日取得，来源：现场复制"
    assert f"（1）书证：清单60000.00RG-38.3，{taken}；证明上述违法事实。" in read(case, "penalty_decision")


@pytest.mark.law("HY-41", "HY-42", "PL-32", "DS-2")
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"fine": "90000.00"}, "给予一般处罚，罚款幅度为78,000.00元至102,000.00元。"),
        (
            {"fine": "66000.00", "tier": "lighter", "lenient": ["refunded"]},
            "依照《中华人民共和国行政处罚法》第三十二条的规定，从轻处罚，罚款幅度为60,000.00元至78,000.00元。",
        ),
        (
            {"fine": "110000.00", "tier": "heavier", "aggravating": ["grave"]},
            "行政处罚裁量权办法》的规定，从重处罚，罚款幅度为102,000.00元至120,000.00元。",
        ),
    ],
)
def test_it_says_why_so_much(cast, provider, given, why):
    case = decided(cast, provider, **given)
    said = read(case, "penalty_decision")
    assert "依据《监管条例》第三十八条第（三）项，应当处造成损失金额1倍以上2倍以下的罚款。" in said
    assert why in said
    times = f"{float(given['fine']) / 60000:.2f}".rstrip("0")
    about = "约" if given["fine"] == "110000.00" else ""
    assert f"（{about}为造成损失金额的{times}倍）" in said
