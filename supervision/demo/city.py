"""The whole city, floor by floor, from one seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from supervision.parties.models import InsuredPerson, Practitioner, Provider, Region
from supervision.parties.served import served_by_server

from . import people, places, providers
from .people import People
from .places import Places

Say = Callable[[str], None]


@dataclass
class City:
    """What was built, for the parts that build on it."""

    seed: int
    scale: float
    dice: random.Random
    places: Places
    people: People
    providers: list[Provider]
    practitioners: list[Practitioner]
    insured: list[InsuredPerson]

    @property
    def busy_counties(self) -> list[Region]:
        """The counties in which matters arise: all of them, in a city of a smaller scale the first few."""
        counties = self.places.counties
        return counties[: ceil(len(counties) * min(1.0, self.scale))]


@served_by_server
def found(*, seed: int, scale: float, password: str, say: Say) -> City:
    """Regions, authorities, staff, providers, practitioners and insured persons; all or nothing."""
    dice = random.Random(seed)  # noqa: S311 - the same city for the same seed, nothing secret
    land = places.build()
    staff = people.build(land, dice, password)
    say(f"{len(land.bureaus)} bureaus, {len(land.agencies)} agencies, {sum(map(len, staff.by_post.values()))} people")
    clinics = providers.build(land, dice, scale)
    doctors = providers.employ(clinics, dice, scale)
    insured = providers.insure(land, dice, scale)
    say(f"{len(clinics)} providers, {len(doctors)} practitioners, {len(insured)} insured persons")
    return City(seed, scale, dice, land, staff, clinics, doctors, insured)
