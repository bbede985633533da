"""The step forms that procedures share; an app's `forms` module imports those its steps name."""

from .review import DeliberationForm, LegalReviewForm
from .serving import PROOFS, REQUIREMENTS, ServeForm
from .signed import ReasonForm, SignedForm, WaiverForm
from .statements import AnswerStatementForm, LateStatementForm, StatementForm

__all__ = [
    "PROOFS",
    "REQUIREMENTS",
    "AnswerStatementForm",
    "DeliberationForm",
    "LateStatementForm",
    "LegalReviewForm",
    "ReasonForm",
    "ServeForm",
    "SignedForm",
    "StatementForm",
    "WaiverForm",
]
