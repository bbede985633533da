"""Checklists, inspection tasks and what comes out of them (HY-27…34), by subject."""

from .checklists import Checklist, ChecklistItem, ChecklistVersion, Theme
from .findings import Finding
from .records import SiteRecord
from .seen import Answer, Photo
from .tasks import InspectionKind, InspectionTask, Recusal

__all__ = [
    "Answer",
    "Checklist",
    "ChecklistItem",
    "ChecklistVersion",
    "Finding",
    "InspectionKind",
    "InspectionTask",
    "Photo",
    "Recusal",
    "SiteRecord",
    "Theme",
]
