"""The pages of leads and inspections: registering, opening, the visit without scripts, coverage, and who sees what."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inspections.models import InspectionTask, Lead
from supervision.procedure import clock
from tests.inspections.stages import STARTED, go_on_site, photo


@pytest.fixture
def browser(db):
    """Sign somebody in without a browser."""

    def sign_in(actor):
        client = Client()
        client.force_login(actor.user)
        return client

    return sign_in


PAGES = ("leads", "register-lead", "tasks", "open-task", "coverage", "checklists")


@pytest.mark.parametrize("page", PAGES)
def test_officers_open_every_page_and_providers_none(browser, cast, page):
    assert browser(cast.officer).get(reverse(f"inspections:{page}")).status_code == 200
    shown = browser(cast.hospital).get(reverse(f"inspections:{page}"))
    assert shown.status_code == 404 or not shown.context.get("lines")


def test_a_lead_is_registered_once_however_often_it_is_sent(browser, cast, provider):
    client = browser(cast.officer)
    given = {
        "source": "tip",
        "subject": provider.code,
        "title": "群众反映挂床",
        "facts": "夜间病房无人",
        "received_on": clock.today().isoformat(),
        "key": "k-1",
    }
    first = client.post(reverse("inspections:register-lead"), given)
    again = client.post(reverse("inspections:register-lead"), given)
    lead = Lead.objects.get()
    assert first.url == again.url == reverse("web:dossier", args=[lead.pk])
    page = client.get(first.url)
    assert page.status_code == 200
    assert "夜间病房无人" in page.content.decode()


def test_a_wrong_registration_keeps_what_was_typed(browser, cast):
    answer = browser(cast.officer).post(
        reverse("inspections:register-lead"), {"title": "打过的字", "subject": "无此机构", "received_on": "2026-02-30"}
    )
    assert answer.status_code == 422
    assert "打过的字" in answer.content.decode()
    assert {"subject", "received_on", "facts"} <= set(answer.context["form"].errors)


def test_parties_are_suggested_within_the_area(browser, cast, provider):
    url = reverse("inspections:party-options")
    assert provider.code in browser(cast.officer).get(url, {"field": "subject", "subject": "康复"}).content.decode()
    assert provider.code not in browser(cast.twin_officer).get(url, {"q": "康复"}).content.decode()


def test_an_inspection_is_opened_and_carried_through_without_scripts(browser, cast, provider):
    client = browser(cast.officer)
    client.post(
        reverse("inspections:open-task"),
        {
            "subject": provider.name,
            "kind": "patrol",
            "officers": [cast.officer.user.pk, cast.second_officer.user.pk],
        },
    )
    task = InspectionTask.objects.get()
    here = reverse("inspections:on-site", args=[task.pk])

    def take(step, **data):
        answer = client.post(reverse("inspections:take", args=[task.pk, step]), data)
        assert answer.status_code == 302, answer.context and answer.context.get("reasons")

    assert client.get(here).status_code == 200
    now = timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")
    take("start", identity_shown_at=now, **(STARTED | {"told_of_recusal": "on"}))
    take("fill_checklist", **{f"answer_{item.code}": "yes" for item in task.checklist.items.all()})
    take("add_photo", item="b1", taken_at=now, file=photo())
    evidence = task.evidence.get()
    take(
        "add_finding", act="RG-38.1", description="挂床", persons=7, amount="38260.00", fund="employee",
        evidence=[evidence.pk],
    )  # fmt: skip
    take("draw_up_record", place="住院部", begun_at=now, ended_at=now, text="现场笔录全文")
    take(
        "sign_record", officers=[cast.officer.user.pk, cast.second_officer.user.pk], signed_by="示例院长", key="s1",
        signature=photo("signature.png", photo().read() + b" "),
    )  # fmt: skip
    task.refresh_from_db()
    assert task.state == "signed"
    assert task.site_record.proof.kind == "inspection"
    assert client.get(here).status_code == 200
    page = client.get(reverse("web:dossier", args=[task.pk])).content.decode()
    for said in ("挂床", "38,260.00", "示例院长", "现场笔录全文"):
        assert said in page


def test_the_device_learns_what_became_of_an_entry(browser, task, cast):
    go_on_site(task, cast)
    client = browser(cast.officer)
    url = reverse("inspections:take", args=[task.pk, "fill_checklist"])
    given = {"answer_p1": "no", "note_p1": "无人值班", "key": "k1"}
    asking = {"headers": {"accept": "application/json"}}
    done = client.post(url, given, **asking).json()
    assert "disabled" in done.pop("draw_up")
    assert done.pop("seen") == {"p1": task.answers.get().version}
    assert done == {"done": True, "answered": 1, "total": task.checklist.items.count(), "evidence": [], "against": {}}
    assert client.post(url, given, **asking).json()["done"]
    task.refresh_from_db()
    assert task.events.filter(verb="fill_checklist").count() == 1
    wrong = client.post(url, {"note_p2": "没有选"}, **asking)
    assert (wrong.status_code, set(wrong.json()["errors"])) == (422, {"answer_p2"})
    refused = client.post(reverse("inspections:take", args=[task.pk, "sign_record"]), {}, **asking)
    assert refused.status_code == 409
    assert refused.json()["reasons"]


def test_others_do_not_find_the_visit(browser, task, cast):
    here = reverse("inspections:on-site", args=[task.pk])
    for actor in (cast.twin_officer, cast.hospital, cast.admin):
        assert browser(actor).get(here).status_code == 404


def test_a_lent_officer_of_another_county_works_on_the_visit(browser, cast, land, provider):
    from tests.inspections.stages import assigned_task

    officers = [cast.officer.user, cast.twin_officer.user]
    task = assigned_task(cast, land, provider, kind="cross", officers=officers)
    go_on_site(task, cast)
    client = browser(cast.twin_officer)
    assert client.get(reverse("inspections:on-site", args=[task.pk])).status_code == 200
    answer = client.post(reverse("inspections:take", args=[task.pk, "fill_checklist"]), {"answer_p1": "yes"})
    assert answer.status_code == 302
    assert task.answers.get().by == cast.twin_officer.user


@pytest.mark.law("HY-5")
def test_coverage_counts_the_providers_an_agency_visited_itself(browser, cast, land, provider):
    from inspections.onsite.selectors import coverage, unvisited
    from supervision.procedure.services import advance
    from tests.cast import a_provider
    from tests.inspections.stages import assigned_task

    other = a_provider("H99012100002", "示例·甲县中医院", land.county_region)
    agency_task = assigned_task(
        cast, land, provider, actor=cast.clerk, authority=land.county_agency,
        officers=[cast.clerk.user, cast.auditor.user],
    )  # fmt: skip
    assigned_task(cast, land, other)
    year = clock.today().year
    (before,) = (row for row in coverage(cast.city_officer, year) if row.agency == land.county_agency)
    assert (before.visited, before.providers) == (0, 2)
    advance(agency_task, "start", cast.clerk, identity_shown_at=clock.now(), **STARTED)
    (after,) = coverage(cast.officer, year)
    assert (after.visited, after.missing) == (1, 1)
    assert list(unvisited(land.county_agency, year)) == [other]
    missing = reverse("inspections:missing", args=[land.county_agency.pk, year])
    assert "甲县中医院" in browser(cast.officer).get(missing).content.decode()
    assert browser(cast.twin_officer).get(missing).status_code == 404


def test_lists_ask_the_same_number_of_questions_however_long(
    browser, cast, land, provider, django_assert_max_num_queries
):
    from tests.inspections.stages import assigned_task, register

    client = browser(cast.officer)
    for number in range(12):
        register(cast, land, provider, source_ref=f"r{number}")
        assigned_task(cast, land, provider, key=f"t{number}")
    for page in ("leads", "tasks"):
        client.get(reverse(f"inspections:{page}"))
        with django_assert_max_num_queries(22):
            client.get(reverse(f"inspections:{page}"))


def test_an_answer_given_meanwhile_is_told_at_the_item_and_its_version_is_handed_out(on_site, cast, client):
    def post(**said):
        here = reverse("inspections:take", args=[on_site.pk, "fill_checklist"])
        return client.post(here, said, headers={"accept": "application/json"})

    client.force_login(cast.officer.user)
    first = post(answer_b1="yes", seen_b1="").json()["seen"]["b1"]
    assert post(answer_b1="yes", seen_b1="").status_code == 200  # the same said again
    assert post(answer_b1="no", seen_b1=first).status_code == 200
    late = post(answer_b1="na", seen_b1=first)
    assert late.status_code == 422
    assert "否" in late.json()["errors"]["answer_b1"][0]
    assert on_site.answers.get().answer == "no"
    assert post(answer_b1="na", seen_b1=late.json()["seen"]["b1"]).status_code == 200
    page = client.get(reverse("inspections:on-site", args=[on_site.pk])).content.decode()
    assert f'name="seen_b1" value="{on_site.answers.get().version}"' in page
