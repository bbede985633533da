"""The cast every test plays with: a city, two counties, their bureaus and agencies, and people named by their role."""

from datetime import date
from types import SimpleNamespace

import pytest

from funds.models import Account, Route
from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Certificate, Office, Post, Provider, Redress, Region, User
from supervision.parties.roles import Role
from supervision.parties.served import served_by_server

LONG = (date(2020, 1, 1), None)


@served_by_server
def person(username, place, *roles, certificate=None):
    """A user with posts at one authority or provider; returns the actor `actors_of` would make of them."""
    employer = place if isinstance(place, Authority) else None
    user = User.objects.create_user(username, f"示例{username}", "correct-horse-9", employer=employer)
    where = {"provider": place} if isinstance(place, Provider) else {"authority": place}
    for role in roles:
        Post.objects.create(user=user, role=role, valid=LONG, **where)
    if certificate:
        Certificate.objects.create(user=user, kind=certificate, number=f"试{username}", valid=LONG)
    return Actor(user=user, authority=employer, provider=where.get("provider"), roles=frozenset(roles))


@served_by_server
def a_provider(code, name, region, **fields):
    """A hospital of the second level unless told otherwise."""
    given = {"sort": "hospital", "level": "2", "ownership": "non_profit", "risk": "medium"} | fields
    return Provider.objects.create(kind="provider", code=code, name=name, sort_key=name, region=region, **given)


@pytest.fixture
def land(db):
    """Regions and authorities: city 示例市 with counties 甲县 and 乙县, with what decisions tell of them."""
    return a_land()


@served_by_server
def a_land():
    """Entered as a service of the server would, so that `records verify` has nothing to say of them."""
    city = Region.objects.create(code="990100", name="示例市", path="990100/")
    places = SimpleNamespace(city_region=city)
    root = None
    for key, code, name, region, level in (
        ("city", "990100", "示例市", city, "city"),
        ("county", "990121", "甲县", None, "county"),
        ("twin", "990122", "乙县", None, "county"),
    ):
        here = region or Region.objects.create(code=code, name=name, parent=city, path=f"990100/{code}/")
        setattr(places, f"{key}_region", here)
        bureau = Authority.objects.create(
            kind="authority", code=f"B{code}", name=f"{name}医疗保障局", region=here,
            body="bureau", level=level, parent=root, word=f"{name[0]}医保",
        )  # fmt: skip
        root = root or bureau
        agency = Authority.objects.create(
            kind="authority", code=f"A{code}", name=f"{name}医疗保障中心", region=here,
            body="agency", level=level, parent=bureau, word=f"{name[0]}医中",
        )  # fmt: skip
        setattr(places, f"{key}_bureau", bureau)
        setattr(places, f"{key}_agency", agency)
        for one, unit in ((bureau, "基金监管科"), (agency, "稽核科")):
            at = {"address": f"{name}示例路1号", "contact": unit, "phone": f"0999-{code}"}
            Office.objects.create(authority=one, valid=LONG, **at)
    tell_remedies([places.city_bureau, places.county_bureau, places.twin_bureau])
    return places


@served_by_server
def tell_remedies(bureaus):
    """Where what these bureaus and their agencies decide is contested, and into which accounts it is paid."""
    for one in bureaus:
        name = one.region.name
        Redress.objects.create(authority=one, reconsideration=f"{name}人民政府", court=f"{name}人民法院", valid=LONG)
        paid_into = {"authority": one, "holder": f"示例·{name}财政局", "bank": f"示例银行{name}支行", "valid": LONG}
        Account.objects.bulk_create(
            Account(route=route, number=f"{one.region.code}0000{place}", **paid_into)
            for place, route in enumerate(Route)
        )


@pytest.fixture
def provider(land):
    """A hospital in 甲县."""
    return a_provider("H99012100001", "示例·甲县康复医院", land.county_region)


@pytest.fixture
def cast(land, provider):
    """Actors by role: of the county unless the name says otherwise."""
    enforcement, audit, legal = "enforcement", "audit", "legal"
    return SimpleNamespace(
        clerk=person("clerk", land.county_agency, Role.AGENCY_CLERK, certificate=audit),
        auditor=person("auditor", land.county_agency, Role.AUDITOR, certificate=audit),
        agency_head=person("agency_head", land.county_agency, Role.AGENCY_HEAD),
        finance=person("finance", land.county_agency, Role.FINANCE),
        officer=person("officer", land.county_bureau, Role.BUREAU_OFFICER, certificate=enforcement),
        second_officer=person("second_officer", land.county_bureau, Role.BUREAU_OFFICER, certificate=enforcement),
        reviewer=person("reviewer", land.county_bureau, Role.LEGAL_REVIEWER, certificate=legal),
        head=person("head", land.county_bureau, Role.BUREAU_HEAD),
        city_clerk=person("city_clerk", land.city_agency, Role.AGENCY_CLERK, certificate=audit),
        city_agency_head=person("city_agency_head", land.city_agency, Role.AGENCY_HEAD),
        city_agency_reviewer=person("city_agency_reviewer", land.city_agency, Role.LEGAL_REVIEWER, certificate=legal),
        city_officer=person("city_officer", land.city_bureau, Role.BUREAU_OFFICER, certificate=enforcement),
        city_reviewer=person("city_reviewer", land.city_bureau, Role.LEGAL_REVIEWER, certificate=legal),
        city_head=person("city_head", land.city_bureau, Role.BUREAU_HEAD),
        witness=person("witness", land.city_bureau, Role.WITNESS),
        twin_clerk=person("twin_clerk", land.twin_agency, Role.AGENCY_CLERK, certificate=audit),
        twin_officer=person("twin_officer", land.twin_bureau, Role.BUREAU_OFFICER, certificate=enforcement),
        hospital=person("hospital", provider, Role.PROVIDER_REP),
        admin=person("admin", land.city_bureau, Role.SYSTEM_ADMIN),
        security_admin=person("security_admin", land.city_bureau, Role.SECURITY_ADMIN),
        audit_admin=person("audit_admin", land.city_bureau, Role.AUDIT_ADMIN),
        system=Actor.system(),
    )
