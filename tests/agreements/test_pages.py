"""Pages of agreements, breaches, money and credit: within the jurisdiction, no queries per row, refusals in words."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Agreement, BreachCase
from funds.models import Receipt
from inspections.models import Lead
from supervision.procedure import clock
from supervision.procedure.services import advance
from tests.breach_stage import (
    SMALL,
    answer_all,
    applied,
    discuss,
    executing,
    recover,
    registered,
    served,
    silent,
    state_it,
    terminated,
    terminating,
)


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def at(client):
    """`at(actor)`: a browser in which that person is signed in."""

    def of(actor):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return of


def page(dossier):
    return reverse("web:dossier", args=[dossier.pk])


def step(dossier, name):
    return reverse("web:step", args=[dossier.pk, name])


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


BREACHES, AGREEMENTS, MONEY = "/breaches/", "/agreements/", "/money/"


def test_the_lists_stay_within_the_jurisdiction(cast, agreement, provider, at):
    case = executing(cast, provider, recover("60000"))
    for actor, seen in ((cast.clerk, True), (cast.officer, True), (cast.city_clerk, True), (cast.twin_clerk, False)):
        for url, word in ((BREACHES, case.number), (AGREEMENTS, agreement.number), (MONEY, "60,000.00")):
            assert (word in text(at(actor).get(url))) is seen, (actor, url)
    assert at(cast.twin_clerk).get(page(case)).status_code == 404
    assert at(cast.twin_clerk).get(reverse("funds:receivable", args=[case.receivables.get().pk])).status_code == 404


def test_lists_cost_the_same_however_long_they_are(cast, agreement, provider, at):
    executing(cast, provider, recover("60000"))
    client = at(cast.clerk)

    def queries(url):
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as told:
            client.get(url)
        return len(told)

    before = {url: queries(url) for url in (BREACHES, AGREEMENTS, MONEY, "/credit/")}
    for _more in range(3):
        executing(cast, provider, recover("70000"))
    assert {url: queries(url) for url in before} == before


@pytest.mark.law("HY-18")
def test_a_clerk_registers_a_breach_and_chooses_measures_on_pages(cast, agreement, provider, at):
    client = at(cast.clerk)
    assert "register" in client.get(BREACHES).content.decode()
    wrong = client.post("/breaches/new/", {"title": "示例违约", "facts_text": "多收费。"})
    assert wrong.status_code == 422
    assert "示例违约" in wrong.content.decode()
    said = {"provider": provider.pk, "title": "示例违约", "facts_text": "多收费。", "basis": "第三十条"}
    answer = client.post("/breaches/new/", said)
    case = BreachCase.objects.get()
    assert answer.url == page(case)
    assert (case.breached_agreement, case.state) == (agreement, "registered")
    shown = client.get(step(case, "choose_measures"))
    assert 'name="amounts-recover-employee"' in shown.content.decode()
    wrong = client.post(step(case, "choose_measures"), {"measures": ["recover"], "amounts-recover-employee": "十元"})
    assert wrong.status_code == 422
    assert "十元" in wrong.content.decode()
    client.post(step(case, "choose_measures"), {"measures": ["recover"], "amounts-recover-employee": "1200.50",
                                                  "fees_found": "1200.50"})  # fmt: skip
    assert BreachCase.objects.get().amounts == {"recover": {"employee": Decimal("1200.50")}}
    assert at(cast.officer).get("/breaches/new/").status_code == 404


@pytest.mark.law("HY-19")
def test_the_length_of_a_suspension_is_told_beside_the_field_in_the_words_of_the_article(cast, agreement, provider, at):
    case = registered(cast, provider)
    answer = at(cast.clerk).post(step(case, "choose_measures"), {"measures": ["suspend_agreement"], "months": "9"})
    assert answer.status_code == 422
    assert "《河源办法》第十九条" in answer.content.decode()
    assert BreachCase.objects.get().planned[0].kind == "recover"


@pytest.mark.law("HY-21")
def test_a_blocked_decision_is_shown_with_its_reason_and_refused_when_posted(cast, agreement, provider, at):
    case = silent(cast, provider, recover("50000"))
    client = at(cast.agency_head)
    assert "须先经本经办机构集体讨论通过" in text(client.get(page(case)))
    answer = client.post(step(case, "decide"), {"decision_text": "清楚。", "pay_by": clock.today().isoformat()})
    assert answer.status_code == 409
    assert "清楚。" in answer.content.decode()
    assert BreachCase.objects.get().state == "reexamined"
    discuss(case, "deliberate", cast.agency_head)
    client.post(step(case, "decide"), {"decision_text": "清楚。", "pay_by": clock.today().isoformat()})
    assert BreachCase.objects.get().state == "decided"


@pytest.mark.law("HY-22")
def test_the_provider_sees_its_case_only_once_served_and_speaks_there(cast, agreement, provider, at):
    case = registered(cast, provider)
    assert at(cast.hospital).get(page(case)).status_code == 404
    case = served(cast, provider, days_ago=1)
    client = at(cast.hospital)
    shown = text(client.get(page(case)))
    assert "多收取检查费用" in shown
    assert "登记集体讨论" not in shown
    said = {
        "made_on": clock.today().isoformat(),
        "made_by": "示例负责人",
        "text": "不同意。",
        "points": "没有多收\n有误",
    }
    client.post(step(case, "make_statement"), said)
    assert case.statements.get().points.count() == 2
    assert "没有多收" in text(client.get(page(case)))
    assert case.number in text(client.get(BREACHES))


@pytest.mark.law("HY-22")
def test_the_record_page_tells_points_answers_discussions_and_money(cast, agreement, provider, at):
    case = executing(cast, provider, recover("60000"))
    shown = text(at(cast.clerk).get(page(case)))
    for word in ("60,000.00", "职工基本医疗保险基金", "期满未陈述申辩，视为放弃", "通过", "未结清"):
        assert word in shown, word
    other = served(cast, provider, days_ago=1)
    state_it(other, cast.hospital)
    assert "待答复" in text(at(cast.clerk).get(page(other)))
    answer_all(other, cast.clerk, accepted="yes")
    assert "已核对明细。" in text(at(cast.clerk).get(page(other)))
    assert "已核对明细。" not in text(at(cast.hospital).get(page(other)))


def test_a_measure_of_money_tells_what_is_outstanding_and_not_that_it_is_done(cast, agreement, provider, at):
    case = executing(cast, provider, recover("60000"))
    assert "已缴 0.00，尚欠 60,000.00" in text(at(cast.clerk).get(page(case)))


@pytest.mark.law("HY-47")
def test_money_is_recorded_refused_and_taken_back_on_pages(cast, agreement, provider, at):
    case = executing(cast, provider, recover("1000"))
    owed = case.receivables.get()
    client = at(cast.finance)
    here = reverse("funds:receivable", args=[owed.pk])
    said = {"amount": "400", "route": "treasury", "fund": "", "paid_on": clock.today().isoformat(), "voucher": "V1"}
    refused = client.post(reverse("funds:receipt", args=[owed.pk]), said)
    assert refused.status_code == 422
    assert "基金财政专户（职工基本医疗保险基金）" in refused.content.decode()
    assert (
        client.post(reverse("funds:receipt", args=[owed.pk]), said | {"route": "fiscal", "fund": "employee"}).url
        == here
    )
    receipt = Receipt.objects.get()
    assert "600.00" in text(client.get(here))
    client.post(reverse("funds:take-back", args=[receipt.pk]), {"reason": "录入错误。"})
    assert "冲销分录" in text(client.get(here))
    assert at(cast.officer).post(reverse("funds:receipt", args=[owed.pk]), said).status_code == 404
    assert at(cast.hospital).get(here).status_code == 200


@pytest.mark.law("PP-53")
def test_a_plan_with_a_wrong_line_keeps_what_was_typed(cast, agreement, provider, at):
    owed = executing(cast, provider, recover("1000")).receivables.get()
    client = at(cast.agency_head)
    url = reverse("funds:plan", args=[owed.pk])
    wrong = client.post(url, {"instalments": "明年 一千", "reason": "困难"})
    assert wrong.status_code == 422
    assert "明年 一千" in wrong.content.decode()
    day = clock.today() + timedelta(days=20)
    client.post(url, {"instalments": f"{day} 400\n{day + timedelta(days=30)} 600.00", "reason": "困难"})
    assert owed.plans.get().instalments.count() == 2


@pytest.mark.law("HY-20")
def test_an_application_under_the_bar_is_refused_on_the_page_in_words(cast, agreement, provider, at):
    terminated(cast, provider)
    answer = at(cast.city_clerk).post("/agreements/new/", {"provider": provider.pk})
    assert answer.status_code == 422
    assert "《河源办法》第二十条" in answer.content.decode()
    assert Agreement.objects.count() == 1
    shown = text(at(cast.city_clerk).get(page(agreement)))
    assert "依服务协议约定应当解除" in shown
    assert "禁签期至" in text(at(cast.clerk).get(reverse("web:party", args=[provider.pk])))


@pytest.mark.law("HY-18", "HY-24")
def test_a_report_to_the_bureau_opens_a_lead_there_once(cast, agreement, provider, at, land):
    case = registered(cast, provider, SMALL)
    at(cast.clerk).post(step(case, "report_to_bureau"), {"suspected": "涉嫌重复收费骗取基金。"})
    lead = Lead.objects.get()
    assert (lead.authority, lead.subject_id, lead.origin_id) == (land.county_bureau, provider.pk, case.pk)
    assert at(cast.clerk).post(step(case, "report_to_bureau"), {"suspected": "再报。"}).status_code == 409
    assert lead.number in text(at(cast.officer).get(page(lead)))


def test_every_point_of_a_score_is_explained_and_evaluated_by_the_bureau_only(cast, agreement, provider, at):
    executing(cast, provider, recover("60000"))
    url = reverse("credit:party", args=[provider.pk])
    assert "95" in text(at(cast.clerk).get(url))
    assert at(cast.clerk).post(reverse("credit:evaluate", args=[provider.pk])).status_code == 404
    at(cast.officer).post(reverse("credit:evaluate", args=[provider.pk]))
    shown = text(at(cast.officer).get("/credit/"))
    assert provider.name in shown
    assert "逐分说明" in text(at(cast.officer).get(url))
    assert at(cast.twin_clerk).get(url).status_code == 404


def test_no_english_code_or_article_id_is_left_on_a_chinese_page(cast, agreement, provider, at):
    case = silent(cast, provider, terminating())
    owed = executing(cast, provider, recover("10")).receivables.get()
    waiting = applied(cast, provider)
    pages = [page(case), page(agreement), page(waiting), reverse("funds:receivable", args=[owed.pk]), BREACHES, MONEY,
             "/breaches/new/", step(case, "refer_to_city"), reverse("credit:party", args=[provider.pk])]  # fmt: skip
    for url in pages:
        shown = text(at(cast.clerk).get(url))
        left = set(re.findall(r"\b(?:HY|DM|CE|PP|EL)-\d+|\b[a-z]{4,}(?: [a-z]+)+", shown))
        assert not left, (url, left)


def test_the_county_bureau_agrees_on_the_page(cast, agreement, provider, at):
    case = executing(cast, provider)
    at(cast.officer).post(step(case, "agree_to_decision"), {"opinion": "同意。"})
    assert "审核同意" in text(at(cast.officer).get(page(case))) or BreachCase.objects.get().review_agreed
    advance(case, "file_with_city", cast.clerk)
    assert BreachCase.objects.get().filed_on == clock.today()


def test_a_county_sees_the_citys_agreements_with_its_own_providers_only(cast, agreement, provider, at):
    for actor, status in ((cast.clerk, 200), (cast.officer, 200), (cast.twin_clerk, 404), (cast.twin_officer, 404)):
        assert at(actor).get(page(agreement)).status_code == status, actor


def test_the_handling_of_a_breach_has_one_name(cast, land, provider, at):
    """As the rail calls it, so the matter, its list and its page do (the word of the field is 违约处理)."""
    case = registered(cast, provider)
    assert {str(case.procedure.label), str(BreachCase._meta.verbose_name)} == {"违约处理"}
    for address in (page(case), reverse("agreements:breaches")):
        assert "违约案件" not in at(cast.clerk).get(address).content.decode()
