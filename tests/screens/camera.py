"""A browser that signs in as somebody, opens a page and writes down how it looks, small enough to be kept."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as NothingHappened

from .places import Place
from .thread import Picture

# Width of the screen → the most of its page that is shown, both in CSS pixels.
SCREENS = {1360: 1200, 390: 1300}
COLOURS = 256
PATIENCE = 10_000


class Camera:
    """Takes pictures of one running system. `password` is that of every account of the demo city."""

    def __init__(self, browser: Browser, address: str, password: str, folder: Path) -> None:
        self.browser, self.address, self.password, self.folder = browser, address, password, folder
        self._sessions: dict[str, object] = {}

    def take(self, picture: Picture, place: Place) -> list[str]:
        """Write `name.png` and `name-390.png`; returns what is wrong with the page, as far as a machine can tell."""
        faults = []
        context = self._opened(self._session(place.username))
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{picture.name}: {error}"))
        for width, most in SCREENS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(place.path)
            if picture.act is not None:
                try:
                    picture.act(page)
                except NothingHappened as error:
                    faults.append(f"{picture.name} at {width}: {error.message.splitlines()[0]}")
            page.wait_for_load_state("networkidle")
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(700, min(tall, most))})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                faults.append(f"{picture.name} is wider than {width}")
            self._keep(page, picture.name if width == max(SCREENS) else f"{picture.name}-{width}")
        context.close()
        return faults

    def _session(self, username: str | None):
        """The cookies of an account that has signed in through the form, once."""
        if username is None:
            return None
        if username not in self._sessions:
            context = self._opened(None)
            page = context.new_page()
            page.goto("/sign-in/")
            page.locator("[name=username]").fill(username)
            page.locator("[name=password]").fill(self.password)
            with page.expect_navigation():
                page.locator("main form button.go").click()
            self._sessions[username] = context.storage_state()
            context.close()
        return self._sessions[username]

    def _opened(self, state):
        return self.browser.new_context(
            base_url=self.address, storage_state=state, locale="zh-CN", timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )  # fmt: skip

    def _keep(self, page: Page, name: str) -> None:
        seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        seen.quantize(COLOURS, dither=Image.Dither.NONE).save(self.folder / f"{name}.png", optimize=True)
