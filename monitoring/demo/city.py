"""The daily business of an invented city, and the writing of its claims files."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from monitoring.claims.layout import DIAGNOSES, FEE_LINES, PERSONS, SETTLEMENTS, VISITS, Table

VISITS_A_MONTH = 2000
PLANTS_A_MONTH = 2


@dataclass(frozen=True)
class DemoPerson:
    """An insured person as the claims show them; ``sex`` 1 male, 2 female."""

    code: str
    sex: str
    birth: date


@dataclass(frozen=True)
class DemoProvider:
    """A provider: ``level`` 3, 2, 1 or 9 as in the registry; practitioner codes of its staff."""

    code: str
    name: str
    level: str
    pharmacy: bool
    practitioners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suspension:
    """Days (inclusive) on which a practitioner's prescriptions are not paid."""

    practitioner: str
    begins: date
    ends: date


@dataclass(frozen=True)
class Planted:
    """What was planted: the rule that must find it in a visit — or, for a decoy, must not."""

    rule: str
    visit: str
    provider: str
    decoy: bool = False


@dataclass
class City:
    """Rows under way, counters and the dice; plants use the same doors as honest business."""

    dice: random.Random
    providers: list[DemoProvider]
    persons: list[DemoPerson]
    suspensions: list[Suspension]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    serial: int = 0

    def __post_init__(self) -> None:
        self.hospitals = [item for item in self.providers if not item.pharmacy and item.level in "32"]
        self.clinics = [item for item in self.providers if not item.pharmacy and item.level not in "32"]
        self.pharmacies = [item for item in self.providers if item.pharmacy]
        held = {item.practitioner for item in self.suspensions}
        self.free_staff = {
            item.code: [code for code in item.practitioners if code not in held] for item in self.providers
        }

    def number(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}{self.serial:010d}"

    def visit(
        self,
        person: DemoPerson,
        provider: DemoProvider,
        begins: datetime,
        med_type: str,
        *,
        days: int = 0,
        insutype: str = "390",
        diagnosis: tuple[str, str] = ("J18.900", "肺炎"),
    ) -> dict[str, Any]:
        """A visit with its settlement; lines are added with :meth:`charge`, sums are made when written."""
        ends = begins + timedelta(days=days, hours=2)
        common = {"psn_no": person.code, "gend": person.sex, "insutype": insutype, "vali_flag": "1"}
        place = {"fixmedins_code": provider.code, "fixmedins_name": provider.name, "hosp_lv": provider.level}
        row = {
            **common,
            **place,
            "mdtrt_id": self.number("MD"),
            "brdy": person.birth,
            "age": (begins.date() - person.birth).days // 366,
            "begntime": begins,
            "endtime": ends,
            "med_type": med_type,
            "dscg_maindiag_code": diagnosis[0],
            "dscg_maindiag_name": diagnosis[1],
            "chfpdr_code": self._doctor(provider),
        }
        settlement = {
            **common,
            **place,
            "setl_id": self.number("ST"),
            "mdtrt_id": row["mdtrt_id"],
            "begndate": begins,
            "enddate": ends,
            "setl_time": ends + timedelta(minutes=30),
            "med_type": med_type,
            "refd_setl_flag": "0",
        }
        row["_settlement"] = settlement
        row["_provider"] = provider
        self._put(VISITS, row)
        self._put(SETTLEMENTS, settlement)
        self._put(
            DIAGNOSES,
            {
                "mdtrt_id": row["mdtrt_id"],
                "psn_no": person.code,
                "diag_type": "1",
                "maindiag_flag": "1",
                "diag_code": diagnosis[0],
                "diag_name": diagnosis[1],
                "vali_flag": "1",
            },
        )
        return row

    def charge(
        self,
        visit: dict[str, Any],
        code: str,
        name: str,
        *,
        count: int = 1,
        price: str = "20.00",
        at: datetime | None = None,
        kind: str = "101",
        ceiling: str = "",
        trace: str = "",
        split_pack: bool = False,
        doctor: str = "",
    ) -> str:
        """One fee line on the visit; a negative count takes a charge back. Returns its number."""
        amount = (Decimal(price) * count).quantize(Decimal("0.01"))
        line = {
            "bkkp_sn": self.number("FL"),
            "setl_id": visit["_settlement"]["setl_id"],
            "mdtrt_id": visit["mdtrt_id"],
            "fixmedins_code": visit["fixmedins_code"],
            "psn_no": visit["psn_no"],
            "fee_ocur_time": at or visit["begntime"] + timedelta(hours=1),
            "cnt": count,
            "pric": price,
            "det_item_fee_sumamt": amount,
            "pric_uplmt_amt": ceiling,
            "inscp_amt": (amount * Decimal("0.9")).quantize(Decimal("0.01")),
            "chrgitm_lv": "1",
            "hilist_code": code,
            "hilist_name": name,
            "list_type": kind,
            "bilg_dr": doctor or self._doctor(visit["_provider"]),
            "drug_trac_codg": trace,
            "trdn_flag": "1" if split_pack else "0",
            "vali_flag": "1",
        }
        self._put(FEE_LINES, line)
        settlement = visit["_settlement"]
        for name_, value in (
            ("medfee_sumamt", amount),
            ("inscp_amt", line["inscp_amt"]),
            ("fund_pay_sumamt", (line["inscp_amt"] * Decimal("0.7")).quantize(Decimal("0.01"))),
        ):
            settlement[name_] = settlement.get(name_, Decimal(0)) + value
        return line["bkkp_sn"]

    def trace(self) -> str:
        """A trace code nobody used yet: 7 digits of product, 13 of serial."""
        self.serial += 1
        return f"8{self.serial % 1000:06d}{self.serial:013d}"

    def plant(self, rule: str, visit: dict[str, Any], *, decoy: bool = False) -> None:
        self.planted.append(Planted(rule, visit["mdtrt_id"], visit["fixmedins_code"], decoy))

    def _doctor(self, provider: DemoProvider) -> str:
        staff = self.free_staff[provider.code]
        return self.dice.choice(staff) if staff else ""

    def _put(self, table: Table, row: dict[str, Any]) -> None:
        self.rows.setdefault(table.name, []).append(row)


