"""How a score follows from events and a grade from a score (CE-1, CE-2): plain arithmetic, no queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .models import CreditEvent, Grade


@dataclass(frozen=True)
class Lines:
    """The settings of CE-1: where a score starts and from which score each grade is given."""

    base: Decimal
    a: Decimal
    b: Decimal
    c: Decimal


@dataclass(frozen=True)
class Score:
    """Score in points, its grade, and whether a gravest event decided the grade."""

    points: Decimal
    grade: Grade
    gravest: bool


def score(events: Iterable[CreditEvent], lines: Lines) -> Score:
    """What events leave of the base; never below zero. One gravest event gives the lowest grade at once."""
    counted = list(events)
    left = max(lines.base - sum((event.points for event in counted), Decimal(0)), Decimal(0))
    gravest = any(event.gravest for event in counted)
    return Score(left, Grade.D if gravest else grade(left, lines), gravest)


def grade(points: Decimal, lines: Lines) -> Grade:
    """The grade of a score."""
    for line, given in ((lines.a, Grade.A), (lines.b, Grade.B), (lines.c, Grade.C)):
        if points >= line:
            return given
    return Grade.D
