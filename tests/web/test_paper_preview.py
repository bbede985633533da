"""The paper a step would issue, seen beforehand: as the step makes it, with nothing numbered, kept or told."""

import pytest
from playwright.sync_api import expect
from rest_framework.test import APIClient

from supervision.procedure.models import Counter
from supervision.procedure.ports import Ports
from supervision.procedure.refusals import NoSuchStep, StepInvalid, StepRefused
from supervision.procedure.registry import form_of
from supervision.procedure.services import advance, preview
from supervision.records.models import Paper
from tests import case_stage

PNG = b"\x89PNG"


def counted():
    return (Paper.objects.count(), list(Counter.objects.order_by("pk").values_list("pk", "last")))


@pytest.mark.parametrize("step", ["file", "notify"])
def test_a_paper_is_seen_before_it_is_issued_and_nothing_is_kept(store, client, cast, provider, step) -> None:
    case = case_stage.proposed(cast, provider) if step == "file" else case_stage.reported(cast, provider)
    client.force_login(cast.head.user)
    address = f"/dossiers/{case.pk}/steps/{step}/"
    assert 'name="preview"' in client.get(address).content.decode()
    before = counted(), case.state, case.events.count()
    shown = client.post(address, {"preview": "page", "note": "同意"}).content.decode()
    assert 'src="data:image/png;base64,' in shown
    case.refresh_from_db()
    assert (counted(), case.state, case.events.count()) == before
    part = client.post(address, {"preview": "dialog"}, headers={"HX-Request": "true", "HX-Target": "paper-preview"})
    assert "<html" not in part.content.decode()
    assert 'src="data:image/png;base64,' in part.content.decode()
    advance(case, step, cast.head)


def test_the_preview_is_made_from_what_was_typed(store, cast, provider, monkeypatch) -> None:
    case = case_stage.filed(cast, provider)
    case_stage.fact(case, cast)
    seen = []
    draft = Ports.draft_paper
    monkeypatch.setattr(
        Ports, "draft_paper", lambda *given, **how: seen.append(given[2].facts["content"]) or draft(*given, **how)
    )
    today = case_stage.clock.today()
    typed = {"ordered_on": today, "correct_by": today + case_stage.timedelta(days=15), "content": "停止重复收费"}
    pages = preview(case, "order_correction", cast.officer, data=typed)
    assert pages
    assert all(page.startswith(PNG) for page in pages)
    assert seen == ["停止重复收费"]


def test_what_does_not_fit_is_told_in_the_form_and_stays_typed(store, client, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    case_stage.fact(case, cast)
    client.force_login(cast.officer.user)
    address = f"/dossiers/{case.pk}/steps/order_correction/"
    headers = {"HX-Request": "true", "HX-Target": "paper-preview"}
    answer = client.post(address, {"preview": "dialog", "content": "打了很久的字"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#dialog-body")
    assert "打了很久的字" in answer.content.decode()
    assert client.post(address, {"preview": "page", "content": "打了很久的字"}).status_code == 422


SERVED = {"method": "direct", "relation": "staff", "recipient": "院办", "on_paper": "on"}


@pytest.mark.law("PP-59")
def test_the_certificate_of_a_service_is_seen_before_it_is_issued(store, client, cast, provider) -> None:
    case = case_stage.reported(cast, provider)
    advance(case, "notify", cast.head)
    client.force_login(cast.officer.user)
    address = f"/dossiers/{case.pk}/steps/serve_notice/"
    assert 'name="preview"' in client.get(address).content.decode()
    before = counted(), case.events.count()
    typed = SERVED | {"served_on": case_stage.clock.today().isoformat()}
    assert 'src="data:image/png;base64,' in client.post(address, typed | {"preview": "page"}).content.decode()
    paper = case.papers.get(type="penalty_notice")
    address = f"/papers/{paper.pk}/serve/"
    assert 'name="preview"' in client.get(address).content.decode()
    assert 'src="data:image/png;base64,' in client.post(address, typed | {"preview": "page"}).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "paper-preview"}
    wrong = client.post(address, {"preview": "dialog", "recipient": "打了字"}, headers=headers)
    assert (wrong.status_code, wrong.headers["HX-Retarget"]) == (422, "#dialog-body")
    assert "打了字" in wrong.content.decode()
    assert (counted(), case.events.count()) == before
    assert not paper.services.exists()


def test_over_the_api_it_is_a_pdf_for_whoever_may_take_the_step(store, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    case_stage.fact(case, cast)
    today = case_stage.clock.today()
    typed = {"ordered_on": today, "correct_by": today + case_stage.timedelta(days=15), "content": "停止重复收费"}
    before = counted(), case.events.count()

    def asked(actor, step="order_correction", said=typed):
        client = APIClient()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client.post(f"/api/v1/dossiers/{case.pk}/steps/{step}/preview/", said, format="json")

    answer = asked(cast.officer)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert asked(cast.officer, said={}).json()["errors"]["content"]
    assert asked(cast.head).status_code == 409
    assert asked(cast.twin_officer).status_code == asked(cast.hospital).status_code == 404
    assert asked(cast.officer, "extend_filing").status_code == asked(cast.officer, "no_such").status_code == 404
    assert (counted(), case.events.count()) == before


def test_only_who_may_take_the_step_sees_its_paper(store, client, cast, provider) -> None:
    case = case_stage.proposed(cast, provider)
    with pytest.raises(StepRefused):
        preview(case, "file", cast.officer, data={})
    with pytest.raises(NoSuchStep):
        preview(case, "extend_filing", cast.head, data={})
    with pytest.raises(StepInvalid):
        preview(case, "refuse_filing", cast.head, data={})
    client.force_login(cast.officer.user)
    assert 'name="preview"' not in client.get(f"/dossiers/{case.pk}/steps/file/").content.decode()
    assert client.post(f"/dossiers/{case.pk}/steps/file/", {"preview": "page"}).status_code == 409


def test_every_step_with_a_paper_has_the_button(store, client, cast, provider) -> None:
    case = case_stage.proposed(cast, provider)
    client.force_login(cast.head.user)
    for name, declared in case.procedure.steps.items():
        page = client.get(f"/dossiers/{case.pk}/steps/{name}/")
        if page.status_code == 200 and not page.context["blocked"]:
            assert form_of(case.procedure, declared)
            assert ('name="preview"' in page.content.decode()) == bool(declared.paper)


def test_once_the_paper_shows_the_form_no_longer_says_what_was_wrong(store, visit, cast, provider) -> None:
    case = case_stage.filed(cast, provider)
    case_stage.fact(case, cast)
    page = visit(f"/dossiers/{case.pk}/steps/order_correction/", cast.officer.user)
    day = page.locator("[name=correct_by]")
    day.fill(case_stage.clock.today().isoformat())
    page.locator("button[name=preview]").click()
    expect(page.locator("ul.errors").first).to_be_visible()
    page.locator("[name=content]").fill("停止重复收费")
    day.fill((case_stage.clock.today() + case_stage.timedelta(days=15)).isoformat())
    page.locator("button[name=preview]").click()
    expect(page.locator("#paper-preview img").first).to_be_visible()
    expect(page.locator("ul.errors, .refusals, .field.wrong, [aria-invalid]")).to_have_count(0)
    expect(page.locator("[name=content]")).to_have_value("停止重复收费")
