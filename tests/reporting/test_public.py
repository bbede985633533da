"""The public site tells what the law has published, and nothing of anybody's person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from enforcement.models import EnforcementCase
from enforcement.services import propose_case
from supervision.law.catalogue import cite, rule
from supervision.parties.models import InsuredPerson
from supervision.procedure import clock
from supervision.procedure.seals import seal
from supervision.procedure.services import advance
from tests.case_stage import performing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def decided(cast, subject, published_on):
    """A case with its outcome set at once: how it comes about is tested where cases are."""
    case = propose_case(
        cast.officer, title="示例案", subject=subject, cause="示例", discovered_on=clock.today(),
        officers=[cast.officer.user, cast.second_officer.user],
    )  # fmt: skip
    EnforcementCase.objects.filter(pk=case.pk).update(
        outcome="penalty", fine=Decimal("20000.00"), decided_on=clock.today(), published_on=published_on,
        digest="违反规定收费，处以罚款。",
    )  # fmt: skip
    return case


@pytest.mark.law("HY-43")
def test_published_decisions_are_open_to_everyone_and_others_to_nobody(client, cast, provider):
    shown = decided(cast, provider, clock.today())
    hidden = decided(cast, provider, None)
    still_to_come = decided(cast, provider, clock.today() + timedelta(days=1))
    for name in ("home", "penalties", "penalties-json"):
        answer = client.get(reverse(f"public:{name}"))
        assert answer.status_code == 200
        text = answer.content.decode()
        assert shown.number in text
        assert provider.name in text
        assert hidden.number not in text
        assert still_to_come.number not in text


@pytest.mark.law("HY-43")
def test_a_natural_person_is_not_named(client, cast, land):
    person = InsuredPerson.objects.create(kind="insured", code="P0001", name="示例某甲", region=land.county_region)
    decided(cast, person, clock.today())
    (row,) = client.get(reverse("public:penalties-json")).json()["results"]
    assert row["party"] is None
    assert row["code"] is None
    assert "示例某甲" not in client.get(reverse("public:penalties")).content.decode()


@pytest.mark.law("HY-43", "PP-46")
def test_a_decision_is_told_with_number_cause_basis_content_and_bureau(store, client, cast, provider):
    case = performing(cast, provider)
    EnforcementCase.objects.filter(pk=case.pk).update(cause="群众王某某举报")
    advance(case, "publish", cast.officer, published_on=clock.today(), digest="某医院重复收费被处罚")
    (row,) = client.get(reverse("public:penalties-json")).json()["results"]
    number = case.papers.get(type="penalty_decision").number
    fact = case.standing_facts[0]
    assert (row["decision"], row["code"], row["authority"]) == (number, provider.code, case.authority.name)
    assert row["cause"] == [str(rule(fact.act).text)]
    assert cite(fact.act) in row["basis"]
    assert (row["fine"], row["refund"], row["digest"]) == ("90000.00", "60000.00", "某医院重复收费被处罚")
    page = client.get(reverse("public:penalties")).content.decode()
    sheet = b"".join(client.get(reverse("public:penalties-file", args=["csv"])).streaming_content).decode()
    for said in (number, cite(fact.act), case.authority.name, provider.name):
        assert said in page
        assert said in sheet
    for text in (page, sheet):
        assert "王某某" not in text
        assert not any(officer.user.name in text for officer in (cast.officer, cast.second_officer))
    assert client.get(reverse("public:penalties-file", args=["xlsx"])).status_code == 200


@pytest.mark.law("HY-43", "HY-38")
def test_the_list_is_narrowed_but_no_person_is_found_by_name(client, cast, land, provider):
    decided(cast, provider, clock.today())
    person = InsuredPerson.objects.create(kind="insured", code="P0001", name="示例某甲", region=land.county_region)
    decided(cast, person, clock.today())
    today, tomorrow = clock.today().isoformat(), (clock.today() + timedelta(days=1)).isoformat()
    for query, count in (
        ({}, 2),
        ({"q": "康复"}, 1),
        ({"q": provider.code}, 1),
        ({"q": "某甲"}, 0),
        ({"q": "P0001"}, 0),
        ({"authority": land.county_bureau.code, "since": today, "until": today}, 2),
        ({"since": tomorrow}, 0),
        ({"since": "x"}, 0),
        ({"authority": land.city_bureau.code}, 0),
    ):
        assert client.get(reverse("public:penalties-json"), query).json()["count"] == count, query
        sheet = client.get(reverse("public:penalties-file", args=["csv"]), query)
        told = b"".join(sheet.streaming_content) if sheet.status_code == 200 else sheet.content
        assert told.decode().count("示例案") == 0
        assert len(client.get(reverse("public:penalties"), query).context["results"]) == count, query


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999999999999999999"])
def test_any_page_number_is_answered(client, page):
    assert client.get(reverse("public:penalties"), {"page": page}).status_code == 200
    assert client.get(reverse("public:terminations-json"), {"page": page}).json()["results"] == []


def test_the_newest_seal_is_published(client, lead):
    assert client.get(reverse("public:seal-json")).status_code == 404
    made = seal()
    told = client.get(reverse("public:seal-json")).json()
    assert (told["number"], told["hash"]) == (made.number, made.hash)
    assert made.hash in client.get(reverse("public:home")).content.decode()


def test_a_page_is_computed_once_a_minute(client, cast, provider, django_assert_num_queries):
    decided(cast, provider, clock.today())
    client.get(reverse("public:penalties-json"))
    with django_assert_num_queries(0):
        client.get(reverse("public:penalties-json"))


def test_filters_that_make_no_sense_are_said_on_page_and_file(client):
    turned = {"since": "2026-03-02", "until": "2026-03-01"}
    assert "截止日期不得早于起始日期" in client.get(reverse("public:penalties"), turned).content.decode()
    for query in (turned, {"since": "abc"}):
        answer = client.get(reverse("public:penalties-file", args=["csv"]), query)
        assert answer.status_code == 422
        assert answer.content.decode()
