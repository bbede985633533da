"""Leads, inspections, plans and draws over the API."""

import pytest

from inspections.models import InspectionTask, Lead
from supervision.procedure import clock
from tests.inspections.stages import register

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def tip(provider):
    return {
        "source": "tip",
        "subject": provider.code,
        "title": "示例·群众反映",
        "facts": "反映多收费用",
        "received_on": clock.today().isoformat(),
        "suspected_amount": 1200.5,
        "source_ref": "tip:7",
    }


def test_a_lead_is_registered_once_and_goes_on_by_steps(calls, cast, tip):
    client = calls(cast.officer)
    made = client.post(f"{API}/leads/", tip, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert made.status_code == 201, made.content
    again = client.post(f"{API}/leads/", tip, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert again.json() == made.json()
    assert (again["Location"], again["Idempotent-Replay"]) == (made["Location"], "true")
    by_reference = client.post(f"{API}/leads/", tip, format="json")
    assert by_reference.json()["id"] == made.json()["id"]
    assert Lead.objects.count() == 1
    begun = client.post(
        f"{made['Location']}steps/begin_verification/", {"officers": [cast.officer.user.pk]}, format="json"
    )
    assert begun.status_code == 200, begun.content


def test_wrong_fields_of_a_lead_are_named(calls, cast, tip):
    wrong = {**tip, "subject": "H0", "received_on": 5, "suspected_amount": "-1", "source": {"x": 1}}
    answer = calls(cast.officer).post(f"{API}/leads/", wrong, format="json")
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"subject", "received_on", "suspected_amount", "source"}


@pytest.mark.parametrize("body", ["[]", "3", '"x"'])
def test_a_body_that_is_no_object_is_refused(calls, cast, body):
    answer = calls(cast.officer).post(f"{API}/leads/", body, content_type="application/json")
    assert answer.status_code == 422


def test_a_lead_reported_upward_tells_its_number_alone(calls, cast, land, tip):
    answer = calls(cast.auditor).post(f"{API}/leads/", {**tip, "authority": land.county_bureau.code}, format="json")
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"number", "authority"}


def test_another_county_learns_nothing_of_a_reference(calls, cast, land, lead):
    answer = calls(cast.twin_officer).post(
        f"{API}/leads/",
        {
            "source": "alert",
            "source_ref": lead.source_ref,
            "title": "x",
            "facts": "y",
            "received_on": clock.today().isoformat(),
        },
        format="json",
    )
    assert answer.status_code == 409
    assert lead.number not in answer.content.decode()


def test_who_may_not_register_is_told_why(calls, cast, tip):
    assert calls(cast.finance).post(f"{API}/leads/", tip, format="json").status_code == 409
    assert calls(cast.hospital).post(f"{API}/leads/", tip, format="json").status_code == 422


def test_lists_end_at_the_jurisdiction(calls, cast, land, provider):
    register(cast, land, provider)
    assert len(calls(cast.officer).get(f"{API}/leads/").json()["results"]) == 1
    for other in (cast.twin_officer, cast.hospital, cast.admin):
        assert calls(other).get(f"{API}/leads/").json()["results"] == []


def test_an_inspection_is_opened_with_its_officers(calls, cast, provider, verifying):
    officers = [cast.officer.user.pk, cast.second_officer.user.pk]
    data = {"subject": provider.code, "kind": "targeted", "officers": officers, "origin": verifying.pk}
    client = calls(cast.officer)
    made = client.post(f"{API}/inspection-tasks/", data, format="json")
    assert made.status_code == 201, made.content
    task = InspectionTask.objects.get(pk=made.json()["id"])
    assert task.origin_id == verifying.pk
    assert client.get(f"{API}/inspection-tasks/{task.pk}/findings/").json() == []
    assert calls(cast.twin_officer).get(f"{API}/inspection-tasks/{task.pk}/findings/").status_code == 404


def test_a_plan_is_drafted(calls, cast, land):
    rates = {f"rate_{risk}": "100" for risk in ("high", "medium_high", "medium", "low")}
    data = {
        "title": "示例年度计划", "year": clock.today().year + 1, **rates, "floor": 1, "inspectors_each": 2,
        "months": [3], "day": 15, "time": "09:00", "open_days": 10, "freeze_days": 3, "publish_days": 0,
        "witnesses": [cast.witness.user.pk],
    }  # fmt: skip
    made = calls(cast.city_officer).post(f"{API}/plans/", data, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["authority"] == land.city_bureau.code
    assert calls(cast.hospital).post(f"{API}/plans/", data, format="json").status_code == 403


@pytest.mark.parametrize("pk", ["0", "x", "²", "99999999999999999999"])
def test_unknown_draws_are_not_found(calls, cast, pk):
    client = calls(cast.city_officer)
    assert client.get(f"{API}/draws/{pk}/targets/").status_code == 404
    assert client.get(f"{API}/draws/{pk}/publication/").status_code == 404
