"""The visit in a real browser: nothing typed is lost when the line is, and the pages are fit for everyone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import InspectionTask
from supervision.procedure import clock
from supervision.procedure.services import advance
from tests.browser import WIDTHS, assert_accessible
from tests.inspections.stages import FINDING, PIXEL, go_on_site

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
            field.fill("0")
        page.locator(f'input[name="answer_{item.code}"][value="yes"]').press("Space")
    expect(draw_up.locator(".why")).to_have_count(0, timeout=20_000)
    wait_until_sent(page)
    draw_up.get_by_role("link").click()
    page.wait_for_url("**/steps/draw_up_record/")


def test_a_photo_just_taken_takes_the_place_of_nothing_to_choose(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.locator("#new-finding summary").click()
    proofs = page.locator("#finding .field", has=page.locator("#id_add_finding_evidence"))
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
    act = page.locator("#finding .field", has=page.locator("select[name=act]"))
    expect(act.locator(".errors")).to_contain_text("违法行为")
    expect(page.locator("#finding select[name=act]")).to_be_focused()
    expect(page.locator("#finding .field.wrong")).to_have_count(2)  # the act, the fund
    assert_accessible(page)
    expect(page.locator("#finding textarea[name=description]")).to_have_value("没有选行为")
    page.locator("#finding select[name=act]").select_option("RG-38.1")
    page.locator("#finding select[name=fund]").select_option("employee")
    page.locator("#finding button.go").click()
    expect(page.locator(".findings")).to_contain_text("没有选行为")


def test_a_refused_photo_stays_in_sight_until_it_is_discarded(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.clock.set_fixed_time(clock.now() - timedelta(hours=2))
    page.locator("#item-b1 [data-photo]").set_input_files({"name": "bed.png", "mimeType": "image/png", "buffer": PIXEL})
    said = page.locator("#item-b1 .errors")
    expect(said).to_contain_text("照片未被接收")
    expect(page.locator("#net")).to_contain_text("1 项未能提交")
    answer(page, "p1", "yes")
    expect(page.locator("#answered")).to_have_text("1")
    expect(page.locator("#net.refused")).to_be_visible()
    page.reload()
    expect(said).to_contain_text("照片未被接收")
    assert_accessible(page)
    page.locator("#item-b1 .lost button").click()
    wait_until_sent(page)
    expect(page.locator("#item-b1 .thumbs img")).to_have_count(0)
    assert not task.photos.exists()


def test_a_photo_that_was_sent_no_longer_looks_as_if_it_waited(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.locator("#item-b1 [data-photo]").set_input_files({"name": "bed.png", "mimeType": "image/png", "buffer": PIXEL})
    wait_until_sent(page)
    expect(page.locator("#item-b1 .pending")).to_have_count(0)
    shown = page.locator("#item-b1 .thumbs a")
    expect(shown).to_have_attribute("href", reverse("web:evidence", args=[task.evidence.get().pk]))


@pytest.mark.law("HY-32")
def test_numbers_that_differ_are_told_at_the_field_and_mended(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.context.set_offline(True)
    answer(page, "b1", "yes")
    page.locator('input[name="expected_b1"]').fill("42")
    page.locator('input[name="counted_b1"]').fill("35")
    page.locator("#net.offline").wait_for()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#item-b1 .seen .errors")).to_contain_text("所填数字与“是”不符")
    expect(page.locator('input[name="counted_b1"]')).to_have_value("35")
    page.locator("#net button").click()
    expect(page.locator('textarea[name="note_b1"]')).to_be_focused()
    page.locator('textarea[name="note_b1"]').fill("七人当日外出检查，有假条")
    wait_until_sent(page)
    expect(page.locator("#item-b1 .errors")).to_have_count(0)
    assert task.answers.get().note == "七人当日外出检查，有假条"


THUMB = 44
TARGETS = """() => [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")]
  .filter((each) => each.offsetParent && each.type !== "hidden")
  .map((each) => (each.matches("[type=radio], [type=checkbox], .add input") ? each.closest("label") : each))
  .filter((each) => each.getBoundingClientRect().height < %s - 0.5)
  .map((each) => each.outerHTML.slice(0, 120))"""


def assert_fit_for_a_thumb(page):
    for fold in page.locator("main details").all():
        fold.evaluate("fold => { fold.open = true; }")
    assert page.evaluate(TARGETS % THUMB) == []


def test_a_thumb_finds_all_of_a_visit_under_way(visit, visiting, cast):
    assert_fit_for_a_thumb(visit(visiting, cast.officer.user, 390))


def test_a_thumb_finds_all_of_a_record_to_be_signed(visit, recorded, cast):
    assert_fit_for_a_thumb(visit(reverse("inspections:on-site", args=[recorded.pk]), cast.officer.user, 390))


def test_an_answer_against_a_finding_is_told_on_the_phone_at_once(visit, visiting, task, cast):
    advance(task, "add_finding", cast.officer, **FINDING)
    page = visit(visiting, cast.officer.user, 390)
    told = page.locator("#item-b1 [data-against]")
    expect(told).to_be_hidden()
    answer(page, "b1", "yes")
    expect(told).to_have_text("答为符合，但与检查发现1不一致。")
    answer(page, "b1", "no")
    expect(told).to_be_hidden()


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


def test_what_was_typed_just_before_leaving_is_sent_on_the_way_back(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    answer(page, "b1", "no")
    wait_until_sent(page)
    page.locator('input[name="counted_b1"]').fill("35")
    page.reload()
    expect(page.locator('input[name="counted_b1"]')).to_have_value("35")
    wait_until_sent(page)
    assert task.answers.get().counted == 35


def test_what_was_mended_while_its_refusal_was_under_way_does_not_come_back(visit, visiting, task, cast):
    """The answer to the first entry is held up; the second takes its place meanwhile."""
    page = visit(visiting, cast.officer.user, 390)
    held = []
    answer(page, "b1", "yes")
    wait_until_sent(page)
    page.route("**/fill_checklist/", lambda route: route.continue_() if held else held.append(route))
    page.locator('input[name="expected_b1"]').fill("42")
    page.locator('input[name="counted_b1"]').fill("35")
    while not held:
        page.wait_for_timeout(100)
    answer(page, "b1", "no")
    page.wait_for_timeout(300)
    held[0].continue_()
    wait_until_sent(page)
    expect(page.locator("#item-b1 .errors")).to_have_count(0)
    kept = task.answers.get()
    assert (kept.answer, kept.expected, kept.counted) == ("no", 42, 35)


def kept(task):
    found = task.answers.get(item__code="b1")
    return found.answer, found.expected, found.counted, found.note


def test_the_last_answer_chosen_without_a_line_stands_after_the_page_is_loaded_anew(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    answer(page, "b1", "yes")
    wait_until_sent(page)
    page.context.set_offline(True)
    page.locator('textarea[name="note_b1"]').fill("床位与账面一致")
    page.locator("#net.offline").wait_for()
    answer(page, "b1", "no")
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    wait_until_sent(page)
    assert kept(task) == ("no", None, None, "床位与账面一致")
    for _again in range(2):
        page.reload()
        page.wait_for_timeout(1500)
        expect(page.locator('input[name="answer_b1"][value="no"]')).to_be_checked()
        expect(page.locator("#net.sending, #net.refused")).to_have_count(0)
    assert kept(task)[0] == "no"


def test_what_took_the_place_of_a_refused_answer_stands_after_the_page_is_loaded_anew(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    answer(page, "b1", "yes")
    page.locator('input[name="expected_b1"]').fill("42")
    page.locator('input[name="counted_b1"]').fill("35")
    expect(page.locator("#item-b1 .seen .errors")).to_contain_text("所填数字与“是”不符")
    answer(page, "b1", "no")
    wait_until_sent(page)
    page.reload()
    page.wait_for_timeout(1500)
    expect(page.locator('input[name="answer_b1"][value="no"]')).to_be_checked()
    expect(page.locator("#net.refused")).to_have_count(0)
    expect(page.locator("#item-b1 .errors")).to_have_count(0)
    assert kept(task) == ("no", 42, 35, "")


def by_the_other_officer(task, cast, **said):
    advance(InspectionTask.objects.get(pk=task.pk), "fill_checklist", cast.second_officer, **said)


def test_an_answer_of_another_device_is_told_before_it_is_replaced(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    page.context.set_offline(True)
    answer(page, "b1", "yes")
    page.locator("#net.offline").wait_for()
    by_the_other_officer(task, cast, answer_b1="no", note_b1="三张空床")
    page.context.set_offline(False)
    told = page.locator("#item-b1 .said .errors")
    expect(told).to_contain_text("否 三张空床")
    assert_accessible(page)
    page.locator('textarea[name="note_b1"]').fill("已核对")  # to type on is not to choose
    page.wait_for_timeout(1500)
    page.reload()
    expect(told).to_contain_text("否 三张空床")
    assert kept(task)[0] == "no"
    expect(page.locator('input[name="answer_b1"][value="yes"]')).to_be_checked()
    page.locator("#item-b1 label.yes").click()
    wait_until_sent(page)
    expect(told).to_have_count(0)
    assert kept(task) == ("yes", None, None, "已核对")
    answer(page, "b1", "na")
    wait_until_sent(page)
    assert kept(task)[0] == "na"


def test_what_was_typed_before_leaving_does_not_go_over_a_newer_answer(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    answer(page, "b1", "yes")
    wait_until_sent(page)
    page.context.set_offline(True)
    page.locator('textarea[name="note_b1"]').fill("床位与账面一致")
    page.goto("about:blank")
    by_the_other_officer(task, cast, answer_b1="no", note_b1="三张空床")
    page.context.set_offline(False)
    page.goto(visiting)
    expect(page.locator("#item-b1 .said .errors")).to_contain_text("否 三张空床")
    expect(page.locator('textarea[name="note_b1"]')).to_have_value("床位与账面一致")
    assert kept(task)[0] == "no"


def test_one_s_own_answer_whose_receipt_was_lost_is_no_other_device_s(visit, visiting, task, cast):
    page = visit(visiting, cast.officer.user, 390)
    lost = []

    def lose(route):
        lost.append(route.fetch())
        route.abort()

    page.route("**/fill_checklist/", lose)
    answer(page, "b1", "yes")
    page.locator("#net.offline").wait_for()
    assert [each.status for each in lost] == [200]
    page.unroute("**/fill_checklist/")
    answer(page, "b1", "no")
    wait_until_sent(page)
    expect(page.locator("#item-b1 .errors")).to_have_count(0)
    assert kept(task)[0] == "no"


def test_the_button_of_a_photo_says_what_it_does(visit, visiting, cast):
    page = visit(visiting, cast.officer.user, 390)
    button = page.locator("#item-b1 .thumbs .add")
    expect(button.get_by_text("拍照取证", exact=True)).to_be_visible()
    assert button.bounding_box()["width"] > 60
    assert page.locator("#item-b1 [data-photo]").evaluate("each => each.labels[0].innerText").startswith("拍照取证")
