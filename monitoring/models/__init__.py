from monitoring.models.claims import ClaimsFile, ColumnMapping, ImportBatch
from monitoring.models.library import CodeMeaning, LibraryFile, RuleItem
from monitoring.models.rules import Rule
from monitoring.models.screening import Alert, AlertEvent, AlertLine, RunPart, ScreeningRun

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertLine",
    "ClaimsFile",
    "CodeMeaning",
    "ColumnMapping",
    "ImportBatch",
    "LibraryFile",
    "Rule",
    "RuleItem",
    "RunPart",
    "ScreeningRun",
]
