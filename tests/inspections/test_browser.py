"""The visit in a real browser: nothing typed is lost when the line is, and the pages are fit for everyone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import InspectionTask
from supervision.procedure import clock
from tests.browser import WIDTHS, assert_accessible
from tests.inspections.stages import PIXEL, go_on_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visiting(task, cast):
    """The task begun, at the address of its on-site page."""
    go_on_site(task, cast)
    return reverse("inspections:on-site", args=[task.pk])


def answer(page, code, value):
    page.locator(f'input[name="answer_{code}"][value="{value}"]').check(force=True)


def wait_until_sent(page):
    page.locator("#net.sent").wait_for(timeout=20_000)


def test_answers_are_sent_as_they_are_given(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    answer(page, "p1", "yes")
    wait_until_sent(page)
    expect(page.locator("#answered")).to_have_text("1")
    assert task.answers.get().answer == "yes"


def test_the_way_to_the_record_opens_as_soon_as_nothing_stands_in_it(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    draw_up = page.locator("#draw-up")
    expect(draw_up.locator(".why")).to_contain_text("检查清单")
    expect(draw_up.get_by_role("button")).to_be_disabled()
    for item in task.checklist.items.all():
        for field in page.locator(f"#item-{item.code} input[type=number]").all():
            field.fill("1")
        page.locator(f'input[name="answer_{item.code}"][value="yes"]').press("Space")
    expect(draw_up.locator(".why")).to_have_count(0, timeout=20_000)
    wait_until_sent(page)
    draw_up.get_by_role("link").click()
    page.wait_for_url("**/steps/draw_up_record/")


def test_a_photo_just_taken_takes_the_place_of_nothing_to_choose(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.locator("#new-finding summary").click()
    proofs = page.locator("#finding .field", has=page.locator("#id_evidence"))
    expect(proofs.locator("[data-nothing]")).to_be_visible()
    page.locator("#item-b1 [data-photo]").set_input_files({"name": "bed.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(proofs.get_by_role("checkbox")).to_have_count(1, timeout=20_000)
    expect(proofs.locator("[data-nothing]")).to_have_count(0)
    assert task.evidence.get().title.startswith("现场照片")


@pytest.mark.law("HY-32", "HY-34")
def test_nothing_typed_is_lost_with_the_line(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390, zone="Europe/London")
    page.context.set_offline(True)
    answer(page, "b1", "no")
    page.locator('input[name="expected_b1"]').fill("42")
    page.locator('input[name="counted_b1"]').fill("35")
    page.locator('textarea[name="note_b1"]').fill("七张病床夜间无人")
    page.locator("#item-b1 [data-photo]").set_input_files({"name": "bed.png", "mimeType": "image/png", "buffer": PIXEL})
    page.locator("#new-finding summary").click()
    page.locator("#finding select[name=act]").select_option("RG-38.1")
    page.locator("#finding textarea[name=description]").fill("挂床住院七人")
    page.locator("#finding input[name=persons]").fill("7")
    page.locator("#finding input[name=amount]").fill("38260.00")
    page.locator("#finding select[name=fund]").select_option("employee")
    page.locator("#finding button.go").click()
    page.locator("#net.offline").wait_for()
    assert not task.answers.exists()
    page.context.set_offline(False)
    page.reload()
    for _again in range(40):
        if task.findings.exists() and task.photos.exists() and task.answers.exists():
            break
        page.wait_for_timeout(250)
    kept = task.answers.get()
    assert (kept.answer, kept.expected, kept.counted, kept.note) == ("no", 42, 35, "七张病床夜间无人")
    photo = task.photos.get()
    assert photo.item.code == "b1"
    assert abs(photo.taken_at - clock.now()) < timedelta(minutes=2), "a moment, whatever zone the device is set to"
    assert task.findings.get().description == "挂床住院七人"
    assert task.findings.count() == 1


def test_a_draft_outlives_the_page(visit, visiting, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.locator("#new-finding summary").click()
    page.locator("#finding textarea[name=description]").fill("还没写完的话")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("#finding textarea[name=description]")).to_have_value("还没写完的话")


def test_a_refusal_is_shown_where_it_belongs_and_keeps_the_words(visit, visiting, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.locator("#new-finding summary").click()
    page.locator("#finding textarea[name=description]").fill("没有选行为")
    page.locator("#finding button.go").click()
    page.locator("#finding > .errors").wait_for()
    expect(page.locator("#finding textarea[name=description]")).to_have_value("没有选行为")


def test_the_party_signs_on_the_screen(visit, recorded, cast):
    page = visit(reverse("inspections:on-site", args=[recorded.pk]), cast.officer.user, 390)
    page.locator("#sign input[name=signed_by]").fill("示例院长")
    canvas = page.locator("#sign canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    page.mouse.move(frame["x"] + 30, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 90, steps=6)
    page.mouse.up()
    page.locator("#sign button.go").click()
    expect(page.locator("#sign")).to_have_count(0)  # the page comes anew once the record is with the server
    task = InspectionTask.objects.get(pk=recorded.pk)
    assert task.state == "signed"
    assert task.site_record.proof.media_type == "image/png"


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible(visit, recorded, lead, cast, width):
    officer = cast.officer.user
    for name in ("leads", "register-lead", "tasks", "open-task", "coverage", "checklists"):
        assert_accessible(visit(reverse(f"inspections:{name}"), officer, width))
    for dossier in (lead, recorded):
        assert_accessible(visit(reverse("web:dossier", args=[dossier.pk]), officer, width))
    assert_accessible(visit(reverse("inspections:on-site", args=[recorded.pk]), officer, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_visit_is_accessible(visit, visiting, cast, width):
    page = visit(visiting, cast.officer.user, width)
    answer(page, "p1", "yes")
    wait_until_sent(page)
    assert_accessible(page)
