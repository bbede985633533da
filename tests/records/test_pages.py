"""Papers, evidence and the whole file in the browser's terms: what arrives, and what stays a 404."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.records.services import add_evidence, issue, serve


@pytest.fixture
def paper(errand, cast):
    return issue(errand, "sample", cast.clerk)


@pytest.fixture
def evidence(errand, cast):
    return add_evidence(
        errand,
        cast.clerk,
        kind="documentary",
        title="票据",
        source="甲县康复医院",
        collected_at=clock.now(),
        collectors=[cast.clerk.user, cast.auditor.user],
        file=SimpleUploadedFile("票据.txt", "票据".encode()),
    )


@pytest.fixture
def as_(settings):
    settings.SECOND_FACTOR_ROLES = []

    def client(actor):
        signed_in = Client()
        signed_in.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return signed_in

    return client


def test_a_paper_arrives_as_a_pdf(as_, cast, paper):
    answer = as_(cast.clerk).get(reverse("web:paper", args=[paper.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_the_party_gets_its_paper_only_once_served(as_, cast, errand, paper):
    Dossier.objects.filter(pk=errand.pk).update(open_to_subject=True)
    url = reverse("web:paper", args=[paper.pk])
    assert as_(cast.hospital).get(url).status_code == 404
    serve(
        paper,
        cast.clerk,
        data={
            "method": "direct",
            "relation": "staff",
            "served_on": clock.today(),
            "recipient": "张某",
            "on_paper": True,
        },
    )
    assert as_(cast.hospital).get(url).status_code == 200


def test_evidence_arrives_and_is_entered_in_custody(as_, cast, evidence):
    answer = as_(cast.auditor).get(reverse("web:evidence-file", args=[evidence.pk]), {"download": ""})
    assert b"".join(answer.streaming_content) == "票据".encode()
    assert "attachment" in answer["Content-Disposition"]
    assert evidence.custody.last().act == "downloaded"


@pytest.mark.parametrize("actor", ["twin_clerk", "twin_officer", "hospital", "admin"])
def test_anothers_records_are_not_there(as_, cast, errand, paper, evidence, actor):
    client = as_(getattr(cast, actor))
    for name, pk in (("paper", paper.pk), ("evidence", evidence.pk), ("evidence-file", evidence.pk)):
        assert client.get(reverse(f"web:{name}", args=[pk])).status_code == 404
    assert client.post(reverse("web:export-dossier", args=[errand.pk])).status_code == 404
    assert evidence.custody.count() == 3


def test_the_whole_file_is_streamed_and_recorded(as_, cast, errand, paper, evidence):
    client, url = as_(cast.clerk), reverse("web:export-dossier", args=[errand.pk])
    assert client.get(url).status_code == 405
    answer = client.post(url)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert {"index.html", "index.json", "events.json", "seals.json", "check.py"} <= set(archive.namelist())
    assert errand.events.last().verb == "file_exported"


def test_the_page_of_a_matter_offers_it_to_officers(as_, cast, errand):
    Dossier.objects.filter(pk=errand.pk).update(open_to_subject=True)
    url, page = reverse("web:export-dossier", args=[errand.pk]), reverse("web:dossier", args=[errand.pk])
    assert url in as_(cast.clerk).get(page).content.decode()
    assert url not in as_(cast.hospital).get(page).content.decode()


@pytest.mark.law("HY-37")
def test_the_page_refuses_a_picture_older_than_the_matter_at_its_field(as_, cast, errand):
    said = {
        "kind": "audiovisual", "title": "现场照片", "source": "甲县康复医院",
        "collectors": [cast.clerk.user.pk, cast.auditor.user.pk],
    }  # fmt: skip
    for at, told in (
        (clock.now() - timedelta(days=400), "取证时间不应早于"),
        (clock.now() + timedelta(days=1), "尚未到来"),
    ):
        file = SimpleUploadedFile("照片.txt", "照片".encode())
        given = {**said, "file": file, "collected_at": f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"}
        answer = as_(cast.clerk).post(reverse("web:enter-evidence", args=[errand.pk]), given)
        assert answer.status_code in (200, 422)
        assert told in answer.content.decode()
    assert not errand.evidence.exists()
