"""The demo city: the same from the same seed, lawful to the last event, and each of its pages fit to be shown."""

import runpy
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from credit.models import Evaluation
from funds.models import Receivable
from inspections.draws.models import Draw
from inspections.onsite.selectors import coverage
from monitoring.models import Alert, ImportBatch, Rule, ScreeningRun
from supervision.demo import city
from supervision.parties.actors import Actor, actors_of
from supervision.parties.models import Practitioner, Provider, User
from supervision.procedure import clock
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import steps_for, visible_to
from supervision.records.selectors import evidence_visible_to, papers_visible_to
from supervision.web import nav
from tests.browser import assert_accessible

PASSWORD = "correct-horse-9"
# One of each role, those who work on matters first: a page is opened by the first who may.
PEOPLE = (
    "officer1-441602", "clerk1-441602", "officer1", "clerk1", "head1", "ahead1", "auditor1", "legal1", "finance1",
    "witness1", "provider1-441602", "sysadmin", "secadmin", "audadmin",
)  # fmt: skip
EXAMPLE = Path(__file__).parents[2] / "docs/examples/thread_by_api.py"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1360, "height": 900}


def _snapshot(seed: int) -> list[tuple[str, ...]]:
    with transaction.atomic():
        city.found(seed=seed, scale=0.02, password=PASSWORD, say=lambda line: None)
        rows = [
            *User.objects.order_by("username").values_list("username", "name"),
            *Provider.objects.order_by("code").values_list("code", "name", "region__code", "level", "risk"),
            *Practitioner.objects.order_by("code").values_list("code", "name"),
        ]
        transaction.set_rollback(True)
    return rows


def test_the_same_seed_founds_the_same_city(db) -> None:
    first = _snapshot(7)
    assert len(first) > 150
    assert _snapshot(7) == first
    assert _snapshot(8) != first


def test_every_page_of_the_demo_city_is_fit_to_be_shown_and_a_matter_goes_through(visit, live_server, capsys) -> None:
    """One city for both, since it takes long to found: its pages, then the example that works over its API."""
    call_command("demo", scale=0.05, password=PASSWORD)
    call_command("records", "verify")
    _county_agencies_have_been_on_site()
    _every_page_is_fit_to_be_shown(visit)
    _the_example_takes_a_matter_to_its_archive(live_server, capsys)
    call_command("records", "verify")


def _county_agencies_have_been_on_site() -> None:
    """Each has visited some of its area this year and some not yet, unless the year is only a few days old."""
    head = actors_of(User.objects.get(username="head1"), clock.today())[0]
    shares = [row.share for row in coverage(head, clock.today().year)]
    assert len(shares) == 7
    if clock.today().timetuple().tm_yday > 7:
        assert all(0 < share < 1 for share in shares), shares


def _every_page_is_fit_to_be_shown(visit) -> None:
    faults: list[str] = []
    opened: set[str] = set()
    for name in PEOPLE:
        user = User.objects.get(username=name)
        actor = actors_of(user, clock.today())[0]
        page = visit("/", user, PHONE["width"])
        for what, path in (("/", "/"), *_pages(actor)):
            if path == "/" or what not in opened:
                opened.add(what)
                faults += [f"{name}: {fault}" for fault in _faults(page, path)]
        page.context.close()
    page = visit("/public/", None, PHONE["width"])
    for path in _public_pages():
        faults += [f"the public: {fault}" for fault in _faults(page, path)]
    assert len(opened) > 120
    assert not faults, "\n".join(faults)


def _the_example_takes_a_matter_to_its_archive(live_server, capsys) -> None:
    runpy.run_path(str(EXAMPLE))["main"](live_server.url, PASSWORD)
    told = capsys.readouterr().out.splitlines()
    assert any("已归档" in line for line in told[-1:]), told


def _pages(actor: Actor) -> Iterator[tuple[str, str]]:
    """What is shown, and where: every place of the rail, a matter of each kind in each state, each open step once."""
    for path in _places(actor):
        yield path, path
    seen, whose = visible_to(actor), "provider's" if actor.provider else "officer's"
    for kind, state in seen.order_by("kind", "state").values_list("kind", "state").distinct():
        dossier = seen.filter(kind=kind, state=state).earliest("pk")
        yield f"{whose} {kind} {state}", reverse("web:dossier", args=[dossier.pk])
        for offer in steps_for(concrete(dossier), actor):
            if offer.open:
                yield offer.step.qualified, reverse("web:step", args=[dossier.pk, offer.step.name])
        if kind == "inspection":
            yield f"on site {state}", reverse("inspections:on-site", args=[dossier.pk])


def _places(actor: Actor) -> Iterator[str]:
    for _group, links in nav.rail(actor, "/"):
        yield from (link.url for link in links)
    for one, name in (
        (evidence_visible_to(actor).first(), "web:evidence"),
        (papers_visible_to(actor).first(), "web:paper"),
    ):
        if one is not None:
            yield reverse(name, args=[one.pk])
    if actor.authority is not None and actor.authority.level == "city":
        yield from _registers(actor)


def _registers(actor: Actor) -> Iterator[str]:
    for model in (Provider, Practitioner):
        yield reverse("web:party", args=[model.objects.earliest("pk").pk])
    places = [link.url for _group, links in nav.rail(actor, "/") for link in links]
    for place, model, name in (
        ("monitoring:alerts", Alert, "monitoring:alert"),
        ("monitoring:imports", ImportBatch, "monitoring:import"),
        ("monitoring:rules", Rule, "monitoring:rule"),
        ("monitoring:runs", ScreeningRun, "monitoring:run"),
    ):
        if reverse(place) in places:
            yield reverse(name, args=[model.objects.earliest("pk").pk])
    evaluation = Evaluation.objects.earliest("pk")
    yield reverse("credit:party", args=[evaluation.party_id])
    owed = Receivable.objects.filter(dossier__in=visible_to(actor)).first()
    if owed is not None and reverse("funds:receivables") in places:
        yield reverse("funds:receivable", args=[owed.pk])


def _public_pages() -> Iterator[str]:
    for name in ("public:home", "public:penalties", "public:terminations", "public-draws:list"):
        yield reverse(name)
    yield reverse("public-draws:draw", args=[Draw.objects.earliest("pk").commitment])


def _faults(page: Page, path: str) -> Iterator[str]:
    """What is wrong with a page on a phone and on a desk's screen."""
    page.set_viewport_size(PHONE)
    response = page.goto(path)
    if response is None or response.status != 200:
        yield f"{path} answered {response and response.status}"
        return
    if "html" not in response.headers["content-type"]:
        return  # a paper is its PDF
    try:
        assert_accessible(page)
    except AssertionError as fault:
        yield f"{path}: {fault}"
    page.set_viewport_size(DESKTOP)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        yield f"{path} is wider than a screen of 1360"
