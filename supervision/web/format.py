"""Money and dates as people read them; pure functions, used by pages, exports and papers."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from supervision.procedure.selectors import MANY

CENT = Decimal("0.01")
WAN = Decimal(10_000)
YI = Decimal(100_000_000)


def yuan(amount: Any) -> str:
    """12,345.60 — two decimals, thousands apart; '' for nothing."""
    if amount in (None, ""):
        return ""
    return f"{Decimal(amount).quantize(CENT, ROUND_HALF_UP):,.2f}"


def yuan_short(amount: Any) -> str:
    """Big sums as read aloud: 1,286.4 万, 3.21 亿 (in English 12.86 m, 321.00 m); small ones in full."""
    if amount in (None, ""):
        return ""
    value = Decimal(amount)
    size = abs(value)
    if (get_language() or "zh").startswith("zh"):
        if size >= YI:
            return f"{value / YI:,.2f} 亿"
        if size >= WAN:
            return f"{value / WAN:,.1f} 万"
    elif size >= 1_000_000:
        return f"{value / 1_000_000:,.2f} m"
    return yuan(value)


def counted(number: int) -> str:
    """A number as counted by `selectors.tally`: 37, or 999+ where counting stopped."""
    return f"{MANY}+" if number > MANY else str(number)


def day(value: date | datetime | None) -> str:
    """2026-11-22, in the city's time."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value:%Y-%m-%d}"


def short_day(value: date | datetime | None) -> str:
    """11-22 for a day of this year, 2025-11-22 for another."""
    text = day(value)
    return text.removeprefix(f"{timezone.localdate():%Y}-")


def moment(value: datetime | None) -> str:
    """2026-11-22 15:20, in the city's time."""
    if value is None or value == "":
        return ""
    return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"


def size(octets: int) -> str:
    """A file's size: 812 B, 34.5 KB, 2.1 MB."""
    value = float(octets)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
