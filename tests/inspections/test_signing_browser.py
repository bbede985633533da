"""Who signs the on-site record in a real browser: the party and the officers, or the officers that it refused."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import InspectionTask
from tests.browser import assert_accessible
from tests.inspections.stages import both

pytestmark = pytest.mark.django_db(transaction=True)


def draw(page, canvas, drop):
    """A stroke with the finger, as steep as `drop`."""
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    page.mouse.move(frame["x"] + 30, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 60 + drop, steps=6)
    page.mouse.up()


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


def test_a_refusal_is_noted_once_the_officers_have_drawn_their_signatures(visit, recorded, cast):
    page = visit(reverse("inspections:on-site", args=[recorded.pk]), cast.officer.user, 390)
    page.get_by_role("link", name="注明拒绝签名").click()
    page.locator("#refuse textarea[name=refused_because]").fill("对人数有异议")
    page.locator("#refuse input[name=witness]").fill("示例村医")
    page.locator("#refuse button.danger").click()
    fields = [page.locator(f"#refuse .field:has(input[name=signature_{user.pk}])") for user in both(cast)]
    for field, user in zip(fields, both(cast), strict=True):
        expect(field.locator(".errors")).to_contain_text(f"{user.name}尚未签名")
    assert_accessible(page)
    for place, field in enumerate(fields):
        draw(page, field.locator("canvas"), 10 + 20 * place)
    page.locator("#refuse button.danger").click()
    expect(page.locator("#refuse")).to_have_count(0)
    task = InspectionTask.objects.get(pk=recorded.pk)
    assert task.state == "refused"
    witness, *officers = task.site_record_paper.facts["signatures"]
    assert not witness["picture"]
    assert all(each["picture"] for each in officers)