def generate(
    folder: Path,
    *,
    seed: int,
    providers: list[DemoProvider],
    persons: list[DemoPerson],
    suspensions: Sequence[Suspension] = (),
    first_month: date,
    months: int,
    scale: float = 1.0,
) -> tuple[list[Path], list[Planted]]:
    """Write ``PSN_INFO_B``, then per month ``MDTRT_D``, ``SETL_D``, ``FEE_LIST_D``, ``SETL_DIAG_LIST_D`` as csv.gz.

    Needs at least one hospital (level 3 or 2), one other medical institution and one pharmacy, and 400 persons.
    Returns the files in the order of import and what was planted. About 2,000 × scale visits a month.
    """
    from monitoring.demo.plants import PLANTS

    folder.mkdir(parents=True, exist_ok=True)
    city = City(random.Random(seed), providers, persons, list(suspensions))  # noqa: S311 - invented data, repeatable
    if not (city.hospitals and city.clinics and city.pharmacies) or len(persons) < 400:
        raise ValueError("a demo city needs hospitals, clinics, pharmacies and at least 400 persons")
    dead: dict[str, date] = {}
    paths = []
    for index in range(months):
        month = _plus_months(first_month, index)
        cast = persons[:]
        city.dice.shuffle(cast)
        actors = iter(cast)
        for plant in PLANTS:
            for _again in range(max(1, round(PLANTS_A_MONTH * scale))):
                plant(city, month, actors, dead)
        _honest_month(city, month, list(actors), scale)
        stamp = f"{month:%Y%m}"
        for table in (VISITS, SETTLEMENTS, FEE_LINES, DIAGNOSES):
            paths.append(_write(folder / f"{table.national}_{stamp}.csv.gz", table, city.rows.pop(table.name, [])))
    people = [
        {"psn_no": who.code, "gend": who.sex, "brdy": who.birth, "die_date": dead.get(who.code, ""), "vali_flag": "1"}
        for who in persons
    ]
    return [_write(folder / f"{PERSONS.national}.csv.gz", PERSONS, people), *paths], city.planted


def _plus_months(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


_DRUGS = [(f"XD{n:03d}DEMO{n:014d}"[:20], f"示例药品{n}号", f"{8 + n * 3}.50") for n in range(1, 41)]
_ITEMS = [(f"0088{n:011d}", f"示例诊疗项目{n}", f"{10 + n * 5}.00") for n in range(1, 31)]
_DIAGNOSES = [
    ("I10.x00", "高血压"),
    ("E11.900", "2型糖尿病"),
    ("J18.900", "肺炎"),
    ("K29.500", "慢性胃炎"),
    ("M54.500", "腰痛"),
]


def _honest_month(city: City, month: date, persons: list[DemoPerson], scale: float) -> None:
    """Each person at most one stay or two visits a month, so that honest business breaks no rule."""
    dice = city.dice
    wanted = min(round(VISITS_A_MONTH * scale), len(persons) * 2)
    staying = len(persons) // 20
    for position in range(wanted):
        person = persons[position % len(persons)]
        at = datetime(month.year, month.month, dice.randint(1, 18), dice.randint(8, 16), dice.randint(0, 59))
        diagnosis = dice.choice(_DIAGNOSES)
        if position < staying and position % 3 == month.month % 3:
            days = dice.randint(3, 8)
            visit = city.visit(person, dice.choice(city.hospitals), at, "21", days=days, diagnosis=diagnosis)
            for day in range(days):
                _line(city, visit, _ITEMS, "201", at + timedelta(days=day, hours=1))
                _line(city, visit, _DRUGS, "101", at + timedelta(days=day, hours=2))
        elif position % len(persons) >= staying:
            kind = dice.random()
            place = city.pharmacies if kind < 0.3 else city.clinics if kind < 0.6 else city.hospitals
            visit = city.visit(person, dice.choice(place), at, "41" if kind < 0.3 else "11", diagnosis=diagnosis)
            for _more in range(dice.randint(1, 4)):
                _line(city, visit, _DRUGS, "101", at + timedelta(minutes=20))
            if kind >= 0.3:
                _line(city, visit, _ITEMS, "201", at + timedelta(minutes=30))


def _line(city: City, visit: dict[str, Any], catalogue: list[tuple[str, str, str]], kind: str, at: datetime) -> None:
    code, name, price = city.dice.choice(catalogue)
    trace = city.trace() if kind == "101" else ""
    city.charge(visit, code, name, count=city.dice.randint(1, 3), price=price, at=at, kind=kind, trace=trace)


def _write(path: Path, table: Table, rows: list[dict[str, Any]]) -> Path:
    used = [item.name for item in table.fields if any(item.name in row for row in rows[:1])]
    headings = used or [item.name for item in table.fields]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, headings, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(buffer.getvalue().encode(), mtime=0))
    return path
