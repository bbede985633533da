"""The law pages: everyone reads, the authority's administrator sets, the record shows who did what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from supervision.law.coverage import coverage
from supervision.law.models import DatedSetting
from supervision.law.services import set_value
from supervision.law.values import period
from supervision.parties.roles import Role
from tests.cast import person

pytestmark = pytest.mark.django_db
NUMBER = "/law/HY-22/statement/"
PROVISIONAL = '<span class="tag warn">暂定</span>'


def signed_in(actor):
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def clerk(cast):
    return signed_in(cast.clerk)


@pytest.fixture
def admin(cast):
    return signed_in(cast.admin)


def facts(**changes):
    given = {
        "value": "7",
        "effective_from": str(timezone.localdate()),
        "effective_to": "",
        "article_note": "市局〔2026〕3号",
        "reason": "统一期限",
    }
    return {**given, **changes}


@pytest.mark.parametrize(
    "address",
    ["/law/", "/law/?q=集体讨论&source=", "/law/?state=open", "/law/HY-22/", "/law/IR-2/", "/law/numbers/", NUMBER,
     "/law/numbers/?state=unconfirmed", "/workdays/2026/", "/workdays/2031/"],
)  # fmt: skip
def test_everyone_with_a_post_reads_the_law(cast, address):
    for actor in (cast.clerk, cast.hospital, cast.admin, cast.head):
        assert signed_in(actor).get(address).status_code == 200


def test_who_upholds_a_rule_is_told_in_words_before_the_name_in_the_code(clerk):
    shown = clerk.get("/law/HY-50/").content.decode()
    row = shown.split("落实位置")[1].split("<tbody>")[1]
    words, name = row.split("<code>")[:2]
    assert name.startswith("supervision.law.values.value<") or "supervision.law.values.value</code>" in row
    assert 'class="lead">' in words
    assert all(each.label for found in coverage().values() for each in found.enforcers)


@pytest.mark.parametrize("address", ["/law/HY-99/", "/law/HY-22/nothing/", "/law/hy-22/", "/workdays/1999/"])
def test_what_is_not_there_is_not_found(clerk, address):
    assert clerk.get(address).status_code == 404


def test_nobody_reads_without_signing_in(client):
    assert client.get("/law/").status_code == 302


def test_the_catalogue_opens_on_the_governing_text_and_searches_everywhere(clerk):
    opened = clerk.get("/law/").content.decode()
    assert "《河源办法》第二十二条" in opened
    assert "《监管条例》" not in opened
    found = clerk.get(
        "/law/", {"q": "追溯码 罚款"}, headers={"HX-Request": "true", "HX-Target": "rules"}
    ).content.decode()
    assert "《实施细则》要点二" in found
    assert "<html" not in found


def test_a_rule_shows_its_numbers_and_what_upholds_it(clerk):
    page = clerk.get("/law/HY-22/").content.decode()
    assert "5 个工作日" in page
    assert "tests.toy.procedure.ErrandProcedure" in page


def test_an_administrator_sets_a_number_for_the_own_authority(admin, cast, clerk):
    answer = admin.post(f"{NUMBER}set/", facts(), follow=True)
    assert answer.redirect_chain
    row = DatedSetting.objects.get()
    assert (row.scope, row.set_by) == (cast.admin.authority.code, str(cast.admin.user))
    page = clerk.get(NUMBER).content.decode()
    assert "7 个工作日" in page
    assert "示例市医疗保障局" in page
    assert "统一期限" in page


def test_a_wrong_value_keeps_the_typed_text(admin):
    answer = admin.post(f"{NUMBER}set/", facts(value="5.5", reason="要保留的文字"))
    assert answer.status_code == 422
    assert "要保留的文字" in answer.content.decode()
    assert not DatedSetting.objects.exists()


def test_a_law_minimum_is_said_on_the_page(admin):
    answer = admin.post("/law/HY-17/inpatient_sample/set/", facts(value="4"))
    assert answer.status_code == 422
    assert "5" in answer.content.decode()


@pytest.mark.parametrize("who", ["clerk", "head", "hospital"])
def test_others_cannot_set(cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(f"{NUMBER}set/").status_code == 403
    assert client.post(f"{NUMBER}set/", facts()).status_code == 403
    assert client.post("/workdays/2027/load/", {}).status_code == 403
    assert not DatedSetting.objects.exists()


def test_an_administrator_ends_only_the_own_value(admin, land, cast):
    today = timezone.localdate()
    common = {"key": "HY-22/statement", "value": Decimal(9), "effective_from": today - timedelta(days=30)}
    common |= {"article_note": "依据", "reason": "原因", "set_by": "王五"}
    others = set_value(scope=land.county_bureau.code, **common)
    own = set_value(scope=land.city_bureau.code, **common)
    end = {"effective_to": str(today), "reason": "恢复"}
    assert admin.post(f"{NUMBER}end/{others.pk}/", end).status_code == 404
    assert admin.post(f"{NUMBER}end/{own.pk}/", end).status_code == 302
    own.refresh_from_db()
    assert own.effective_to == today
    assert period("HY-22/statement", scope=land.city_bureau.scope, on=today + timedelta(days=1)).n == 5


def test_a_twin_county_does_not_see_the_others_values(cast, land):
    set_value(
        scope=land.twin_bureau.code, key="HY-22/statement", value=Decimal(9), effective_from=date(2026, 1, 1),
        article_note="乙县依据", reason="原因", set_by="王五",
    )  # fmt: skip
    assert "乙县依据" not in signed_in(cast.officer).get(NUMBER).content.decode()
    assert "乙县依据" in signed_in(cast.city_officer).get(NUMBER).content.decode()


def test_pages_cost_a_fixed_number_of_queries(clerk, django_assert_max_num_queries):
    for address in ("/law/", "/law/HY-22/", "/law/numbers/", "/workdays/2026/"):
        clerk.get(address)
        with django_assert_max_num_queries(14):
            clerk.get(address)


YEAR = {
    "notice": "国办发明电〔2026〕9号",
    "holidays": "2027-01-01 ~ 2027-01-03 元旦\n2027-02-05至2027-02-11 Spring Festival",
    "workdays": "2027-01-30 春节",
    "reason": "年度放假安排公布",
}


def test_the_citys_administrator_loads_a_year(admin, clerk):
    assert PROVISIONAL in clerk.get("/workdays/2027/").content.decode()
    assert admin.post("/workdays/2027/load/", YEAR).status_code == 302
    page = clerk.get("/workdays/2027/").content.decode()
    assert PROVISIONAL not in page
    assert "国办发明电〔2026〕9号" in page
    assert "2027-02-05 – 2027-02-11" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"holidays": "2027-02-30 春节"}, "2027-02-30"),
        ({"holidays": "2027-01-03 ~ 2027-01-01 元旦"}, "第1行"),
        ({"holidays": "元旦"}, "第1行"),
        ({"holidays": "2027-01-01 圣诞"}, "圣诞"),
        ({"holidays": "2026-01-01 元旦"}, "2026-01-01"),
        ({"workdays": "2027-01-29 春节"}, "2027-01-29"),
    ],
)
def test_a_notice_that_cannot_be_read_keeps_the_typed_text(admin, clerk, wrong, said):
    answer = admin.post("/workdays/2027/load/", {**YEAR, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert PROVISIONAL in clerk.get("/workdays/2027/").content.decode()


def test_a_county_administrator_does_not_load_the_citys_calendar(land, cast):
    county = person("county_admin", land.county_bureau, Role.SYSTEM_ADMIN)
    assert signed_in(county).post("/workdays/2027/load/", YEAR).status_code == 403


def test_the_form_is_filled_with_the_year_in_force(admin):
    page = admin.get("/workdays/2026/load/").content.decode()
    assert "2026-10-01 ~ 2026-10-07" in page
