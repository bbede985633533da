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


def test_the_refusal_to_sign_is_at_hand_where_the_record_is_signed(visit, recorded, cast):
    page = visit(reverse("inspections:on-site", args=[recorded.pk]), cast.officer.user, 390)
    page.locator("#sign button.go").click()
    signature = page.locator("#sign .field", has=page.locator("input[name=signature]"))
    expect(signature.locator(".errors")).to_contain_text("尚未签名")
    expect(page.locator("#sign input[name=signed_by]")).to_be_focused()
    page.get_by_role("link", name="注明拒绝签名").click()
    page.locator("#refuse button.danger").click()
    expect(page.locator("#refuse textarea[name=refused_because]")).to_be_focused()
    witness = page.locator("#refuse .field", has=page.locator("input[name=witness]"))
    expect(witness.locator(".errors")).to_be_visible()


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


def draw(page, canvas, drop):
    """A stroke with the finger, as steep as `drop`."""
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    page.mouse.move(frame["x"] + 30, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 60 + drop, steps=6)
    page.mouse.up()


def test_the_party_and_the_officers_sign_on_the_screen_and_the_record_shows_it(visit, recorded, cast):
    page = visit(reverse("inspections:on-site", args=[recorded.pk]), cast.officer.user, 390)
    page.locator("#sign input[name=signed_by]").fill("示例院长")
    pads = page.locator("#sign canvas")
    expect(pads).to_have_count(3)
    for place in (0, 1, 2):
        draw(page, pads.nth(place), 10 + 20 * place)
    page.locator("#sign button.go").click()
    expect(page.locator("#sign")).to_have_count(0)  # the page comes anew once the record is with the server
    task = InspectionTask.objects.get(pk=recorded.pk)
    assert task.state == "signed"
    assert task.site_record.proof.media_type == "image/png"
    shown = [one["picture"] for one in task.site_record_paper.facts["signatures"]]
    assert all(shown)
    assert len(set(shown)) == 3


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
