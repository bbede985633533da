"""Regions and authorities of the city: a bureau and an agency at the city and in every county; other departments.

The courts, banks and account numbers their decisions name are invented.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from funds.accounts import set_account
from funds.models import Route
from supervision.parties.actors import Actor
from supervision.parties.models import Authority, OtherDepartment, Region
from supervision.parties.services.redress import set_office, set_redress
from supervision.parties.sorting import sort_key

CITY = ("441600", "河源市", "河")
COUNTIES = (
    ("441602", "源城区", "源"),
    ("441621", "紫金县", "紫"),
    ("441622", "龙川县", "龙"),
    ("441623", "连平县", "连"),
    ("441624", "和平县", "和"),
    ("441625", "东源县", "东"),
    ("441671", "江东新区", "江"),
)
SINCE = date(2020, 1, 1)
DUTIES = {"health": "卫生健康局", "market": "市场监督管理局", "police": "公安局", "discipline": "纪委监委"}


@dataclass
class Places:
    """Regions and authorities by region code."""

    regions: dict[str, Region] = field(default_factory=dict)
    bureaus: dict[str, Authority] = field(default_factory=dict)
    agencies: dict[str, Authority] = field(default_factory=dict)

    @property
    def city(self) -> Region:
        return self.regions[CITY[0]]

    @property
    def counties(self) -> list[Region]:
        return [self.regions[code] for code, _name, _word in COUNTIES]


def build() -> Places:
    """Create them all."""
    places = Places()
    _found(places, *CITY, parent=None)
    for code, name, word in COUNTIES:
        _found(places, code, name, word, parent=places.city)
    for duty, name in DUTIES.items():
        full = f"{CITY[1]}{name}"
        OtherDepartment.objects.create(
            kind="department", code=f"DP{CITY[0]}-{duty}", name=full, sort_key=sort_key(full), region=places.city,
            duty=duty,
        )  # fmt: skip
    return places


def _found(places: Places, code: str, name: str, word: str, *, parent: Region | None) -> None:
    region = Region.objects.create(
        code=code, name=name, parent=parent, path=f"{parent.path}{code}/" if parent else f"{code}/"
    )
    places.regions[code] = region
    level = Authority.Level.COUNTY if parent else Authority.Level.CITY
    above = places.bureaus.get(parent.code) if parent else None
    bureau_name = "江东新区社会事务局" if name == "江东新区" else f"{name}医疗保障局"
    agency_name = f"{name}社会医疗保险服务中心"
    places.bureaus[code] = Authority.objects.create(
        kind="authority", code=f"B{code}", name=bureau_name, sort_key=sort_key(bureau_name), region=region,
        body=Authority.Body.BUREAU, level=level, parent=above, word=f"{word}医保",
    )  # fmt: skip
    _tell_remedies(places.bureaus[code], places.city.name if name == "江东新区" else name)
    places.agencies[code] = Authority.objects.create(
        kind="authority", code=f"A{code}", name=agency_name, sort_key=sort_key(agency_name), region=region,
        body=Authority.Body.AGENCY, level=level, parent=places.bureaus[code], word=f"{word}医中",
    )  # fmt: skip
    _tell_office(places.bureaus[code], "基金监管科")
    _tell_office(places.agencies[code], "稽核科")


def _tell_office(authority: Authority, unit: str) -> None:
    """Where its notices ask the party to come or call."""
    set_office(
        Actor.system(), authority, address=f"{authority.region.name}示例路1号", contact=unit,
        phone=f"0762-{authority.region.code[-4:]}000", begins=SINCE, today=timezone.localdate(),
    )  # fmt: skip


def _tell_remedies(bureau: Authority, government: str) -> None:
    """Where the bureau's decisions are contested and into which accounts they have money paid."""
    name = bureau.region.name
    server, today, organ = Actor.system(), timezone.localdate(), f"{government}人民政府"
    court = f"示例·{government}人民法院"
    set_redress(server, bureau, reconsideration=organ, court=court, begins=SINCE, today=today)
    for place, route in enumerate(Route, 1):
        set_account(
            server, bureau, route=route, holder=f"示例·{name}财政局", bank=f"示例银行{name}支行",
            number=f"{bureau.region.code}0000{place:02d}", begins=SINCE, today=today,
        )  # fmt: skip
