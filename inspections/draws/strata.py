"""The strata of a draw: risk classes, and within them what a credit grade makes more or less likely (CE-3, DR-1).

A stratum is named `medium`, or `medium*2` and `medium*all` where grades multiply the rate: the announcement tells the
numbers everybody can check, and nobody's grade.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from supervision.law.values import ratio
from supervision.parties.models import Provider

LABELS = dict(Provider.Risk.choices)
ALL = "all"


def weights(scope: Iterable[str], on: date) -> dict[str, str]:
    """Credit grade → by what it multiplies the rate of its risk class (CE-3); the lowest is always drawn."""
    factors = {grade: ratio(f"CE-3/factor_{grade.lower()}", scope=list(scope), on=on) for grade in "ABC"}
    return {grade: f"{factor.normalize():f}" for grade, factor in factors.items()} | {"D": ALL}


def named(risk: str, weight: str) -> str:
    """The stratum of a risk class and a weight, which an unchanged rate leaves out."""
    return risk if weight == "1" else f"{risk}*{weight}"


def parted(stratum: str) -> tuple[str, Decimal | None]:
    """Risk class and factor of a stratum; None where all of it are drawn."""
    risk, _star, weight = stratum.partition("*")
    return risk, None if weight == ALL else Decimal(weight or 1)


def label(stratum: str) -> str:
    """A stratum in words."""
    risk, factor = parted(stratum)
    words = str(LABELS.get(risk, risk))
    if factor is None:
        return _("%(risk)s, all drawn") % {"risk": words}
    return words if factor == 1 else _("%(risk)s, rate × %(factor)s") % {"risk": words, "factor": factor}
