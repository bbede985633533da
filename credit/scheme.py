"""The scheme of indicators (HY-11, CE-1): what each takes from the score, as data with dates.

`scheme.toml` holds the defaults; an authority's own dated row (`IndicatorPoints`) goes before them.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from supervision.law.catalogue import Text

from .models import IndicatorPoints

FILE = Path(__file__).with_name("scheme.toml")


class UnknownIndicator(LookupError):
    """The scheme has no such indicator for this kind of party on that day."""


@dataclass(frozen=True)
class Indicator:
    """One thing a score answers for; `points` is what it takes, `gravest` sends straight to the lowest grade."""

    code: str
    party: str
    label: Text
    points: Decimal
    gravest: bool
    law: tuple[str, ...]
    since: date | None = None
    until: date | None = None


@cache
def indicators() -> tuple[Indicator, ...]:
    """The default scheme in the order of its file."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["indicator"]
    return tuple(
        Indicator(
            code=row["code"],
            party=row["party"],
            label=Text(zh=row["zh"], en=row["en"]),
            points=Decimal(str(row["points"])),
            gravest=row.get("gravest", False),
            law=tuple(row["law"]),
            since=row.get("from"),
            until=row.get("until"),
        )
        for row in rows
    )


def indicator(code: str, party: str, *, scope: Sequence[str], on: date) -> Indicator:
    """The indicator in force on a day with the points that hold in a scope; raises `UnknownIndicator`."""
    for one in indicators():
        in_force = (one.since is None or one.since <= on) and (one.until is None or on <= one.until)
        if (one.code, one.party) == (code, party) and in_force:
            return _as_set(one, scope, on)
    raise UnknownIndicator(f"{party}/{code} on {on}")


def label(code: str, party: str) -> str:
    """What an indicator is called, also after it went out of force."""
    return next((str(one.label) for one in indicators() if (one.code, one.party) == (code, party)), code)


def named() -> list[tuple[str, str]]:
    """Every indicator by its code, as choices."""
    return [(one.code, str(one.label)) for one in indicators()]


def _as_set(one: Indicator, scope: Sequence[str], on: date) -> Indicator:
    rows = IndicatorPoints.objects.filter(code=one.code, party_kind=one.party, scope__in=scope, valid__contains=on)
    own = min(rows, key=lambda row: list(scope).index(row.scope), default=None)
    if own is None:
        return one
    return Indicator(one.code, one.party, one.label, own.points, one.gravest, one.law, one.since, one.until)
