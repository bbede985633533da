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
from inspections.leads.models import Lead
from inspections.onsite.models import (
    Answer,
    Checklist,
    ChecklistItem,
    ChecklistVersion,
    Finding,
    InspectionKind,
    InspectionTask,
    Photo,
    Recusal,
    SiteRecord,
    Theme,
)
from inspections.tips.models import Tip

__all__ = [
    "Answer",
    "Checklist",
    "ChecklistItem",
    "ChecklistVersion",
    "Draw",
    "DrawInspector",
    "DrawTarget",
    "DrawWitness",
    "Finding",
    "InspectionKind",
    "InspectionTask",
    "Lead",
    "Photo",
    "PlanPeriod",
    "PlanWitness",
    "Recusal",
    "Replacement",
    "Roll",
    "SiteRecord",
    "Theme",
    "Tip",
    "YearPlan",
]
