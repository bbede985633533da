"""Discretion: the five tiers, the factors behind them, and the least and greatest fine they leave (HY-41, HY-42, DS).

Fines of the Regulation are multiples of the loss. The range between the least and the greatest multiple is cut into
bands by provincial settings: lighter at the bottom, ordinary in the middle, heavier on top. Mitigated goes below the
least, exempt is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.law.values import UnknownSetting, ratio, value

if TYPE_CHECKING:
    from .models import EnforcementCase

CENT = Decimal("0.01")


class Tier(TextChoices):
    """How heavy a penalty is within, or below, what the law allows (DS-1)."""

    EXEMPT = "exempt", _("exempt")
    MITIGATED = "mitigated", _("mitigated")
    LIGHTER = "lighter", _("lighter")
    ORDINARY = "ordinary", _("ordinary")
    HEAVIER = "heavier", _("heavier")


class Lenient(TextChoices):
    """Circumstances of the leniency list (HY-41, PL-32, PL-33)."""

    REFUNDED = "refunded", _("refunded on its own")
    CORRECTED = "corrected", _("corrected promptly")
    SLIGHT = "slight", _("little harm")
    FIRST = "first", _("first violation")
    REPORTED_ITSELF = "reported_itself", _("reported itself or exposed others")


class Aggravating(TextChoices):
    """Circumstances in which the penalty must be heavier (HY-42)."""

    GRAVE = "grave", _("grave, with serious consequences")
    REFUSED = "refused", _("refused to correct when ordered")
    REPEATED = "repeated", _("same kind of violation again within a year")
    OBSTRUCTED = "obstructed", _("obstructed the investigation")
    TAMPERED = "tampered", _("moved, hid, forged evidence or retaliated")


@dataclass(frozen=True)
class Act:
    """One kind of violation the bureau may establish: its rule id in the catalogue, its range, whom it binds."""

    code: str
    basis: str  # the rule whose settings hold the range
    fraud: bool = False


ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        *(Act(f"RG-38.{n}", "RG-38") for n in range(1, 8)),
        *(Act(f"RG-39.{n}", "RG-39") for n in range(1, 8)),
        *(Act(f"RG-40.{n}", "RG-40", fraud=True) for n in range(1, 5)),
        Act("RG-41.1", "RG-41.1"),
        *(Act(f"RG-41.1.{n}", "RG-41.1") for n in range(1, 4)),
        Act("RG-41.2", "RG-41", fraud=True),
    )
}


def _range(basis: str, unit: str, scope: tuple[str, ...], on: date) -> tuple[Decimal, Decimal] | None:
    """Least and greatest fine of a basis, when it measures them in `unit`: ratio (times the loss) or CNY (RG-39)."""
    try:
        least, greatest = (value(f"{basis}/fine_{end}", scope=scope, on=on) for end in ("min", "max"))
    except UnknownSetting:
        return None
    return (least.value, greatest.value) if least.unit == unit else None


def ranges(codes: Iterable[str], scope: tuple[str, ...], on: date) -> list[dict[str, Any]]:
    """What the law lets these acts cost, a row per basis that knows a fine: its acts, unit, least, greatest, fraud."""
    by_basis: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_basis.setdefault(ACTS[code].basis, []).append(code)
    found = []
    for basis, acts in by_basis.items():
        for unit in ("ratio", "CNY"):
            if bounds := _range(basis, unit, scope, on):
                fraud = all(ACTS[code].fraud for code in acts)
                found.append({"acts": acts, "unit": unit, "least": bounds[0], "greatest": bounds[1], "fraud": fraud})
    return found


def statutory_range(losses: Iterable[tuple[str, Decimal]], scope: tuple[str, ...], on: date) -> tuple[Decimal, Decimal]:
    """Least and greatest fine in yuan over facts given as (act code, loss); the ranges of several acts add up."""
    low = high = Decimal(0)
    fixed: dict[str, tuple[Decimal, Decimal]] = {}
    for code, loss in losses:
        basis = ACTS[code].basis
        if multiples := _range(basis, "ratio", scope, on):
            low, high = low + loss * multiples[0], high + loss * multiples[1]
        elif amounts := _range(basis, "CNY", scope, on):
            fixed[basis] = amounts
    for least, greatest in fixed.values():
        low, high = low + least, high + greatest
    return low.quantize(CENT, ROUND_HALF_UP), high.quantize(CENT, ROUND_HALF_UP)


def fine_range(case: "EnforcementCase", tier: Tier, on: date) -> tuple[Decimal, Decimal]:
    """Least and greatest fine in yuan for the case's standing facts at a tier of discretion (DS-2)."""
    scope = case.authority.scope
    low, high = statutory_range(((fact.act, fact.amount) for fact in case.standing_facts), scope, on)
    width = high - low
    lighter = ratio("DS-2/lighter", scope=scope, on=on)
    heavier = ratio("DS-2/heavier", scope=scope, on=on)
    bands = {
        Tier.EXEMPT: (Decimal(0), Decimal(0)),
        Tier.MITIGATED: (Decimal(0), low),
        Tier.LIGHTER: (low, low + width * lighter),
        Tier.ORDINARY: (low + width * lighter, high - width * heavier),
        Tier.HEAVIER: (high - width * heavier, high),
    }
    least, greatest = bands[tier]
    return least.quantize(CENT, ROUND_HALF_UP), greatest.quantize(CENT, ROUND_HALF_UP)
