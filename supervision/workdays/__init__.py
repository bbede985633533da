"""The calendar of the law: how long a period is, when it ends, which days are worked."""

from supervision.workdays.arithmetic import (
    Calendar,
    Due,
    Period,
    Unit,
    YearDays,
    calendar_end,
    days_left,
    due,
    hours_end,
    working_days_between,
)

__all__ = [
    "Calendar",
    "Due",
    "Period",
    "Unit",
    "YearDays",
    "calendar_end",
    "days_left",
    "due",
    "hours_end",
    "working_days_between",
]
