"""Who works at the authorities: heads, officers with certificates, reviewers, clerks, and the three administrators."""

import random
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from supervision.parties.actors import Actor, actors_of
from supervision.parties.models import Authority, Certificate, Post, Provider, StaffEvent, User
from supervision.parties.roles import Role
from supervision.parties.served import served_by_server

from . import names
from .places import CITY, Places

SINCE = (date(2022, 1, 1), None)
# role → (people at the city, people in a county)
BUREAU_STAFF = {
    Role.BUREAU_HEAD: (3, 3),
    Role.BUREAU_OFFICER: (8, 4),
    Role.LEGAL_REVIEWER: (2, 1),
    Role.WITNESS: (2, 2),
}
AGENCY_STAFF = {
    Role.AGENCY_HEAD: (3, 3),
    Role.AGENCY_CLERK: (4, 2),
    Role.AUDITOR: (4, 2),
    Role.LEGAL_REVIEWER: (1, 1),
    Role.FINANCE: (2, 1),
}
CERTIFICATES = {
    Role.BUREAU_OFFICER: (Certificate.Kind.ENFORCEMENT, "粤P"),
    Role.AUDITOR: (Certificate.Kind.AUDIT, "稽"),
    Role.AGENCY_CLERK: (Certificate.Kind.AUDIT, "稽"),
    Role.LEGAL_REVIEWER: (Certificate.Kind.LEGAL, "法"),
}
SHORT = {
    Role.BUREAU_HEAD: "head", Role.BUREAU_OFFICER: "officer", Role.LEGAL_REVIEWER: "legal", Role.WITNESS: "witness",
    Role.AGENCY_HEAD: "ahead", Role.AGENCY_CLERK: "clerk", Role.AUDITOR: "auditor", Role.FINANCE: "finance",
    Role.SYSTEM_ADMIN: "sysadmin", Role.SECURITY_ADMIN: "secadmin", Role.AUDIT_ADMIN: "audadmin",
}  # fmt: skip


@dataclass
class People:
    """Accounts by authority and role, with one password for the demonstration, chosen at loading."""

    dice: random.Random
    password: str
    by_post: dict[tuple[int, Role], list[User]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hash = make_password(self.password)

    def actor(self, authority: Authority, role: Role, place: int = 0) -> Actor:
        """The `place`-th holder of a role at an authority, as an actor."""
        return self.actor_of(self.by_post[authority.pk, role][place], authority)

    def actor_of(self, user: User, authority: Authority) -> Actor:
        """A person in the post held at an authority."""
        return next(one for one in actors_of(user, date.today()) if one.authority == authority)

    def users(self, authority: Authority, role: Role) -> list[User]:
        """Everybody who holds a role at an authority."""
        return self.by_post.get((authority.pk, role), [])

    @transaction.atomic
    def hire(self, authority: Authority, role: Role, username: str, section: str = "") -> User:
        """Create an account with a post, and the certificate its role needs."""
        user = User.objects.create(
            username=username, name=names.person(self.dice), password=self._hash, employer=authority
        )
        Post.objects.create(user=user, authority=authority, role=role, section=section, valid=SINCE)
        told = {"authority": authority.name, "role": role.value, "first": SINCE[0].isoformat()}
        StaffEvent.objects.create(person=user, verb=StaffEvent.Verb.POST_GIVEN, authority=authority, facts=told)
        if role in CERTIFICATES:
            kind, word = CERTIFICATES[role]
            number = f"{word}{authority.region.code[2:]}{user.pk:04d}"
            Certificate.objects.create(user=user, kind=kind, number=number, valid=SINCE)
        self.by_post.setdefault((authority.pk, role), []).append(user)
        return user

    @served_by_server
    def represent(self, provider: Provider, username: str) -> Actor:
        """An account of a provider's representative."""
        user = User.objects.create(username=username, name=names.person(self.dice), password=self._hash)
        Post.objects.create(user=user, provider=provider, role=Role.PROVIDER_REP, valid=SINCE)
        told = {"role": Role.PROVIDER_REP.value, "first": SINCE[0].isoformat()}
        StaffEvent.objects.create(person=user, verb=StaffEvent.Verb.POST_GIVEN, facts=told)
        return actors_of(user, date.today())[0]


def build(places: Places, dice: random.Random, password: str) -> People:
    """Staff of every authority; user names such as `officer1` (city) and `officer1-441602` (county)."""
    people = People(dice, password)
    for code in places.bureaus:
        at_city = code == CITY[0]
        suffix = "" if at_city else f"-{code}"
        for authority, staff in ((places.bureaus[code], BUREAU_STAFF), (places.agencies[code], AGENCY_STAFF)):
            for role, counts in staff.items():
                short = "alegal" if role == Role.LEGAL_REVIEWER and authority.is_agency else SHORT[role]
                for n in range(counts[0] if at_city else counts[1]):
                    people.hire(authority, role, f"{short}{n + 1}{suffix}")
    city = places.bureaus[CITY[0]]
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        people.hire(city, role, SHORT[role])
    return people
