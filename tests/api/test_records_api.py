"""Evidence and papers over the API, and the registers of parties."""

import base64
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from supervision.procedure import clock
from tests.cast import a_provider
from tests.inspections.stages import register

pytestmark = pytest.mark.django_db
API = "/api/v1"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def a_piece(cast, dossier, **given):
    return {
        "dossier": dossier.pk,
        "file": SimpleUploadedFile("现场.png", PNG),
        "kind": "audiovisual",
        "title": "现场照片",
        "source": "示例科室",
        "collected_at": clock.now().isoformat(),
        "collectors": [cast.officer.user.pk, cast.second_officer.user.pk],
        **given,
    }


def test_evidence_is_entered_judged_and_read_with_custody(calls, cast, verifying):
    client = calls(cast.officer)
    made = client.post(f"{API}/evidence/", a_piece(cast, verifying), format="multipart")
    assert made.status_code == 201, made.content
    again = client.post(f"{API}/evidence/", a_piece(cast, verifying, kind="electronic"), format="multipart")
    assert again.status_code == 422
    assert "现场照片" in again.json()["errors"]["file"][0]
    at = f"{API}/evidence/{made.json()['id']}/"
    judged = client.post(f"{at}verdict/", {"verdict": "verify"}, format="json")
    assert judged.json()["state"] == "verified"
    assert b"".join(client.get(f"{at}file/").streaming_content) == PNG
    acts = [entry["act"] for entry in client.get(f"{at}custody/").json()]
    assert acts == ["collected", "collected", "entered", "verified", "downloaded"]
    assert [row["id"] for row in client.get(f"{API}/evidence/?dossier={verifying.pk}").json()["results"]]
    for other in (cast.twin_officer, cast.hospital, cast.admin):
        assert calls(other).get(at).status_code == 404
        assert calls(other).post(f"{at}verdict/", {"verdict": "verify"}, format="json").status_code == 404


def test_evidence_of_one_officer_or_of_a_wrong_type_is_refused(calls, cast, verifying):
    client = calls(cast.officer)
    alone = client.post(f"{API}/evidence/", a_piece(cast, verifying, collectors=[cast.officer.user.pk]))
    assert alone.status_code == 422
    assert "collectors" in alone.json()["errors"]
    program = client.post(f"{API}/evidence/", a_piece(cast, verifying, file=SimpleUploadedFile("x.png", b"MZ\x00\x01")))
    assert program.status_code == 422
    assert "file" in program.json()["errors"]


@pytest.mark.law("HY-37")
@pytest.mark.parametrize(
    ("kind", "days", "fits"),
    [
        ("audiovisual", 30, False), ("statement", 30, False), ("witness", 30, False), ("inspection", 1, False),
        ("documentary", 30, True), ("audiovisual", 0, True), ("documentary", -1, False),
    ],
)  # fmt: skip
def test_officers_record_nothing_before_the_matter_nor_after_today(calls, cast, verifying, kind, days, fits):
    at = clock.now() - timedelta(days=days)
    answer = calls(cast.officer).post(f"{API}/evidence/", a_piece(cast, verifying, kind=kind, collected_at=at))
    assert answer.status_code == (201 if fits else 422), answer.content
    assert fits or list(answer.json()["errors"]) == ["collected_at"]


def test_evidence_is_entered_by_officers_in_charge_alone(calls, cast, verifying):
    assert calls(cast.head).post(f"{API}/evidence/", a_piece(cast, verifying)).status_code == 403
    assert calls(cast.twin_officer).post(f"{API}/evidence/", a_piece(cast, verifying)).status_code == 404
    assert calls(cast.officer).post(f"{API}/evidence/", {}, format="json").status_code == 404


def test_parties_of_the_region(calls, cast, land, provider):
    elsewhere = a_provider("H99012200001", "示例·乙县医院", land.twin_region)
    found = calls(cast.officer).get(f"{API}/providers/").json()["results"]
    assert [row["code"] for row in found] == [provider.code]
    assert calls(cast.officer).get(f"{API}/providers/{elsewhere.pk}/").status_code == 404
    assert len(calls(cast.city_officer).get(f"{API}/providers/?region={land.city_region.code}").json()["results"]) == 2
    assert calls(cast.officer).get(f"{API}/practitioners/").json()["results"] == []


def test_the_list_of_papers_keeps_to_the_jurisdiction(calls, cast, land, provider):
    register(cast, land, provider)
    assert calls(cast.officer).get(f"{API}/papers/").status_code == 200
    assert calls(cast.officer).get(f"{API}/papers/0/pdf/").status_code == 404
