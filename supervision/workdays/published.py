"""The years whose notices ship with the software: the bureau's own table stands above them.

Read from the package ``chinesecalendar``, which knows the State Council's notices and refuses years without
one. A newer release of the package brings the next year without a migration.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

from chinese_calendar import constants
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.workdays.arithmetic import YearDays

FIRST_YEAR = 2018


class Festival(TextChoices):
    NEW_YEAR = "new-year", _("New Year's Day")
    SPRING = "spring", _("Spring Festival")
    TOMB_SWEEPING = "tomb-sweeping", _("Tomb-Sweeping Day")
    LABOUR = "labour", _("Labour Day")
    DRAGON_BOAT = "dragon-boat", _("Dragon Boat Festival")
    MID_AUTUMN = "mid-autumn", _("Mid-Autumn Festival")
    NATIONAL = "national", _("National Day")
    OTHER = "other", _("other public holiday")


_NAMES = {
    "New Year's Day": Festival.NEW_YEAR,
    "Spring Festival": Festival.SPRING,
    "Tomb-sweeping Day": Festival.TOMB_SWEEPING,
    "Labour Day": Festival.LABOUR,
    "Dragon Boat Festival": Festival.DRAGON_BOAT,
    "Mid-autumn Festival": Festival.MID_AUTUMN,
    "National Day": Festival.NATIONAL,
}


@cache
def published_years() -> Mapping[int, YearDays]:
    """Year → its notice, from 2018 to the last one the package knows (2026 in release 1.11)."""
    last = max(constants.holidays).year
    return {
        year: YearDays(holidays=_of(year, constants.holidays), workdays=_of(year, constants.workdays))
        for year in range(FIRST_YEAR, last + 1)
    }


def _of(year: int, days: Mapping[date, str]) -> dict[date, str]:
    return {day: _NAMES.get(name, Festival.OTHER).value for day, name in sorted(days.items()) if day.year == year}
