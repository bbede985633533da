"""Providers, their departments, and practitioners who work at one or two of them; insured persons."""

import random
from datetime import date, timedelta

from supervision.parties.crypto import blind_index
from supervision.parties.models import (
    Employment,
    InsuredPerson,
    Practitioner,
    Provider,
    ProviderDepartment,
    Region,
)
from supervision.parties.sorting import sort_key

from . import names
from .places import Places

# class → (share of all providers, level, name pattern)
SORTS = (
    (Provider.Sort.HOSPITAL, 0.07),
    (Provider.Sort.HEALTH_CENTRE, 0.13),
    (Provider.Sort.CLINIC, 0.22),
    (Provider.Sort.VILLAGE_CLINIC, 0.20),
    (Provider.Sort.PHARMACY, 0.38),
)
KINDS = ("人民医院", "中医院", "康复医院", "妇幼保健院", "骨科医院", "民生医院")
DEPARTMENTS = (
    ("A03", "内科"),
    ("A04", "外科"),
    ("A05", "妇产科"),
    ("A07", "儿科"),
    ("A50", "中医科"),
    ("A49", "康复科"),
)
RISKS = (
    (Provider.Risk.LOW, 50), (Provider.Risk.MEDIUM, 30), (Provider.Risk.MEDIUM_HIGH, 14), (Provider.Risk.HIGH, 6),
)  # fmt: skip


def build(places: Places, dice: random.Random, scale: float) -> list[Provider]:
    """About 600 × `scale` providers over the counties, with departments for hospitals."""
    total = max(14, round(600 * scale))
    made: list[Provider] = []
    taken: set[str] = set()
    for sort, share in SORTS:
        for n in range(max(2, round(total * share))):
            region = places.counties[n % len(places.counties)]
            made.append(_provider(dice, region, sort, n, taken))
    for provider in made:
        if provider.sort in (Provider.Sort.HOSPITAL, Provider.Sort.HEALTH_CENTRE):
            ProviderDepartment.objects.bulk_create(
                ProviderDepartment(provider=provider, code=code, name=name) for code, name in DEPARTMENTS
            )
    return made


def _provider(dice: random.Random, region: Region, sort: str, n: int, taken: set[str]) -> Provider:
    hospital = sort == Provider.Sort.HOSPITAL
    tails = {
        Provider.Sort.HOSPITAL: dice.choice(KINDS),
        Provider.Sort.HEALTH_CENTRE: "卫生院",
        Provider.Sort.CLINIC: f"{names.pair(dice, names.CARE)}诊所",
        Provider.Sort.VILLAGE_CLINIC: "村卫生站",
        Provider.Sort.PHARMACY: f"{names.pair(dice, names.CARE)}大药房",
    }
    name = f"示例·{region.name[:2]}{names.pair(dice, names.PLACES)}{tails[Provider.Sort(sort)]}"
    while name in taken:
        name = f"{name}（{dice.choice('东南西北')}{dice.randrange(1, 30)}店）"
    taken.add(name)
    public = sort in (Provider.Sort.HEALTH_CENTRE, Provider.Sort.VILLAGE_CLINIC) or (hospital and dice.random() < 0.5)
    level = dice.choice("332222") if hospital else ("1" if sort == Provider.Sort.HEALTH_CENTRE else "9")
    prefix = "P" if sort == Provider.Sort.PHARMACY else "H"
    return Provider.objects.create(
        kind="provider",
        code=f"{prefix}{region.code}{list(Provider.Sort).index(Provider.Sort(sort)) + 1}{n:04d}",
        name=name,
        sort_key=sort_key(name),
        region=region,
        sort=sort,
        level=level,
        ownership=Provider.Ownership.PUBLIC if public else Provider.Ownership.PRIVATE_FOR_PROFIT,
        risk=dice.choices([risk for risk, _ in RISKS], [weight for _, weight in RISKS])[0],
        uscc=f"9144{region.code[2:]}SHILI{n:04d}X",
        address=f"{region.name}示例路{dice.randrange(1, 300)}号",
        legal_representative=names.person(dice),
        phone=f"0762-{dice.randrange(3000000, 3999999)}",
        beds=dice.randrange(60, 600) if hospital else (dice.randrange(10, 60) if level == "1" else 0),
        designated_since=date(2019, 1, 1) + timedelta(days=dice.randrange(1500)),
    )


def employ(providers: list[Provider], dice: random.Random, scale: float) -> list[Practitioner]:
    """About 900 × `scale` practitioners; one in ten is registered at a second provider too."""
    made: list[Practitioner] = []
    departments: dict[int, list[ProviderDepartment]] = {}
    for department in ProviderDepartment.objects.filter(provider__in=providers):
        departments.setdefault(department.provider_id, []).append(department)
    weights = [30 if p.sort == Provider.Sort.HOSPITAL else 4 if p.level == "1" else 1 for p in providers]
    more = dice.choices(providers, weights, k=max(14, round(900 * scale) - len(providers)))
    for n, home in enumerate((*providers, *more)):
        pharmacist = home.is_pharmacy
        name = names.person(dice)
        one = Practitioner.objects.create(
            kind="practitioner",
            code=f"{'Y' if pharmacist else 'D'}{home.region.code}{n:06d}",
            name=name,
            sort_key=sort_key(name),
            region=home.region,
            profession=Practitioner.Profession.PHARMACIST if pharmacist else Practitioner.Profession.PHYSICIAN,
            licence=(licence := f"{110 + n % 40}{home.region.code}{n:06d}"),
            licence_index=blind_index(licence),
        )
        where = [home, *([dice.choice(providers)] if n % 10 == 0 else [])]
        for place, provider in enumerate(dict.fromkeys(where)):
            Employment.objects.create(
                practitioner=one,
                provider=provider,
                department=dice.choice(departments[provider.pk]) if provider.pk in departments else None,
                primary=place == 0,
                valid=(date(2021, 1, 1), None),
            )
        made.append(one)
    return made


def insure(places: Places, dice: random.Random, scale: float) -> list[InsuredPerson]:
    """About 3,000 × `scale` insured persons; identity numbers are made up and stored encrypted."""
    made = []
    for n in range(max(450, round(3000 * scale))):
        region = places.counties[n % len(places.counties)]
        birth = date(1936, 1, 1) + timedelta(days=dice.randrange(365 * 88))
        gender = dice.choice("12")
        identity = f"{region.code}{birth:%Y%m%d}{n % 500 * 2 + (gender == '1'):03d}X"
        name = names.person(dice)
        made.append(
            InsuredPerson.objects.create(
                kind="insured",
                code=f"4416{n:020d}",
                name=name,
                sort_key=sort_key(name),
                region=region,
                id_number=identity,
                id_index=blind_index(identity),
                gender=gender,
                birth_date=birth,
            )
        )
    return made
