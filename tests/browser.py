"""A real browser for page tests: Chromium at two widths, signed in, in the product's own fonts, watched by axe.

    def test_desk(visit, cast):
        page = visit("/", cast.clerk.user, 390)
        assert_accessible(page)

A page that breaks the content security policy, a script that fails or a server error fails the test.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

WIDTHS = (1360, 390)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)

AXE = Axe()
# What of axe's answer is wanted is chosen in the page: the whole of it is long, and slow to hand over.
SERIOUS = """
axe.run({resultTypes: ["violations"]}).then(found => found.violations
    .filter(each => ["serious", "critical"].includes(each.impact))
    .map(each => each.id + ": " + each.help + " — "
        + JSON.stringify(each.nodes.slice(0, 3).map(node => node.html.slice(0, 120)))))
"""


@pytest.fixture(scope="session")
def chromium(tmp_path_factory) -> Iterator[Browser]:
    """One Chromium for the run, with Chinese fonts from the installed package."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the pages are NOT tested in a browser")
    with a_chromium(tmp_path_factory.mktemp("fonts")) as browser:
        yield browser


@contextmanager
def a_chromium(fonts: Path, *flags: str) -> Iterator[Browser]:
    """A Chromium that shows Chinese in the product's fonts; `fonts` is a folder for its notes about them."""
    config = fonts / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{Path(pylopdf_fonts_zh_cn.sans_path()).parent}</dir><cachedir>{fonts}</cachedir></fontconfig>"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *flags], env={**os.environ, "FONTCONFIG_FILE": str(config)}
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, live_server, transactional_db):
    """`visit(path, user=None, width=1360, scripts=True)` opens a page; faults of scripts and policy fail the test.

    `zone` is where the device believes to be; without it, where the server is.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str, user=None, width: int = 1360, *, scripts: bool = True, zone: str | None = None) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            base_url=live_server.url,
            timezone_id=zone,
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        watch(page, faults)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def watch(page: Page, faults: list[str]) -> None:
    """Write down what no page may do: fail in a script, break the policy, complain in the console, err on the server.

    A resource that did not load is left to its own answer: offline on purpose, or refused as it should be.
    """
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda line: faults.append(f"{page.url}: {line.text}") if _is_fault(line) else None)
    page.on("response", lambda answer: faults.append(f"{answer.url}: {answer.status}") if answer.status > 499 else None)


def _is_fault(line: ConsoleMessage) -> bool:
    return "Content Security Policy" in line.text or (
        line.type == "error" and not line.text.startswith("Failed to load resource")
    )


def assert_accessible(page: Page) -> None:
    """axe finds nothing serious or critical, and nothing runs out of the page sideways."""
    page.wait_for_load_state()  # a click returns when the next page begins
    page.evaluate(AXE.axe_script)
    serious = page.evaluate(SERIOUS)
    assert not serious, "\n".join(serious)
    assert_within(page)


# Cells that reach beyond their card, or are cut by what holds them without a way to scroll there.
CUT = """
() => [...document.querySelectorAll("td, th")].filter((cell) => {
    const box = cell.getBoundingClientRect();
    const head = cell.closest("thead");
    if (!cell.offsetParent || box.width < 3 || (head && head.getBoundingClientRect().width < 3)) return false;
    if (cell.closest(".scroll")) return false;
    const card = cell.closest(".card, dialog, main");
    return (card && box.right > card.getBoundingClientRect().right + 1) || cell.scrollWidth > cell.clientWidth + 2;
}).map((cell) => cell.textContent.trim().slice(0, 40))
"""


def assert_fits(page: Page) -> None:
    """The page is no wider than the screen, and no cell of a table is cut or hangs out of its card."""
    page.wait_for_load_state()
    assert_within(page)
    cut = page.evaluate(CUT)
    assert not cut, f"{page.url}: {cut}"


def assert_within(page: Page) -> None:
    """Nothing runs out of the page sideways."""
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth + 1"), (
        f"{page.url} is wider than the screen"
    )
