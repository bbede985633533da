"""The people of the tour: each has a browser, sees what the page says, clicks and types; nobody knows an address.

    officer.opens("线索", "示例·甲县康复医院")
    officer.takes("开始核查", {"核查人员": ["示例officer"]})

Forms are filled by the words beside their fields. A page that breaks the content security policy, a script that fails
or a server error fails the test, whoever meets it.
"""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as NothingHappened

from tests.browser import watch

PASSWORD = "correct-horse-9"
DESK, PHONE = 1360, 390
PATIENCE = 30_000


class Reader:
    """Somebody at a browser of the town's time, without signing in."""

    def __init__(self, browser: Browser, address: str, faults: list[str], width: int = DESK) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=address,
            timezone_id="Asia/Shanghai",
            locale="zh-CN",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        watch(self.page, faults)

    def visits(self, path: str) -> None:
        """Type an address that is known to everyone: the front door, the public pages."""
        self.page.goto(path)

    def clicks(self, words: str, within: str = "main") -> None:
        """Follow a link or press a button that leads to another page."""
        here = self.page.locator(within)
        named = here.get_by_role("link", name=words, exact=True).or_(here.get_by_role("button", name=words, exact=True))
        with self.page.expect_navigation():
            named.first.click()

    def sees(self, *words: str, within: str = "main") -> None:
        for each in words:
            expect(self.page.locator(within)).to_contain_text(each)

    def downloads(self, words: str) -> bytes:
        with self.page.expect_download() as begun:
            self.page.get_by_role("link", name=words).or_(self.page.get_by_role("button", name=words)).first.click()
        return begun.value.path().read_bytes()


class Person(Reader):
    """Somebody of the cast, signed in through the form."""

    def __init__(self, actor: Any, *where: Any) -> None:
        super().__init__(*where)
        self.name = actor.user.name
        self.visits("/sign-in/")
        self.fills(self.page.locator("main form"), {"工号": actor.user.username, "密码": PASSWORD})
        self.clicks("登录")
        self.sees("工作台")

    # --- finding one's way ------------------------------------------------------------------------------------

    def goes_to(self, place: str) -> None:
        """To one of the areas of work: through the rail, on a phone through the bar below."""
        menu = self.page.locator("nav.rail:visible, nav.tabs:visible").first
        with self.page.expect_navigation():
            menu.get_by_role("link", name=re.compile(rf"^{place}\s*\d*$")).click()
        expect(self.page.locator("h1")).to_have_text(re.compile(place))

    def opens(self, place: str, *words: str) -> None:
        """The one line of a list that says all of this."""
        self.goes_to(place)
        lines = self.page.locator("#list tbody tr")
        for each in words:
            lines = lines.filter(has_text=each)
        with self.page.expect_navigation():
            lines.locator("td.lead a").first.click()

    # --- acting -----------------------------------------------------------------------------------------------

    def step(self, label: str) -> Locator:
        """A line of the next steps, folded away or not."""
        panel = self.page.locator("#next-steps, .no-print")
        line = panel.locator(".step").filter(has=self.page.locator("b").get_by_text(label, exact=True)).first
        folded = self.page.locator("#next-steps details:not([open]) > summary")
        if folded.count() and not line.is_visible():
            folded.first.click()
        return line

    def takes(self, label: str, answers: Mapping[str, Any] | None = None) -> None:
        """Take a step that is open: its dialog, its form, its word that it is done."""
        self.step(label).locator("a.btn.go").click()
        self.answers(answers or {})

    def goes_on_to(self, label: str) -> None:
        """Open the next matter from the page of this one: its form, filled in with what is known."""
        with self.page.expect_navigation():
            self.step(label).locator("a.btn.go").click()

    def answers(self, answers: Mapping[str, Any]) -> None:
        """Fill in the dialog that has opened, and send it."""
        form = self.page.locator("dialog[open] form")
        self.fills(form, answers)
        self.sends(form)
        expect(self.page.locator("#messages .success")).to_be_visible()

    def sends(self, form: Locator) -> None:
        """Press the form's own button; what the form finds wrong is the failure."""
        try:
            with self.page.expect_navigation():
                form.locator("button.go").click()
        except NothingHappened:
            told = self.page.locator(".errors, .refusals").all_inner_texts()
            raise AssertionError(f"{self.name} at {self.page.url} was told: {told}") from None

    def cannot_yet(self, label: str, *reasons: str) -> None:
        """The step is shown as blocked, with these words among its reasons and an article beside them."""
        line = self.step(label)
        expect(line.get_by_role("button")).to_be_disabled()
        for reason in reasons:
            why = line.locator("ul.why > li:not(.met)").filter(has_text=reason)
            expect(why.first).to_be_visible()

    def fills(self, form: Locator, answers: Mapping[str, Any]) -> None:
        for label, answer in answers.items():
            _fill(_field(self.page, form, label), answer)


def _field(page: Page, form: Locator, label: str) -> Locator:
    words = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
    name = page.locator(":scope > label, :scope > legend").filter(has_text=words)
    return form.locator(".field").filter(has=name)


def _boxes(field: Locator) -> list[Locator]:
    return field.get_by_role("checkbox").all()


def _fill(field: Locator, answer: Any) -> None:
    expect(field).to_have_count(1)
    match answer:
        case bool():
            field.get_by_role("checkbox").set_checked(answer)
        case list():
            # What stands behind the first dot says more of the same: a post, a state.
            offered = {
                box.evaluate("box => box.labels[0].innerText.split(' · ')[0].trim()"): box for box in _boxes(field)
            }
            assert set(answer) <= set(offered), f"{answer} are not among {list(offered)}"
            for words, box in offered.items():
                box.set_checked(words in answer)
        case dict() if "buffer" in answer:
            field.locator("input[type=file]").set_input_files(answer)  # type: ignore[arg-type]
        case dict():
            for cell, said in answer.items():
                put = field.get_by_label(cell, exact=True)
                if isinstance(said, bool):
                    put.set_checked(said)
                elif put.evaluate("cell => cell.tagName") == "SELECT":
                    put.select_option(label=said)
                else:
                    put.fill(said)
        case _ if field.locator("select").count():
            chosen = field.locator("option").filter(has_text=answer).get_attribute("value")
            field.locator("select").select_option(chosen)
        case _ if field.get_by_role("radio").count():
            field.get_by_label(answer, exact=True).check()
        case _:
            field.locator("input, textarea").fill(answer)


class People:
    """Everybody of the town by name — `people.officer`, `people.head` — who sits down at a browser when first asked."""

    def __init__(self, browser: Browser, address: str, town: SimpleNamespace) -> None:
        self.town, self.faults = town, list[str]()
        self._where = browser, address, self.faults
        self._present: dict[tuple[Any, int], Reader] = {}

    def __getattr__(self, name: str) -> Person:
        return self.of(getattr(self.town.cast, name))

    def of(self, actor: Any, width: int = DESK) -> Person:
        """One person's browser, at a desk or on a phone; the same one every time."""
        key = (actor.user.pk, width)
        if key not in self._present:
            self._present[key] = Person(actor, *self._where, width)
        return self._present[key]  # type: ignore[return-value]

    @property
    def passer_by(self) -> Reader:
        """Somebody who never signs in."""
        return self._present.setdefault((None, DESK), Reader(*self._where))

    def leave(self) -> None:
        for each in self._present.values():
            each.context.close()
