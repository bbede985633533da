"""Papers and their service, evidence and its custody, and the instruments that breaches and cases share."""

from .disclosure import ExportLog, RevealLog
from .evidence import CustodyEntry, Evidence
from .instruments import Deliberation, LegalReview, Statement, StatementPoint, Vote
from .paper import Paper
from .service import ServiceOfDocument

__all__ = [
    "CustodyEntry",
    "Deliberation",
    "Evidence",
    "ExportLog",
    "LegalReview",
    "Paper",
    "RevealLog",
    "ServiceOfDocument",
    "Statement",
    "StatementPoint",
    "Vote",
]
