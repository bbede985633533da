"""Forms of a case's steps, used by pages, API and tasks alike, by subject."""

from funds.forms import RepaymentForm
from supervision.records.forms import (
    DeliberationForm,
    LateStatementForm,
    ReasonForm,
    ServeForm,
    StatementForm,
    WaiverForm,
)

from .closing import CloseForm, CorrectPublicationForm, PublishForm
from .defence import AnswerCaseForm, HearingForm, HearingRequestForm, StatementWaiverForm
from .discussion import DiscussCaseForm
from .facts import CorrectionForm, ExtendedLeadForm, FactForm, SuspendForm, WithdrawFactForm
from .penalty import DecideForm, LoweredFineForm, NoPenaltyForm, ReportForm
from .police import HandoverForm, PoliceAnswerForm, PoliceReturnForm, SupervisionForm
from .referral import PoliceDecisionForm, SendToPoliceForm
from .review import PassReviewForm, ReturnReviewForm

__all__ = [
    "AnswerCaseForm",
    "CloseForm",
    "CorrectPublicationForm",
    "CorrectionForm",
    "DecideForm",
    "DeliberationForm",
    "DiscussCaseForm",
    "ExtendedLeadForm",
    "FactForm",
    "HandoverForm",
    "HearingForm",
    "HearingRequestForm",
    "LateStatementForm",
    "LoweredFineForm",
    "NoPenaltyForm",
    "PassReviewForm",
    "PoliceAnswerForm",
    "PoliceDecisionForm",
    "PoliceReturnForm",
    "PublishForm",
    "ReasonForm",
    "RepaymentForm",
    "ReportForm",
    "ReturnReviewForm",
    "SendToPoliceForm",
    "ServeForm",
    "StatementForm",
    "StatementWaiverForm",
    "SupervisionForm",
    "SuspendForm",
    "WaiverForm",
    "WithdrawFactForm",
]
