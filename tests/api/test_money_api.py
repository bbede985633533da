"""Breaches, receivables and credit over the API; accounts of other systems; no generated request breaks anything."""

import json
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from funds.services import open_receivable
from supervision.parties.models import User
from supervision.procedure import clock
from tests.api.test_dossiers_api import token

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def owed(cast, provider, errand):
    return open_receivable(
        errand, cast.clerk, debtor=provider, kind="refund", amount=Decimal("500.00"),
        due_on=clock.today() + timedelta(days=30), law=["HY-18"], fund="resident",
    )  # fmt: skip


def paid(**given):
    return {
        "amount": "200.00", "route": "fiscal", "fund": "resident", "paid_on": clock.today().isoformat(),
        "voucher": "示例-1", **given,
    }  # fmt: skip


def test_money_is_recorded_to_its_own_fund_alone(calls, cast, owed):
    client, at = calls(cast.finance), f"{API}/receivables/{owed.pk}/"
    assert client.get(f"{API}/receivables/?state=open").json()["results"][0]["outstanding"] == "500.00"
    wrong = client.post(f"{at}receipts/", paid(fund="employee"), format="json")
    assert wrong.status_code == 409
    assert "HY-47" in [one["id"] for one in wrong.json()["law"]]
    assert client.post(f"{at}receipts/", paid(amount="500.01"), format="json").status_code == 409
    assert client.post(f"{at}receipts/", paid(amount="-1"), format="json").status_code == 422
    for _repetition in range(2):
        right = client.post(f"{at}receipts/", paid(), format="json", HTTP_IDEMPOTENCY_KEY="r1")
        assert right.status_code == 201, right.content
    assert client.get(at).json()["outstanding"] == "300.00"
    assert len(client.get(f"{at}receipts/").json()) == 1
    for other in (cast.twin_clerk, cast.admin):
        assert calls(other).post(f"{at}receipts/", paid(), format="json").status_code == 404
    assert calls(cast.city_clerk).post(f"{at}receipts/", paid(voucher="2"), format="json").status_code == 409


def test_a_receipt_is_taken_back_by_its_counter_entry(calls, cast, owed):
    client, at = calls(cast.finance), f"{API}/receivables/{owed.pk}/"
    wrong = client.post(f"{at}receipts/", paid(), format="json").json()
    assert client.post(f"{at}receipts/{wrong['id']}/reversal/", {}, format="json").status_code == 422
    assert client.post(f"{at}receipts/0/reversal/", {"reason": "录错"}, format="json").status_code == 404
    counter = client.post(f"{at}receipts/{wrong['id']}/reversal/", {"reason": "录错"}, format="json")
    assert counter.status_code == 201, counter.content
    assert (counter.json()["amount"], counter.json()["reverses"]) == ("-200.00", wrong["id"])
    assert client.get(at).json()["outstanding"] == "500.00"
    assert calls(cast.twin_clerk).post(f"{at}receipts/{wrong['id']}/reversal/", {}, format="json").status_code == 404


def test_a_payment_is_put_off_in_full_or_not_at_all(calls, cast, owed):
    client, at = calls(cast.agency_head), f"{API}/receivables/{owed.pk}/"
    later = (clock.today() + timedelta(days=60)).isoformat()
    short = client.post(f"{at}plan/", {"instalments": f"{later} 499.99", "reason": "困难"}, format="json")
    assert short.status_code == 409
    assert "PP-53" in [one["id"] for one in short.json()["law"]]
    assert client.post(f"{at}plan/", {"instalments": "明年", "reason": "困难"}, format="json").status_code == 422
    agreed = client.post(f"{at}plan/", {"instalments": f"{later} 500.00", "reason": "困难"}, format="json")
    assert agreed.status_code == 201, agreed.content
    assert agreed.json()["due_on"] == later
    again = {"instalments": [f"{later} 300.00", f"{later} 200.00"], "reason": "困难"}
    assert calls(cast.finance).post(f"{at}plan/", again, format="json").status_code == 409


