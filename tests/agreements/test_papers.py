"""What the party reads in the decision on a breach: where to pay, where to contest it, and how it is spoken to."""

from datetime import timedelta

import pytest

from agreements.breaches.services import register_breach
from funds.accounts import end_account
from funds.models import Account
from supervision.parties.models import Office, Redress
from supervision.parties.roles import Role
from supervision.parties.services.redress import end_redress, set_office
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.models import Paper
from supervision.records.paper_types import paper_type
from supervision.records.typeset import render
from tests.breach_stage import ago, decide, discuss, ready_to_terminate, recover, registered, serve, silent
from tests.cast import person
from tests.minutes import minutes
from tests.reading import words

pytestmark = [pytest.mark.law("HY-25"), pytest.mark.usefixtures("store")]


def read(case, paper_type):
    return words(case.papers.filter(type=paper_type).last())


@pytest.mark.law("HY-47", "RM-1", "RM-2")
def test_the_decision_names_bureau_organ_court_and_account(cast, provider, agreement):
    case = silent(cast, provider)
    decide(case, cast)
    said = read(case, "breach_decision")
    assert "可以与本单位协商，或者请求甲县医疗保障局协调处理。" in said
    assert "60日内向甲县人民政府申请行政复议" in said
    assert "6个月内依法向甲县人民法院提起行政诉讼" in said
    assert "职工基本医疗保险基金1,200.00示例·甲县财政局示例银行甲县支行99012100000" in said
    assert "你单位违反医疗保障服务协议" in said
    assert "（你）" not in said


def test_where_nothing_is_owed_no_account_is_named(cast, provider, agreement):
    case = silent(cast, provider, {"measures": ["suspend_agreement"], "months": "2"})
    discuss(case, "deliberate", cast.agency_head)
    decide(case, cast)
    said = read(case, "breach_decision")
    assert "账号" not in said
    assert "财政专户" not in said


def test_a_termination_is_contested_where_the_city_agency_is(cast, provider, agreement):
    case = ready_to_terminate(cast, provider)
    decide(case, cast, "decide_termination", cast.city_agency_head)
    assert "向示例市人民政府申请行政复议" in read(case, "breach_decision")


@pytest.mark.parametrize(
    ("missing", "end", "reason"),
    [(Redress, end_redress, "remedies_known"), (Account, end_account, "accounts_known")],
)
def test_without_them_nothing_is_decided(cast, provider, agreement, doors, missing, end, reason):
    case = silent(cast, provider)
    today = clock.today()
    for row in missing.objects.all():
        end(cast.system, row, last=today - timedelta(days=1), reason="撤并", today=today)
    said = {"decided_on": case.opened_at.date(), "decision_text": "违约事实清楚。", "pay_by": "2099-01-01"}
    doors.refuse(case, "decide", cast.agency_head, said, by=reason)


def test_a_person_is_spoken_to_as_one(cast, provider, agreement, physician):
    with ago(20):
        case = register_breach(
            cast.clerk, provider=provider, practitioner=physician, title="示例违约", facts_text="出借处方权。",
            basis="服务协议第三十条。", second_officer=cast.auditor.user,
        )  # fmt: skip
        advance(case, "choose_measures", cast.clerk, measures=["interview"], practitioners=[physician])
        advance(case, "issue_notice", cast.clerk)
        serve(case, "serve_notice", cast.clerk)
    said = read(case, "breach_notice")
    assert "经查，你在履行" in said
    assert "你有权在收到本文书之日起" in said
    assert "你单位" not in said


@pytest.mark.law("HY-22")
def test_a_notice_says_where_to_come_and_cites_local_measures_where_they_hold(cast, land, provider, agreement, doors):
    case = registered(cast, provider)
    Office.objects.filter(authority=land.county_agency).delete()
    doors.refuse(case, "issue_notice", cast.clerk, by="office_known")
    told = {"address": "甲县社保路5号", "contact": "稽核科", "phone": "0999-7"}
    set_office(cast.system, land.county_agency, **told, begins=clock.today(), today=clock.today())
    advance(case, "issue_notice", cast.clerk)
    said = read(case, "breach_notice")
    assert "联系地址：甲县社保路5号；联系部门（联系人）：稽核科；联系电话：0999-7。" in said
    assert "河源" not in said
    land.county_region.code = "441621"
    land.county_region.save()
    advance(registered(cast, provider), "issue_notice", cast.clerk)
    newest = Paper.objects.filter(type="breach_notice").last()
    assert "依照《河源市医疗保障基金使用监督管理办法》第二十二条享有陈述、申辩的权利。" in words(newest)


@pytest.mark.law("HY-21")
def test_the_minutes_have_each_ones_words_and_lines_to_sign_on(cast, land, provider, agreement):
    case = silent(cast, provider, recover("80000"))
    deputy = person("deputy", land.county_agency, Role.AGENCY_HEAD).user
    told = minutes(
        [cast.agency_head.user, deputy], abstained=1, heard=[cast.auditor.user.pk], recorder=cast.clerk.user.pk
    )
    advance(case, "deliberate", cast.agency_head, **told)
    said = read(case, "deliberation_minutes")
    assert f"参加人员{deputy.name}事实尚须核对。弃权" in said
    assert "三楼会议室" in said
    assert "80,000.00" in said
    signing = said.partition("签名确认。")[2]
    for one in (cast.agency_head.user, deputy, cast.auditor.user, cast.clerk.user):
        assert one.name in signing
    paper = case.papers.get(type="deliberation_minutes")
    earlier = ("votes", "place", "begun_at", "ended_at", "parts", "subject", "heard", "local")
    facts = {name: value for name, value in paper.facts.items() if name not in earlier}
    assert render(paper_type(paper.type).path, facts, clock.now()).startswith(b"%PDF")


@pytest.mark.law("HY-21")
def test_minutes_that_were_not_carried_say_so_and_put_no_words_in_a_mouth(cast, land, provider, agreement):
    case = silent(cast, provider, recover("80000"))
    deputies = [person(f"deputy{n}", land.county_agency, Role.AGENCY_HEAD).user for n in range(2)]
    told = minutes([cast.agency_head.user, *deputies], against=2, resolution="同意追回。")
    advance(case, "deliberate", cast.agency_head, **told)
    said = read(case, "deliberation_minutes")
    assert "讨论结果：未通过" in said
    assert "讨论决定" not in said
    assert "同意拟处理意见" not in said
    assert f"{cast.agency_head.user.name}无补充意见同意" in said
