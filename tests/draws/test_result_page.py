"""The public result page and the witness's page in a real browser: computed and searched there."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.draws.test_browser import browser

__all__ = ["browser"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.law("HY-31", "DR-3")]
WIDTHS = (1360, 390)


@pytest.fixture
def served(live_server, published):
    return live_server.url


@pytest.fixture(params=WIDTHS)
def page(request, browser, served):
    made = browser.new_page(viewport={"width": request.param, "height": 900})
    made.problems = []
    made.on("console", lambda m: made.problems.append(m.text) if m.type == "error" else None)
    made.on("pageerror", lambda error: made.problems.append(str(error)))
    yield made
    made.close()


def keep(page, name):
    """Screenshots for people, where SCREENS names a folder."""
    if folder := os.environ.get("SCREENS"):
        width = page.viewport_size["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def no_sideways_scroll(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_readers_browser_computes_the_draw(page, served, published):
    address = served + reverse("public-draws:draw", args=[published.commitment])
    page.goto(address)
    expect(page.locator("#verification")).to_have_class("card verification agrees")
    assert page.locator("[data-check].agrees").count() == 9
    name = published.targets.first().provider.name
    page.fill("#code", name)
    page.press("#code", "Enter")
    expect(page.locator("[data-answer] b")).to_be_visible()
    assert published.targets.first().ticket in page.locator("[data-answer]").inner_text()
    assert no_sideways_scroll(page)
    keep(page, "draw-result")
    page.goto(served + reverse("public-draws:list"))
    assert no_sideways_scroll(page)
    keep(page, "draw-list")
    assert page.problems == []


def test_officers_and_witnesses_see_their_pages(page, served, published, world, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR_ROLES", [])
    for actor, name, path in (
        (world.cast.head, "draw-record", reverse("web:dossier", args=[published.pk])),
        (world.cast.officer, "plan-record", reverse("web:dossier", args=[published.plan_id])),
        (world.cast.officer, "plan-form", reverse("draws:new-plan")),
        (world.witnesses[0], "witness", reverse("draws:witness")),
    ):
        client = Client()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": served}])
        page.goto(served + path)
        assert no_sideways_scroll(page), name
        keep(page, name)
    page.click("[data-make]")
    expect(page.locator("#maker-hash")).not_to_have_value("")
    assert page.problems == []