def test_a_claim_falls_on_a_ground_of_law_alone(calls, cast, owed):
    client, at = calls(cast.agency_head), f"{API}/receivables/{owed.pk}/cancellation/"
    said = {
        "ground": "execution_ended",
        "document": "示例执1号",
        "document_of": clock.today().isoformat(),
        "reason": "终结执行",
    }
    assert client.post(at, said | {"ground": "reversed"}, format="json").status_code == 422
    assert client.post(at, said | {"document": ""}, format="json").status_code == 422
    fallen = client.post(at, said, format="json")
    assert fallen.status_code == 201, fallen.content
    assert fallen.json()["state"] == "cancelled"


def test_a_breach_is_registered_from_the_matter_it_arose_from(calls, cast, provider, errand):
    data = {
        "provider": provider.pk, "title": "示例·超标准收费", "facts_text": "示例事实", "basis": "协议第1条",
        "origin": errand.pk, "second_officer": cast.auditor.user.pk,
    }  # fmt: skip
    made = calls(cast.clerk).post(f"{API}/breaches/", data, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["origin"] == errand.pk
    assert calls(cast.clerk).get(f"{API}/breaches/").json()["results"][0]["id"] == made.json()["id"]
    assert calls(cast.twin_clerk).get(f"{API}/breaches/").json()["results"] == []
    assert calls(cast.twin_clerk).post(f"{API}/breaches/", data, format="json").status_code == 422
    assert calls(cast.finance).post(f"{API}/breaches/", data, format="json").status_code == 409


def test_credit_of_a_party_of_the_region(calls, cast, provider):
    told = calls(cast.officer).get(f"{API}/credit/?party={provider.code}").json()
    assert told["grade"] == "A"
    assert told["events"] == []
    assert calls(cast.twin_officer).get(f"{API}/credit/?party={provider.code}").status_code == 404
    assert calls(cast.officer).get(f"{API}/credit/").status_code == 404


@pytest.fixture
def machine(land, capsys):
    call_command("parties", "machine", "county-files", "--authority", land.county_agency.code, "--role", "agency_clerk")
    told = dict(line.split("=", 1) for line in capsys.readouterr().out.split())
    return told["client_id"], told["client_secret"], User.objects.get(username="county-files")


def test_another_system_works_with_what_the_command_printed_until_renewed(machine, provider, capsys):
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token(machine)}")
    assert client.get(f"{API}/providers/").json()["results"][0]["code"] == provider.code
    call_command("parties", "renew", "county-files")
    assert client.get(f"{API}/providers/").status_code == 401


def test_no_machine_is_an_administrator(land):
    with pytest.raises(CommandError):
        call_command("parties", "machine", "x", "--authority", land.county_agency.code, "--role", "system_admin")
    with pytest.raises(CommandError):
        call_command("parties", "machine", "x", "--authority", "nowhere", "--role", "auditor")


def test_no_generated_request_breaks_anything(machine, cast, owed, lead):
    """A few requests per endpoint, made from the schema, right and wrong ones; the throttle is out of the way."""
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token(machine)}", raise_request_exception=False)
    document = schemathesis.openapi.from_dict(client.get(f"{API}/schema/?format=json").json())
    answered: dict[int, list[str]] = {}

    def ask(case):
        cache.clear()
        sent = case.as_transport_kwargs(base_url="http://testserver")
        path = sent["url"].removeprefix("http://testserver")
        query = urlencode(sent.get("params") or {}, doseq=True)
        body = json.dumps(sent.get("json") or {})
        answer = client.generic(case.method, path, body, content_type="application/json", QUERY_STRING=query)
        answered.setdefault(answer.status_code, []).append(f"{case.method} {path}?{query} {body[:500]}")

    tried = hypothesis.settings(max_examples=2, deadline=None, database=None, derandomize=True,
                                suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip
    for operation in (one.ok() for one in document.get_all_operations()):
        if not operation.path.startswith(f"{API}/token"):
            tried(hypothesis.given(case=operation.as_strategy())(ask))()
    assert [asked for code, requests in answered.items() if code >= 500 for asked in requests] == []
    assert {200, 404, 422} <= set(answered)
    assert 401 not in answered
