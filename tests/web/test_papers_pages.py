"""Papers and evidence through the pages: who may read, enter, judge and end them, and what is kept of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from supervision.records.models import Evidence
from supervision.records.services import issue


@pytest.fixture
def clerk(client: Client, cast) -> Client:
    client.force_login(cast.clerk.user)
    return client


@pytest.fixture
def paper(errand, cast):
    return issue(errand, "sample", cast.clerk)


def evidence_data(cast, **changes) -> dict:
    return {
        "file": SimpleUploadedFile("清单.txt", "费用清单".encode()),
        "kind": "documentary",
        "title": "费用清单",
        "source": "医院信息科",
        "collected_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "collectors": [cast.clerk.user.pk, cast.auditor.user.pk],
    } | changes


def test_a_paper_opens_as_its_frozen_pdf(clerk, paper) -> None:
    answer = clerk.get(f"/papers/{paper.pk}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "inline" in answer.headers["Content-Disposition"]
    assert "attachment" in clerk.get(f"/papers/{paper.pk}/?download").headers["Content-Disposition"]
    assert paper.number in clerk.get(f"/dossiers/{paper.dossier_id}/").content.decode()


@pytest.mark.law("HY-5")
def test_papers_and_evidence_of_others_are_not_there(client, cast, paper) -> None:
    for actor in (cast.twin_clerk, cast.hospital, cast.admin):
        client.force_login(actor.user)
        assert client.get(f"/papers/{paper.pk}/").status_code == 404
        assert client.post(f"/papers/{paper.pk}/void/", {"reason": "x"}).status_code == 404
        assert client.post(f"/dossiers/{paper.dossier_id}/evidence/", evidence_data(cast)).status_code == 404


def test_only_the_head_ends_a_paper_with_a_reason(client, cast, paper) -> None:
    client.force_login(cast.clerk.user)
    assert client.get(f"/papers/{paper.pk}/void/").status_code == 404
    client.force_login(cast.agency_head.user)
    assert client.post(f"/papers/{paper.pk}/void/", {"reason": " "}).status_code == 422
    assert client.post(f"/papers/{paper.pk}/void/", {"reason": "对象有误"}).status_code == 302
    paper.refresh_from_db()
    assert not paper.is_in_force
    assert client.post(f"/papers/{paper.pk}/void/", {"reason": "再次"}).status_code == 404


@pytest.mark.law("PP-59")
def test_a_paper_is_served_by_its_form(clerk, paper) -> None:
    wrong = clerk.post(f"/papers/{paper.pk}/serve/", {"method": "mail", "served_on": "2026-13-01", "recipient": "王某"})
    assert wrong.status_code == 422
    assert "王某" in wrong.content.decode()
    today = timezone.localdate().isoformat()
    data = {"method": "direct", "served_on": today, "recipient": "王某", "relation": "staff", "on_paper": "on"}
    assert clerk.post(f"/papers/{paper.pk}/serve/", data).status_code == 302
    assert paper.services.get().recipient == "王某"


@pytest.mark.law("HY-37")
def test_evidence_is_entered_by_two_judged_and_kept_in_custody(clerk, errand, cast) -> None:
    path = f"/dossiers/{errand.pk}/evidence/"
    alone = clerk.post(path, evidence_data(cast, collectors=[cast.clerk.user.pk]))
    assert alone.status_code == 422
    assert "医院信息科" in alone.content.decode()
    assert clerk.post(path, evidence_data(cast)).status_code == 302
    evidence = Evidence.objects.get()
    again = clerk.post(path, evidence_data(cast, kind="electronic", title="同一文件"))
    assert again.status_code == 422
    assert evidence.title in again.context["form"].errors["file"][0]
    page = f"/evidence/{evidence.pk}/"
    answer = clerk.get(f"{page}file/")
    assert b"".join(answer.streaming_content).decode() == "费用清单"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert clerk.post(f"{page}verdict/", {"verdict": "reject", "note": ""}).status_code == 422
    assert clerk.post(f"{page}verdict/", {"verdict": "verify"}).status_code == 302
    assert clerk.post(f"{page}hand-over/", {"to": "法制科"}).status_code == 302
    shown = clerk.get(page).content.decode()
    assert evidence.sha256 in shown
    assert "法制科" in shown
    assert evidence.custody.count() >= 5


@pytest.mark.law("HY-37")
def test_what_is_unverified_is_seen_and_judged_from_the_matter_one_or_several(clerk, errand, cast, client) -> None:
    for name in ("甲", "乙", "丙", "丁"):
        file = SimpleUploadedFile(f"{name}.txt", f"清单{name}".encode(), "text/plain")
        assert (
            clerk.post(f"/dossiers/{errand.pk}/evidence/", evidence_data(cast, title=name, file=file)).status_code
            == 302
        )
    one, two, three, four = Evidence.objects.order_by("pk")
    page = f"/dossiers/{errand.pk}/"
    shown = clerk.get(page).content.decode()
    assert "待查证 4 件" in shown
    assert shown.count('name="pieces"') == 4
    back = clerk.post(f"/evidence/{one.pk}/verdict/", {"verdict": "verify"})
    assert back.url.startswith(page)
    assert back.url.endswith("#evidence")
    from_piece = clerk.post(f"/evidence/{one.pk}/verdict/?from=piece", {"verdict": "reject", "note": "复印不清"})
    assert from_piece.url == f"/evidence/{one.pk}/"
    several = f"{page}evidence/verdict/"
    asked = clerk.get(several, {"pieces": [two.pk, three.pk]})
    assert asked.context["form"]["pieces"].value() == [str(two.pk), str(three.pk)]
    assert clerk.post(several, {"pieces": [two.pk], "verdict": "reject"}).status_code == 422
    assert clerk.post(several, {"pieces": [one.pk], "verdict": "verify"}).status_code == 422
    done = clerk.post(several, {"pieces": [two.pk, three.pk], "verdict": "verify"})
    assert done.url.endswith("#evidence")
    assert done.url != back.url, "another address, so that the browser loads the page anew"
    states = [piece.state for piece in Evidence.objects.order_by("pk")]
    assert states == ["rejected", "verified", "verified", "collected"]
    assert errand.events.filter(verb="evidence_verified").count() == 3
    assert "待查证 1 件" in clerk.get(page).content.decode()
    client.force_login(cast.finance.user)
    assert client.post(several, {"pieces": [four.pk], "verdict": "verify"}).status_code == 404
    assert 'name="pieces"' not in client.get(page).content.decode()


def test_a_wrong_file_is_refused_and_the_text_kept(clerk, errand, cast) -> None:
    data = evidence_data(cast, file=SimpleUploadedFile("x.exe", b"MZ\x90\x00\x03\x00\x00\x00"))
    answer = clerk.post(f"/dossiers/{errand.pk}/evidence/", data)
    assert answer.status_code == 422
    assert "费用清单" in answer.content.decode()
