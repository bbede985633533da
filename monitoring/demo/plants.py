"""Violations to find, each beside something that looks like it and is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from monitoring.demo.city import City, DemoPerson

Plant = Callable[[City, date, Iterator[DemoPerson], dict[str, date]], None]
PLANTS: list[Plant] = []

BURN = ("ZX00AAC0003010100001", "示例烧伤软膏")
LIPID = ("XD000DEMO00000000097", "示例血脂片")
UTERUS = ("ZX00AAA0001010100001", "示例舒宫颗粒")


def _plant(function: Plant) -> Plant:
    PLANTS.append(function)
    return function


def _at(month: date, day: int, hour: int = 9) -> datetime:
    return datetime(month.year, month.month, day, hour)


def _someone(actors: Iterator[DemoPerson], fits: Callable[[DemoPerson], bool]) -> DemoPerson:
    return next(person for person in actors if fits(person))


def _age(person: DemoPerson, month: date) -> float:
    return (month - person.birth).days / 365.25


def _adult(month: date) -> Callable[[DemoPerson], bool]:
    return lambda person: 20 <= _age(person, month) < 90


def _outpatient(city: City, person: DemoPerson, month: date, day: int, **more: Any) -> dict[str, Any]:
    return city.visit(person, city.dice.choice(city.hospitals), _at(month, day), "11", **more)


@_plant
def sex_limits(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    man = _someone(actors, lambda person: person.sex == "1")
    visit = _outpatient(city, man, month, 3)
    city.charge(visit, *UTERUS)
    city.plant("drug-sex", visit)
    examined = _outpatient(city, man, month, 12)
    city.charge(examined, "009900010010000", "示例子宫检查", kind="201")
    city.plant("item-sex", examined)
    taken_back = _outpatient(city, man, month, 9)
    city.charge(taken_back, *UTERUS)
    city.charge(taken_back, *UTERUS, count=-1)
    city.charge(taken_back, "0088DEMO00000001", "示例诊查", kind="201")
    city.plant("drug-sex", taken_back, decoy=True)
    woman = _someone(actors, lambda person: person.sex == "2")
    right = _outpatient(city, woman, month, 3)
    city.charge(right, *UTERUS)
    city.plant("drug-sex", right, decoy=True)


@_plant
def age_limits(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    adult = _someone(actors, _adult(month))
    visit = _outpatient(city, adult, month, 4)
    city.charge(visit, "ZX00AAB0002010100001", "示例小儿止咳糖浆")
    city.plant("drug-age", visit)
    screened = _outpatient(city, adult, month, 14)
    city.charge(screened, "009900010020000", "示例新生儿筛查", kind="201")
    city.plant("item-age", screened)


@_plant
def scheme_limit(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    person = _someone(actors, _adult(month))
    visit = _outpatient(city, person, month, 5)
    city.charge(visit, *BURN)
    city.plant("drug-scheme", visit)
    at_work = _outpatient(city, person, month, 15, insutype="410")
    city.charge(at_work, *BURN)
    city.plant("drug-scheme", at_work, decoy=True)


@_plant
def way_and_level(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    person = _someone(actors, _adult(month))
    visit = _outpatient(city, person, month, 6)
    city.charge(visit, "XX00AAD004A001010100001", "示例脂肪乳注射液")
    city.plant("drug-way", visit)
    small = city.visit(person, city.dice.choice(city.clinics), _at(month, 16), "11")
    city.charge(small, "ZX00AAE0005010100001", "示例参芪注射液")
    city.plant("drug-level", small)


@_plant
def stay_charges(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    person = _someone(actors, _adult(month))
    visit = city.visit(person, city.dice.choice(city.hospitals), _at(month, 2), "21", days=7)
    for day in range(5):
        at = _at(month, 2 + day, 10)
        city.charge(visit, "XX00AAF006A001010100001", "示例脑通注射液", at=at)
        city.charge(visit, "009900030030000", "示例功能训练", at=at, kind="201")
    city.charge(visit, "009900020010000", "示例监护费", at=_at(month, 3, 8), kind="201")
    city.charge(visit, "009900020020000", "示例床位费", at=_at(month, 3, 20), kind="201")
    city.charge(visit, "009900030010000", "示例护理", count=3, at=_at(month, 4, 8), kind="201")
    for rule in ("drug-course", "item-course", "item-repeat", "item-frequency"):
        city.plant(rule, visit)
    honest = city.visit(_someone(actors, _adult(month)), city.dice.choice(city.hospitals), _at(month, 2), "21", days=5)
    city.charge(honest, "009900020010000", "示例监护费", at=_at(month, 3, 8), kind="201")
    city.charge(honest, "009900020020000", "示例床位费", at=_at(month, 4, 8), kind="201")
    city.charge(honest, "009900030020000", "示例心电监测", count=24, at=_at(month, 4, 8), kind="201")
    city.charge(honest, "009900030010000", "示例护理", count=2, at=_at(month, 4, 8), kind="201")
    city.charge(honest, "009900030010000", "示例护理", count=-1, at=_at(month, 4, 9), kind="201")
    city.plant("item-repeat", honest, decoy=True)
    city.plant("item-frequency", honest, decoy=True)


@_plant
def period(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    person = _someone(actors, _adult(month))
    for day in (2, 10):
        visit = _outpatient(city, person, month, day)
        city.charge(visit, "009900030040000", "示例糖化测定", kind="201")
        city.plant("item-period", visit, decoy=day == 2)


@_plant
def price(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    visit = _outpatient(city, _someone(actors, _adult(month)), month, 7)
    city.charge(visit, "0088DEMO00000002", "示例检查", price="120.00", ceiling="100.00", kind="201")
    city.plant("over-price", visit)


@_plant
def purchases(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    person = _someone(actors, _adult(month))
    for day in (2, 6, 10, 14, 18):
        visit = city.visit(person, city.dice.choice(city.pharmacies), _at(month, day), "41")
        city.charge(visit, "XD000DEMO00000000099", "示例降压片", trace=city.trace())
    city.plant("frequent-purchase", visit)


@_plant
def stays(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    first, second = city.hospitals[0], city.hospitals[-1]
    person = _someone(actors, _adult(month))
    one = city.visit(person, first, _at(month, 1), "21", days=5)
    again = city.visit(person, first, _at(month, 12), "21", days=3)
    for visit in (one, again):
        city.charge(visit, "0088DEMO00000003", "示例治疗", price="300.00", kind="201")
    city.plant("split-admission", again)
    other = _someone(actors, _adult(month))
    one = city.visit(other, first, _at(month, 1), "21", days=5)
    moved = city.visit(other, second, _at(month, 6, 15), "21", days=3, diagnosis=("I63.900", "脑梗死"))
    for visit in (one, moved):
        city.charge(visit, "0088DEMO00000003", "示例治疗", price="300.00", kind="201")
    city.plant("overlapping-stays", moved, decoy=True)
    city.plant("split-admission", moved, decoy=True)
    if first.code == second.code:
        return
    third = _someone(actors, _adult(month))
    one = city.visit(third, first, _at(month, 3), "21", days=6)
    two = city.visit(third, second, _at(month, 5), "21", days=6, diagnosis=("I10.x00", "高血压"))
    for visit in (one, two):
        city.charge(visit, "0088DEMO00000003", "示例治疗", price="300.00", kind="201")
    city.plant("overlapping-stays", two)


@_plant
def elsewhere(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    person = _someone(actors, _adult(month))
    stay = city.visit(person, city.dice.choice(city.hospitals), _at(month, 4), "21", days=6)
    city.charge(stay, "0088DEMO00000003", "示例治疗", price="300.00", kind="201")
    for day in (4, 7):
        bought = city.visit(person, city.dice.choice(city.pharmacies), _at(month, day, 11), "41")
        city.charge(bought, "XD000DEMO00000000098", "示例胃药", trace=city.trace())
        city.plant("elsewhere-while-inpatient", bought, decoy=day == 4)


@_plant
def death(city: City, month: date, actors: Iterator[DemoPerson], dead: dict[str, date]) -> None:
    person = _someone(actors, lambda who: _age(who, month) > 60 and who.code not in dead)
    dead[person.code] = date(month.year, month.month, 10)
    before = _outpatient(city, person, month, 10)
    city.charge(before, "0088DEMO00000004", "示例抢救", kind="201")
    city.plant("after-death", before, decoy=True)
    after = _outpatient(city, person, month, 15)
    city.charge(after, "0088DEMO00000005", "示例慢病用药", kind="101")
    city.plant("after-death", after)


@_plant
def trace_codes(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    def sell(day: int, trace: str, *, split: bool = False, to: Any = None, at: Any = None) -> dict[str, Any]:
        person, shop = to or _someone(actors, _adult(month)), at or city.dice.choice(city.pharmacies)
        visit = city.visit(person, shop, _at(month, day), "41")
        city.charge(visit, *LIPID, price="99.00", trace=trace, split_pack=split)
        return visit

    code = city.trace()
    sell(3, code)
    city.plant("repeated-trace-code", sell(11, code))
    pack = city.trace()
    sell(3, pack, split=True)
    city.plant("repeated-trace-code", sell(11, pack, split=True), decoy=True)
    back, person, shop = city.trace(), _someone(actors, _adult(month)), city.dice.choice(city.pharmacies)
    first = sell(3, back, to=person, at=shop)
    city.charge(first, *LIPID, count=-1, price="99.00", trace=back)
    city.charge(first, "0088DEMO00000006", "示例口罩", kind="301")
    city.plant("repeated-trace-code", sell(12, back), decoy=True)


@_plant
def suspended(city: City, month: date, actors: Iterator[DemoPerson], _dead: dict[str, date]) -> None:
    for held in city.suspensions:
        day = max(held.begins, month) + timedelta(days=1)
        place = next((item for item in city.providers if held.practitioner in item.practitioners), None)
        if place is None or day > held.ends or (day.year, day.month) != (month.year, month.month):
            continue
        person = _someone(actors, _adult(month))
        for med_type, decoy in (("11", False), ("13", True)):
            visit = city.visit(person, place, datetime(day.year, day.month, day.day, 9), med_type)
            city.charge(visit, "0088DEMO00000007", "示例处方", doctor=held.practitioner, kind="101")
            city.plant("suspended-prescriber", visit, decoy=decoy)
