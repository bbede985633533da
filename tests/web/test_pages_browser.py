"""Every page of the shell in a real browser: at two widths, by keyboard alone, without scripts, watched by axe."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from supervision.procedure import clock
from supervision.procedure.services import advance, open_dossier
from tests.browser import WIDTHS, assert_accessible
from tests.cast import a_provider
from tests.toy.models import Errand

PASSWORD = "correct-horse-9"


@pytest.fixture
def errand(transactional_db, cast, land, provider):
    dossier = open_dossier(
        Errand,
        cast.clerk,
        authority=land.county_agency,
        title="示例康复医院重复收费核对",
        subject=provider,
        officers=[cast.clerk.user, cast.auditor.user],
        estimate=Decimal("186420.50"),
    )
    advance(dossier, "tell", cast.clerk, told_on=date(2026, 10, 9), note="当面告知")
    advance(dossier, "weigh", cast.clerk)
    for number in range(60):
        a_provider(f"H990121{number + 100:05d}", f"示例·甲县第{number}医院", land.county_region, risk="high")
    return dossier


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(visit, cast, errand, width: int) -> None:
    page = visit("/sign-in/", width=width)
    assert_accessible(page)
    page = visit("/", cast.agency_head.user, width)
    for path in (
        "/",
        "/news/",
        "/help/",
        "/account/",
        "/account/password/",
        "/account/second-factor/enrol/",
        "/search/?q=示例",
        "/dossiers/",
        "/deadlines/",
        "/parties/providers/?risk=high",
        f"/parties/{errand.subject_id}/",
        f"/dossiers/{errand.pk}/",
        f"/dossiers/{errand.pk}/steps/finish/",
        f"/dossiers/{errand.pk}/officers/",
        f"/dossiers/{errand.pk}/events/?only=steps",
        "/nope/",
    ):
        page.goto(path)
        assert_accessible(page)


def _an_errand(cast, land, provider) -> Errand:
    return open_dossier(
        Errand, cast.clerk, authority=land.county_agency, title="再核", subject=provider, estimate=Decimal("1.00")
    )


def test_a_step_in_the_dialog_keeps_the_text_and_then_is_taken(visit, cast, land, provider, errand) -> None:
    fresh = _an_errand(cast, land, provider)
    page = visit(f"/dossiers/{fresh.pk}/", cast.clerk.user)
    page.click("#next-steps a.btn.go")
    page.wait_for_selector("dialog[open] form")
    assert_accessible(page)
    page.fill("dialog [name=note]", "打过的字")
    page.click("dialog button.go")
    page.wait_for_selector("dialog .wrong")
    assert page.input_value("dialog [name=note]") == "打过的字"
    page.fill("dialog [name=told_on]", clock.today().isoformat())
    with page.expect_navigation():
        page.click("dialog button.go")
    expect(page.locator(".messages .success")).to_have_count(1)
    fresh.refresh_from_db()
    assert fresh.state == "told"


def test_everything_works_without_scripts(visit, cast, land, provider, errand) -> None:
    fresh = open_dossier(
        Errand, cast.clerk, authority=land.county_agency, title="再核", subject=provider, estimate=Decimal("1.00")
    )
    page = visit(f"/dossiers/{fresh.pk}/", cast.clerk.user, scripts=False)
    page.click("#next-steps a.btn.go")
    page.fill("main [name=told_on]", clock.today().isoformat())
    with page.expect_navigation():
        page.click("main button.go")
    fresh.refresh_from_db()
    assert fresh.state == "told"
    page.goto("/parties/providers/")
    page.click("a[rel=next]")
    expect(page.locator("#list tbody tr")).not_to_have_count(0)
    page.goto("/")
    page.click("text=English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.set_viewport_size({"width": 390, "height": 844})
    page.click(".top details.menu:last-of-type summary")
    page.click(".top details.menu:last-of-type >> text=中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_keyboard_alone_finds_opens_and_acts(visit, cast, errand) -> None:
    page = visit("/", cast.clerk.user)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    page.keyboard.type("康复")
    page.wait_for_selector("#search-hits a")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/dossiers/{errand.pk}/")
    page.goto("/")
    page.focus(".top details.menu:last-of-type summary")
    page.keyboard.press("Enter")
    expect(page.locator(".top details.menu[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".top details.menu[open]")).to_have_count(0)


def test_a_step_is_opened_filled_in_and_taken_by_keyboard_alone(visit, cast, land, provider) -> None:
    page = visit(f"/dossiers/{_an_errand(cast, land, provider).pk}/", cast.clerk.user)
    page.focus("#next-steps a.btn.go")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] form")
    stops = []
    while (stop := page.evaluate("document.activeElement.name || document.activeElement.className")) != "go":
        if stop == "note" and stop not in stops:
            page.keyboard.type("只用键盘")
        stops.append(stop)
        assert len(stops) < 20, stops
        page.keyboard.press("Tab")
    page.mouse.click(5, 5)
    assert page.input_value("dialog[open] [name=note]") == "只用键盘", "a click beside the dialog lost typed text"
    page.fill("dialog [name=told_on]", clock.today().isoformat())
    page.focus("dialog button.go")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#messages .success")).to_be_visible()


def test_every_stop_of_the_tab_key_can_be_seen(visit, cast, errand) -> None:
    page = visit(f"/dossiers/{errand.pk}/", cast.clerk.user)
    for _ in range(25):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")


def test_a_phone_has_tabs_and_opens_the_rail(visit, cast, errand) -> None:
    page = visit("/", cast.clerk.user, 390)
    expect(page.locator("nav.tabs")).to_be_visible()
    expect(page.locator("nav.rail")).to_be_hidden()
    page.click("nav.tabs a:last-child")
    page.wait_for_selector("nav.rail", state="visible")
    small = page.evaluate(
        "[...document.querySelectorAll('nav.rail a, nav.tabs a')].filter(a => a.offsetHeight < 44).length"
    )
    assert small == 0
    page.click("nav.tabs a:last-child")
    page.wait_for_selector("nav.rail", state="hidden")


def test_filters_sort_and_pages_change_the_list_in_place(visit, cast, errand) -> None:
    page = visit("/parties/providers/", cast.clerk.user)
    page.click("a[rel=next]")
    page.wait_for_url("**at=**")
    page.click("th a.sort >> nth=1")
    page.wait_for_url("**sort=code**")
    page.select_option("[name=risk]", "medium")
    page.wait_for_url("**risk=medium**")
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(1)
    page.go_back()
    expect(rows).not_to_have_count(1)


def test_signing_in_by_form(visit, cast, errand) -> None:
    page = visit(f"/dossiers/{errand.pk}/")
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/dossiers/{errand.pk}/")


def test_a_matter_prints_without_the_furniture(visit, cast, errand) -> None:
    page = visit(f"/dossiers/{errand.pk}/", cast.clerk.user)
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("nav.rail")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
