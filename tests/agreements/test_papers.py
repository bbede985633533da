"""What the party reads in the decision on a breach: where to pay, where to contest it, and how it is spoken to."""

import pytest

from agreements.breaches.services import register_breach
from funds.models import Account
from supervision.parties.models import Redress
from supervision.procedure.services import advance
from tests.breach_stage import ago, decide, ready_to_terminate, serve, silent
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


def test_a_termination_is_contested_where_the_city_agency_is(cast, provider, agreement):
    case = ready_to_terminate(cast, provider)
    decide(case, cast, "decide_termination", cast.city_agency_head)
    assert "向示例市人民政府申请行政复议" in read(case, "breach_decision")


@pytest.mark.parametrize(("missing", "reason"), [(Redress, "remedies_known"), (Account, "accounts_known")])
def test_without_them_nothing_is_decided(cast, provider, agreement, doors, missing, reason):
    case = silent(cast, provider)
    missing.objects.all().delete()
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
