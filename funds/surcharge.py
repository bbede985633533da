"""The surcharge for a fine paid late (PP-55): a share of what is unpaid for each day, never above the principal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Surcharge:
    """`days` calendar days counted, `amount` in yuan; `capped` when the principal's cap was reached."""

    days: int
    amount: Decimal
    capped: bool


def surcharge(
    principal: Decimal,
    due: date,
    on: date,
    *,
    rate: Decimal,
    cap: Decimal,
    payments: Iterable[tuple[date, Decimal]] = (),
    pauses: Iterable[tuple[date, date | None]] = (),
) -> Surcharge:
    """What the surcharge amounts to at the end of `on`; nothing until the day after `due`.

    - `rate`, `cap`: factors (0.03 a day, 1 time the principal).
    - `payments`: (day, yuan); the day of payment counts no more for what it paid.
    - `pauses`: [first day, first day after), an open end as None; days of a dispute do not count.
    """
    paid = sorted(payments)
    stopped = list(pauses)
    owed, days, total, place = principal, 0, Decimal(0), 0
    limit = principal * cap
    day = due + timedelta(days=1)
    while place < len(paid) and paid[place][0] <= due:
        owed -= paid[place][1]
        place += 1
    while day <= on and owed > 0 and total < limit:
        while place < len(paid) and paid[place][0] <= day:
            owed -= paid[place][1]
            place += 1
        if owed > 0 and not any(first <= day and (after is None or day < after) for first, after in stopped):
            total += owed * rate
            days += 1
        day += timedelta(days=1)
    return Surcharge(days, min(total, limit).quantize(CENT, ROUND_HALF_UP), total >= limit > 0)
