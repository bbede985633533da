"""The cast of the page tests, named by what they do."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from supervision.parties.models import Authority, Post, Provider, Region, User
from supervision.parties.roles import Role

PASSWORD = "correct horse battery"
ALWAYS = DateRange(date(2020, 1, 1), None)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def city(db) -> Region:
    return Region.objects.create(code="990000", name="示例市", path="990000/")


@pytest.fixture
def county(city: Region) -> Region:
    return Region.objects.create(code="990002", name="东区", parent=city, path="990000/990002/")


@pytest.fixture
def other_county(city: Region) -> Region:
    return Region.objects.create(code="990003", name="西县", parent=city, path="990000/990003/")


def bureau_of(region: Region, level: str) -> Authority:
    return Authority.objects.create(
        kind="authority",
        code=f"B{region.code}",
        name=f"{region.name}医保局",
        region=region,
        body="bureau",
        level=level,
        word="示医保",
    )


@pytest.fixture
def bureau(city: Region) -> Authority:
    return bureau_of(city, "city")


@pytest.fixture
def county_bureau(county: Region, bureau: Authority) -> Authority:
    return bureau_of(county, "county")


def person(username: str, name: str, *posts: tuple[Authority, Role]) -> User:
    user = User.objects.create_user(username, name, PASSWORD)
    for authority, role in posts:
        Post.objects.create(user=user, authority=authority, role=role, valid=ALWAYS)
    return user


@pytest.fixture
def officer(bureau: Authority) -> User:
    return person("B001", "甲某", (bureau, Role.BUREAU_OFFICER))


@pytest.fixture
def county_officer(county_bureau: Authority) -> User:
    return person("C001", "乙某", (county_bureau, Role.BUREAU_OFFICER))


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    """A browser in which the city's officer is signed in."""
    client.force_login(officer)
    return client


def provider(region: Region, number: int, **extra: object) -> Provider:
    values = {"name": f"示例医院{number:03d}", "sort_key": f"slyy{number:03d}", "beds": number % 7} | extra
    return Provider.objects.create(
        kind="provider", code=f"H990000{number:05d}", region=region, sort="hospital", ownership="public", **values
    )
