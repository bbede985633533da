"""Where a breach case may stand, and who handles it; shared by the phases of its procedure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role

OFFICERS = (Role.AGENCY_CLERK, Role.AUDITOR)


class State(TextChoices):
    """States of a breach case."""

    REGISTERED = "registered", _("registered")
    NOTICE_ISSUED = "notice_issued", _("notice issued")
    IN_STATEMENT = "in_statement", _("statement and defence")
    HEARD = "heard", _("to be re-examined")
    REEXAMINED = "reexamined", _("re-examined")
    REFERRED = "referred", _("referred to the city agency")
    IN_REVIEW = "in_review", _("legal review")
    REVIEWED = "reviewed", _("reviewed")
    DECIDED = "decided", _("decision made")
    EXECUTING = "executing", _("in execution")
    REVERSED = "reversed", _("decision reversed")
    CLOSED = "closed", _("closed")
    DISMISSED = "dismissed", _("dismissed, nothing found")


IN_EFFECT = (State.EXECUTING, State.CLOSED)  # a decision was served; a dispute about it may be raised

UNDECIDED = (
    State.REGISTERED,
    State.NOTICE_ISSUED,
    State.IN_STATEMENT,
    State.HEARD,
    State.REEXAMINED,
    State.REFERRED,
    State.IN_REVIEW,
    State.REVIEWED,
)
