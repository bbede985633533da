"""From raw claims to a lead and a case over the API alone."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from enforcement.models import EnforcementCase
from inspections.leads.models import Lead
from inspections.officers import officers_of
from monitoring.models import Alert, AlertLine, Rule, ScreeningRun
from monitoring.services import imports
from supervision.procedure import clock
from tests.monitoring.conftest import csv_text, rows_of

API = "/api/v1"


def calls(actor):
    client = APIClient()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def alert(catalogue, land, provider):
    run = ScreeningRun.objects.create(months=["202403"], authority=land.county_bureau, state="done")
    made = Alert.objects.create(
        rule=Rule.objects.get(slug="drug-sex"), fingerprint="1".ljust(64, "0"), provider=provider,
        provider_code=provider.code, person_code="PSN00000000123456", visit_code="V1", month="202403",
        amount=Decimal("90.00"), severity="medium", line_count=1, first_run=run, last_run=run,
    )  # fmt: skip
    AlertLine.objects.create(
        alert=made, provider_code=provider.code, visit_code="V1", line_code="L1", item_name="某药", flagged="90.00"
    )
    return made


def test_claims_are_sent_once_screened_and_watched(cast, catalogue, claims_dir):
    client = calls(cast.officer)

    def send():
        file = SimpleUploadedFile("PSN_INFO_B.csv", csv_text(rows_of("PSN_INFO_B", {})).encode())
        return client.post(f"{API}/claim-imports/", {"file": file}, format="multipart")

    made = send()
    assert made.status_code == 202, made.content
    again = send()
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    assert client.post(f"{API}/screening-runs/", {}, format="json").status_code == 409
    imports.run(batch_id=made.json()["id"])
    at = f"{API}/claim-imports/{made.json()['id']}/"
    assert client.get(at).json()["state"] == "done"
    assert client.get(f"{at}bad-rows/").status_code == 200
    for other in (cast.twin_officer, cast.hospital, cast.admin):
        assert calls(other).get(at).status_code == 404
    assert calls(cast.finance).post(f"{API}/claim-imports/", {}, format="json").status_code == 403
    wrong = client.post(f"{API}/claim-imports/", {"mapping": "none"}, format="json")
    assert set(wrong.json()["errors"]) == {"file", "mapping"}


def test_an_alert_shows_its_proof_masked_and_becomes_a_lead_once(cast, alert):
    client, at = calls(cast.officer), f"{API}/alerts/{alert.pk}/"
    assert [row["id"] for row in client.get(f"{API}/alerts/?state=new&rule=drug-sex").json()["results"]] == [alert.pk]
    told = client.get(at).json()
    assert "00000123" not in str(told)
    assert told["lines"][0]["item_name"] == "某药"
    assert client.post(f"{at}dismiss/", {}, format="json").status_code == 422
    assert client.post(f"{at}confirm/", {}, format="json").json()["state"] == "confirmed"
    for _repetition in range(2):
        made = client.post(f"{at}lead/", {}, format="json", HTTP_IDEMPOTENCY_KEY="lead")
        assert made.status_code == 201, made.content
    assert Lead.objects.get().pk == made.json()["id"]
    assert client.post(f"{at}lead/", {}, format="json").status_code == 409
    for other in (cast.twin_officer, cast.hospital, cast.admin):
        assert calls(other).get(at).status_code == 404
        assert calls(other).post(f"{at}confirm/", {}, format="json").status_code == 404


def test_a_case_is_proposed_once_from_its_lead(cast, land, provider, verifying):
    data = {
        "title": "示例·涉嫌违规收费", "subject": provider.code, "cause": "线索核查", "origin": verifying.pk,
        "discovered_on": clock.today().isoformat(), "officers": [cast.second_officer.user.pk, cast.officer.user.pk],
    }  # fmt: skip
    client = calls(cast.officer)
    made = [client.post(f"{API}/cases/", data, format="json") for _repetition in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].content
    case = EnforcementCase.objects.get()
    assert case.pk == made[0].json()["id"] == made[1].json()["id"]
    assert officers_of(case) == [cast.second_officer.user, cast.officer.user], "the first one named is in charge"
    assert calls(cast.twin_officer).post(f"{API}/cases/", data, format="json").status_code == 422
    assert calls(cast.hospital).get(f"{API}/cases/").json()["results"] == []
