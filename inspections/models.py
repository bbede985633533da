"""Every model of inspections, by subject; Django looks for them here."""

from inspections.draws.models import (
    Draw,
    DrawInspector,
    DrawTarget,
    DrawWitness,
    PlanPeriod,
    PlanWitness,
    Replacement,
    Roll,
    YearPlan,
)

__all__ = [
    "Draw",
    "DrawInspector",
    "DrawTarget",
    "DrawWitness",
    "PlanPeriod",
    "PlanWitness",
    "Replacement",
    "Roll",
    "YearPlan",
]
