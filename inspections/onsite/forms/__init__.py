"""Forms of an inspection's steps, used by pages, phone, API and tasks alike, by subject."""

from supervision.records.forms import ReasonForm

from .record import RefusalForm, SignForm, SiteRecordForm
from .seen import ChecklistForm, CiteForm, DropFindingForm, FindingForm, PhotoForm
from .team import ConcludeForm, OpenTaskForm, RecusalDecisionForm, RecusalForm, ReplaceOfficerForm, StartForm

__all__ = [
    "ChecklistForm",
    "CiteForm",
    "ConcludeForm",
    "DropFindingForm",
    "FindingForm",
    "OpenTaskForm",
    "PhotoForm",
    "ReasonForm",
    "RecusalDecisionForm",
    "RecusalForm",
    "RefusalForm",
    "ReplaceOfficerForm",
    "SignForm",
    "SiteRecordForm",
    "StartForm",
]
