"""The verifier that runs in the reader's browser, under the content security policy of our pages."""

import json
import random
import shutil
from pathlib import Path

import pytest

from inspections.draws.algorithm import inspector_roll, position, target_roll
from inspections.draws.publication import publication, replay
from inspections.draws.replacements import standing

pytestmark = pytest.mark.law("DR-1", "HY-31")

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
PAGE = '<!doctype html><meta charset="utf-8"><title>draw</title><script src="/verify_draw.js"></script>'
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"


@pytest.fixture
def browser(chromium):
    """The one Chromium of the run: a second one beside it in the same process is refused."""
    return chromium


@pytest.fixture
def open_page(browser, static: Path):
    """Opens our script at an origin; only https and localhost count as secure contexts."""
    pages = []

    def answer(route):
        headers = {"Content-Security-Policy": POLICY}
        if route.request.url.endswith(".js"):
            body = (static / "verify_draw.js").read_text(encoding="utf-8")
            route.fulfill(body=body, content_type="text/javascript; charset=utf-8", headers=headers)
        else:
            route.fulfill(body=PAGE, content_type="text/html; charset=utf-8", headers=headers)

    def at(origin: str):
        page = browser.new_page()
        pages.append(page)
        page.route(f"{origin}/**", answer)
        page.goto(f"{origin}/draw")
        return page

    yield at
    for page in pages:
        page.close()


VERIFY = """async (published) => {
    const outcome = await fundDraw.verify(published);
    const { commitment, seed, selected } = outcome.computed;
    return { agree: outcome.agree, differ: outcome.checks.filter((one) => !one.agree).map((one) => one.name),
             result: { commitment, seed, selected } };
}"""
PLACES = """async (published) => {
    const { computed } = await fundDraw.verify(published);
    return published.targets.map(([, code]) => fundDraw.position(published, computed, code));
}"""


def a_draw(material, seed: int) -> dict:
    """A published draw with rolls that are hard to sort: astral and full-width signs, many areas, replacements."""
    rng = random.Random(seed)  # noqa: S311  test material
    signs = ["A", "z", "中", "\uff21", "\U00020bb7", "é", " "]
    areas = ["441602", "441621", "441622"]
    targets = [
        (rng.choice(["高", "中", "low\U0001f600"]), f"{rng.choice(signs)}{number}", rng.choice(areas))
        for number in range(rng.randint(5, 80))
    ]
    inspectors = [
        (
            f"{rng.choice(signs)}P{number}",
            rng.choice(["*", "441602", "441621,441622"]),
            ",".join(code for _, code, _ in rng.sample(targets, rng.randint(0, 3))),
        )
        for number in range(rng.randint(1, 9))
    ]
    sizes: dict[str, int] = {}
    for stratum, _, _ in targets:
        sizes[stratum] = sizes.get(stratum, 0) + 1
    take = {stratum: rng.randint(0, size) for stratum, size in sizes.items()}
    document = material(targets, inspectors, take, public=rng.choice([None, "05 11 17 23 28 31 + 09"]))
    rolls = {"targets": target_roll(targets), "inspectors": inspector_roll(inspectors)}
    given = {**rolls, "contributions": document["contributions"], "public": document["public"]}
    now = standing(document["announcement"], **given)
    replacements = []
    for code in sorted(now.active)[:1]:
        done = now.replace_target(code)
        substitute = done.substitute.ticket.code if done.substitute else None
        replacements.append({"kind": "target", "out": code, "in": substitute})
    for code in [code for code, team in now.active.items() if team][:1]:
        out = now.active[code][0]
        done = now.replace_inspector(code, out)
        replacements.append({"kind": "inspector", "target": code, "out": out, "in": done.substitute})
    return publication(document["announcement"], **given, result=replay(document), replacements=replacements)


@pytest.mark.parametrize("origin", ["http://localhost", "http://bureau.example"])
def test_the_browser_agrees_with_the_vectors(open_page, vectors, origin):
    page = open_page(origin)
    assert page.evaluate("fundDraw.usesWebCrypto") is (origin == "http://localhost")
    for vector in vectors:
        outcome = page.evaluate(VERIFY, vector)
        assert outcome == {"agree": True, "differ": [], "result": vector["result"]}


def test_the_browser_the_verifier_and_the_system_agree_on_draws_of_every_kind(open_page, verifier, material):
    page = open_page("http://localhost")
    for seed in range(25):
        published = a_draw(material, seed)
        outcome = page.evaluate(VERIFY, published)
        assert outcome["differ"] == []
        assert outcome["result"] == replay(published).as_json()
        assert [
            label for label, agrees, _ in verifier.checks(published, verifier.compute(published)) if not agrees
        ] == []


def test_every_target_finds_its_own_place(open_page, material):
    page = open_page("http://localhost")
    published = a_draw(material, 3)
    roll = target_roll(published["targets"])
    seed = published["result"]["seed"]
    takes = {stratum["name"]: stratum["take"] for stratum in published["announcement"]["strata"]}
    for (stratum, code, _), found in zip(published["targets"], page.evaluate(PLACES, published), strict=True):
        place = position(roll, seed, stratum, code)
        assert (found["stratum"], found["place"]) == (stratum, place)
        assert found["drawn"] is (place <= takes[stratum])


SPOILT = {
    "targets": lambda p: p["targets"].append(["高", "H-new", "441602"]),
    "inspectors": lambda p: p["inspectors"].append(["P-new", "*", ""]),
    "commitment": lambda p: p["announcement"].update(at="2026-11-23T09:00:01+08:00"),
    "witnesses": lambda p: p["contributions"].__setitem__(0, "somebody else's sixteen letters"),
    "public": lambda p: p.update(public=None if p["public"] else "1 2 3"),
    "seed": lambda p: p["result"].update(seed="0" * 64),
    "selected": lambda p: p["result"]["selected"][0].update(code="another"),
    "staffing": lambda p: p["result"]["selected"][0].update(inspectors=["a friend"]),
    "replacements": lambda p: p["replacements"][0].update({"in": "a friend"}),
}


@pytest.mark.parametrize("part", SPOILT)
def test_the_browser_and_the_verifier_find_what_was_altered(open_page, verifier, material, part):
    published = json.loads(json.dumps(a_draw(material, 5)))
    SPOILT[part](published)
    outcome = open_page("http://localhost").evaluate(VERIFY, published)
    assert not outcome["agree"]
    assert part in outcome["differ"]
    assert not all(agrees for _, agrees, _ in verifier.checks(published, verifier.compute(published)))
