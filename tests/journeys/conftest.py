"""The stage of the journeys: a county with its hospitals, its people and their ways in, a worker, and a calendar."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from monitoring import demo
from monitoring.services import library, rules
from supervision.celery import app
from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.parties.served import serving
from tests.cast import a_provider, person
from tests.journeys.people import People
from tests.journeys.site import Calendar

RISKS = ("high", "medium_high", "medium", "low")
SECTIONS = ("纪检监察", "社会监督员")


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def calendar():
    """`calendar.at(2025, 2, 17, 9)` moves the procedures' clock to a morning of the journey."""
    line = Calendar()
    yield line
    line.end()


@pytest.fixture
def live_server(settings, calendar):
    """The site as of the calendar's moment, in a thread of its own."""
    settings.MIDDLEWARE = ["tests.journeys.site.at_the_calendars_moment", *settings.MIDDLEWARE]
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def people(chromium, live_server, town, calendar):
    """Everybody of the town at a browser; whatever fault any page shows to anyone fails the test."""
    everybody = People(chromium, live_server.url, town)
    yield everybody
    everybody.leave()
    assert not everybody.faults


@pytest.fixture
def worker():
    """Whatever a request hands to the worker is done as soon as its transaction is over."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture
def files(settings, tmp_path):
    """Claims, evidence and papers of this journey in a folder of its own."""
    settings.CLAIMS_DIR = tmp_path / "claims"
    settings.CLAIMS_ENGINE_MEMORY = "512MB"
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "supervision.records.storage.WholeFileStorage",
            "OPTIONS": {"location": str(tmp_path / "evidence")},
        },
    }
    return tmp_path


@pytest.fixture
def town(transactional_db, land, cast, provider, files, worker):
    """甲县: its bureau, agency and hospitals, the rules in force, and a month of claims in the national layout."""
    hospitals = [
        a_provider(f"H9901211{n:04}", f"示例·甲县{n}号医院", land.county_region, risk=RISKS[n % 4])
        for n in range(1, 13)
    ]
    clinic = a_provider("H99012120001", "示例·甲县百姓诊所", land.county_region, sort="clinic", level="9")
    pharmacy = a_provider("P99012130001", "示例·甲县康宁药房", land.county_region, sort="pharmacy", level="9")
    third = person("third_officer", land.county_bureau, Role.BUREAU_OFFICER, certificate="enforcement")
    witnesses = [person(f"witness_{n}", land.county_bureau, Role.WITNESS) for n in (1, 2)]
    for witness, section in zip(witnesses, SECTIONS, strict=True):
        with serving("given"):
            Post.objects.filter(user=witness.user).update(section=section)
    managers = {one.code: person(f"manager_{n}", one, Role.PROVIDER_REP) for n, one in enumerate(hospitals)}
    rules.sync()
    for path in demo.write_library(files / "rule_library"):
        library.import_library(path=path)
    claims, planted = demo.generate(
        files / "sent",
        seed=5,
        providers=[
            demo.DemoProvider(provider.code, provider.name, provider.level, False, ("D990121000001",)),
            demo.DemoProvider(clinic.code, clinic.name, clinic.level, False, ("D990121000002",)),
            demo.DemoProvider(pharmacy.code, pharmacy.name, pharmacy.level, True, ("Y990121000001",)),
        ],
        persons=[
            demo.DemoPerson(f"PSN{n:08d}", "12"[n % 2], date(1930 + n % 90, n % 12 + 1, n % 28 + 1))
            for n in range(480)
        ],
        first_month=date(2025, 1, 1),
        months=1,
        scale=0.1,
    )  # fmt: skip
    officers = {actor.user.certificates.get().number: actor for actor in (cast.officer, cast.second_officer, third)}
    return SimpleNamespace(
        land=land, cast=cast, hospital=provider, hospitals=hospitals, witnesses=witnesses, officers=officers,
        files=files, managers={provider.code: cast.hospital, **managers}, claims=claims, planted=planted,
    )  # fmt: skip
