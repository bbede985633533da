"""Nothing a program says is dropped in silence: an unknown field, parameter, page or value is refused by its name."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.throttling import UserRateThrottle

from supervision.api.urls import _router
from supervision.parties.models import Redress
from supervision.procedure.models import Event
from supervision.records.models import Evidence
from tests.api.test_money_api import owed, paid  # noqa: F401

pytestmark = pytest.mark.django_db
API = "/api/v1"
LISTS = sorted(prefix for prefix, _view, _name in _router().registry if prefix != "credit")
CREATES = {
    "breaches": "clerk",
    "agreements": "clerk",
    "leads": "officer",
    "inspection-tasks": "officer",
    "plans": "city_officer",
    "cases": "officer",
    "claim-imports": "officer",
    "screening-runs": "officer",
    "staff": "admin",
    "remedies": "admin",
    "offices": "admin",
    "accounts": "admin",
}
READERS = {"staff": "admin", "reveals": "head"}
ABSURD = ["-1", "99999999999999999999999", "1e999", "9999-99-99", "\x00", "x" * 10_000]


def refused(answer, name, status=422):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert {"type", "title", "status"} <= set(told)
    assert name in told["errors"], told
    return told["errors"][name]


@pytest.mark.parametrize("prefix", CREATES)
def test_a_field_nobody_reads_is_refused_by_its_name(calls, cast, prefix):
    client = calls(getattr(cast, CREATES[prefix]))
    (told,) = refused(client.post(f"{API}/{prefix}/", {"colour": "red"}, format="json"), "colour")
    assert re.search("没有这个名称的字段", told)
    refused(client.post(f"{API}/{prefix}/", {"colour": "red"}, format="multipart"), "colour")
    file = SimpleUploadedFile("a.txt", b"a")
    refused(client.post(f"{API}/{prefix}/", {"attached": file}, format="multipart"), "attached")


def test_a_step_takes_no_field_it_has_not(calls, cast, errand):
    client, at = calls(cast.clerk), f"{API}/dossiers/{errand.pk}/steps/tell/"
    sent = {"told_on": "2026-10-09", "tolld_by": "x"}
    (told,) = refused(client.post(at, sent, format="json"), "tolld_by")
    assert "told_on" in told
    refused(client.post(at, {**sent, "told_on": "soon"}, format="json"), "told_on")
    refused(client.post(at, sent, format="multipart"), "tolld_by")
    assert not Event.objects.filter(dossier=errand, verb="tell").exists()
    for _again in range(2):
        key = {"HTTP_IDEMPOTENCY_KEY": "once"}
        assert client.post(at, {"told_on": "2026-10-09"}, format="json", **key).status_code == 200


def test_what_is_done_to_a_claim_or_a_file_takes_no_other_field(calls, cast, errand, owed):  # noqa: F811
    at = f"{API}/receivables/{owed.pk}/"
    money = calls(cast.finance)
    refused(money.post(f"{at}receipts/", paid(currency="CNY"), format="json"), "currency")
    assert not owed.receipts.exists()
    receipt = money.post(f"{at}receipts/", paid(), format="json").json()["id"]
    refused(money.post(f"{at}receipts/{receipt}/reversal/", {"reason": "录错", "x": 1}, format="json"), "x")
    head = calls(cast.agency_head)
    for path in ("plan", "cancellation"):
        refused(head.post(f"{at}{path}/", {"reason": "困难", "x": 1}, format="json"), "x")
    clerk = calls(cast.clerk)
    refused(clerk.post(f"{API}/dossiers/{errand.pk}/export/", {"as": "zip"}, format="json"), "as")
    refused(clerk.post(f"{API}/evidence/", {"dossier": errand.pk, "titel": "x"}, format="json"), "titel")
    assert not Evidence.objects.exists()
    entry = Redress.objects.first()
    refused(calls(cast.admin).post(f"{API}/remedies/{entry.pk}/end/", {"x": 1}, format="json"), "x")
    staff = f"{API}/staff/{cast.clerk.user.pk}/acts/reset-password/"
    refused(calls(cast.admin).post(staff, {"x": 1}, format="json"), "x")


@pytest.mark.parametrize("prefix", LISTS)
def test_a_list_refuses_what_it_does_not_know_and_never_breaks(calls, cast, prefix):
    client = calls(getattr(cast, READERS.get(prefix, "officer")))
    at = f"{API}/{prefix}/"
    assert client.get(at).status_code == 200
    (told,) = refused(client.get(at, {"colour": "red"}), "colour", 400)
    known = re.split("[、。：]", told)
    assert "cursor" in known
    for name in filter(str.isascii, filter(None, known)):
        for value in ABSURD:
            answer = client.get(at, {name: value})
            assert answer.status_code in (200, 422), (name, value[:20], answer.content)
            if answer.status_code == 422:
                assert name in answer.json()["errors"] or "__all__" in answer.json()["errors"]
    for name, value in (("page_size", "0"), ("page_size", "201"), ("page_size", "many"), ("cursor", "nowhere")):
        refused(client.get(at, {name: value}), name)


@pytest.mark.parametrize("day", ["9999-99-99", "soon", "2026-02-30", "\x00"])
def test_a_day_that_is_none_is_refused(calls, cast, errand, day):
    refused(calls(cast.clerk).get(f"{API}/dossiers/", {"opened_after": day}), "opened_after")


def test_one_matter_takes_no_parameters(calls, cast, errand):
    client = calls(cast.clerk)
    for path in ("", "steps/", "events/"):
        refused(client.get(f"{API}/dossiers/{errand.pk}/{path}", {"colour": "red"}), "colour", 400)
    assert client.get(f"{API}/dossiers/{errand.pk}/events/", {"page_size": "5"}).status_code == 200


def test_a_rule_that_holds_is_not_told_in_the_words_of_its_refusal(calls, cast, errand):
    client = calls(cast.clerk)
    client.post(f"{API}/dossiers/{errand.pk}/steps/tell/", {"told_on": "2026-10-09"}, format="json")
    offers = client.get(f"{API}/dossiers/{errand.pk}/steps/").json()
    met = [rule for offer in offers for rule in offer["met"]]
    assert all(set(rule) == {"rule", "law"} for rule in met)


CHINESE = re.compile("[一-鿿]")
ENGLISH = re.compile(r"[A-Za-z]{4,} [a-z]{2,}")


def test_every_refusal_is_in_chinese(calls, cast, errand, owed, monkeypatch):  # noqa: F811
    """Whatever the software under us says by itself in English, a caller of the city reads Chinese."""
    client, at = calls(cast.clerk), f"{API}/dossiers/{errand.pk}/"
    client.credentials(HTTP_ACCEPT_LANGUAGE="zh")
    tell = f"{at}steps/tell/"
    answers = {
        "json": client.post(tell, "{", content_type="application/json"),
        "list": client.post(tell, [1], format="json"),
        "type": client.post(tell, "a", content_type="text/plain"),
        "boundary": client.post(tell, "a", content_type="multipart/form-data"),
        "method": client.delete(at),
        "accept": client.get(at, HTTP_ACCEPT="text/html"),
        "none": client.get(f"{API}/dossiers/0/"),
        "day": client.post(tell, {"told_on": "soon"}, format="json"),
        "missing": client.post(tell, {}, format="json"),
        "null": client.post(tell, {"told_on": "2026-10-09", "note": "\x00"}, format="json"),
        "key": client.post(tell, {}, format="json", HTTP_IDEMPOTENCY_KEY="k" * 200),
        "tag": client.post(tell, {}, format="json", HTTP_IF_MATCH="x"),
        "cursor": client.get(f"{API}/dossiers/", {"cursor": "x"}),
        "date": client.get(f"{API}/dossiers/", {"opened_after": "x"}),
        "number": client.get(f"{API}/receivables/", {"dossier": "x"}),
        "place": client.get(at, HTTP_X_ACTING_AT="nowhere"),
        "token": type(client)().get(at, HTTP_AUTHORIZATION="Bearer x"),
        "form": calls(cast.officer).post(f"{API}/claim-imports/", {"file": "x"}, format="json"),
        "run": calls(cast.officer).post(f"{API}/screening-runs/", {"rules": ["x"], "months": ["x"]}, format="json"),
        "reveal": calls(cast.officer).post(f"{API}/reveals/", {"field": "x", "id": 1}, format="json"),
        "party": calls(cast.officer).post(f"{API}/cases/", {"subject": "x", "officers": ["a"]}, format="json"),
    }
    answers["stranger"] = type(client)().get(at)
    monkeypatch.setattr(UserRateThrottle, "rate", "1/min", raising=False)
    cache.clear()
    for _again in range(2):
        answers["often"] = client.get(at)
    assert answers["often"].status_code == 429
    for name, answer in answers.items():
        assert answer.status_code >= 400, (name, answer.status_code)
        told = answer.json()
        errors = [line for lines in told.get("errors", {}).values() for line in lines]
        words = [told["title"], told.get("detail", ""), *errors]
        assert CHINESE.search(told["title"]), (name, told)
        for line in words:
            assert not ENGLISH.search(line), (name, told)
