"""The API walks through the same door as everybody, and says why not."""

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from supervision.procedure.models import Event
from supervision.procedure.services import open_dossier
from tests.toy.models import Errand

pytestmark = pytest.mark.django_db


def url(errand, rest=""):
    return f"/api/v1/dossiers/{errand.pk}/{rest}"


def token(system):
    client_id, secret, _account = system
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    answer = APIClient().post(
        "/api/v1/token/", {"grant_type": "client_credentials"}, HTTP_AUTHORIZATION=f"Basic {basic}", format="multipart"
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def test_nobody_gets_in_without_identity(errand):
    answer = APIClient().get(url(errand))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_another_system_acts_with_client_credentials(errand, system):
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token(system)}")
    listed = client.get("/api/v1/dossiers/?kind=errand").json()
    assert [row["number"] for row in listed["results"]] == [errand.number]
    told = client.post(url(errand, "steps/tell/"), {"told_on": timezone.localdate().isoformat()}, format="json")
    assert told.status_code == 200, told.content
    assert Event.objects.get(dossier=errand, verb="tell").user == system[2]


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("city_head", 200), ("twin_clerk", 404), ("hospital", 404), ("admin", 404)],
)
def test_jurisdiction(calls, cast, errand, who, status):
    client = calls(getattr(cast, who))
    for path in ("", "events/", "steps/"):
        assert client.get(url(errand, path)).status_code == status
    if status == 404:
        assert client.post(url(errand, "steps/tell/"), {"told_on": "2026-10-09"}, format="json").status_code == 404


def test_steps_are_told_open_and_blocked_with_reasons_and_fields(calls, cast, errand):
    (tell,) = calls(cast.clerk).get(url(errand, "steps/")).json()
    assert tell["open"] is True
    assert {"name": "told_on", "type": "date", "required": True}.items() <= tell["fields"][0].items()
    (blocked,) = calls(cast.city_head).get(url(errand, "steps/")).json()
    assert blocked["open"] is False
    assert blocked["reasons"][0]["cause"] == "role"
    assert blocked["reasons"][0]["law"][0]["id"] == "HY-22"


def test_a_refused_step_is_a_problem_with_every_reason(calls, cast, errand):
    answer = calls(cast.city_head).post(url(errand, "steps/finish/"), {"total": 1}, format="json")
    assert answer.status_code == 409
    assert {one["cause"] for one in answer.json()["reasons"]} == {"state", "role", "rule"}


def test_wrong_fields_are_named(calls, cast, errand):
    answer = calls(cast.clerk).post(url(errand, "steps/tell/"), {"told_on": "soon"}, format="json")
    assert answer.status_code == 422
    assert "told_on" in answer.json()["errors"]


def test_a_key_acts_once(calls, cast, errand):
    client, data = calls(cast.clerk), {"told_on": "2026-10-09"}
    first = client.post(url(errand, "steps/tell/"), data, format="json", HTTP_IDEMPOTENCY_KEY="abc")
    again = client.post(url(errand, "steps/tell/"), data, format="json", HTTP_IDEMPOTENCY_KEY="abc")
    assert first.status_code == again.status_code == 200
    assert first.json()["hash"] == again.json()["hash"]
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"]) == (False, "true")


def test_a_stale_etag_is_refused(calls, cast, errand):
    client = calls(cast.clerk)
    tag = client.get(url(errand))["ETag"]
    assert client.post(url(errand, "steps/tell/"), {"told_on": "2026-10-09"}, format="json").status_code == 200
    stale = client.post(url(errand, "steps/weigh/"), {}, format="json", HTTP_IF_MATCH=tag)
    assert stale.status_code == 412
    wrong = client.post(url(errand, "steps/weigh/"), {}, format="json", HTTP_IF_MATCH="x")
    assert wrong.json()["errors"]["If-Match"] == ["请在 If-Match 中发送本案卷的 ETag。"]
    fresh = client.get(url(errand))["ETag"]
    assert client.post(url(errand, "steps/weigh/"), {}, format="json", HTTP_IF_MATCH=fresh).status_code == 200


def test_unknown_ids_and_steps(calls, cast, errand):
    client = calls(cast.clerk)
    for path in ("0/", "99999999999999999999/", "x/", f"{errand.pk}/steps/fly/"):
        method = client.post if "steps" in path else client.get
        assert method(f"/api/v1/dossiers/{path}").status_code == 404


def test_the_list_costs_the_same_however_many(calls, cast, land, provider, errand, django_assert_num_queries):
    client = calls(cast.clerk)
    with CaptureQueriesContext(connection) as one:
        client.get("/api/v1/dossiers/")
    for n in range(7):
        open_dossier(Errand, cast.clerk, authority=land.county_agency, title=f"试{n}", subject=provider, estimate=1)
    with django_assert_num_queries(len(one)):
        assert len(client.get("/api/v1/dossiers/").json()["results"]) == 8


def test_the_schema_is_openapi_3_1(calls, cast):
    schema = calls(cast.clerk).get("/api/v1/schema/?format=json")
    assert schema.status_code == 200
    assert schema.json()["openapi"].startswith("3.1")
