"""Where a case may stand, and who handles it; shared by its phases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.roles import Role

OFFICER, HEAD, REVIEWER = Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.LEGAL_REVIEWER


class State(TextChoices):
    """States of a case."""

    PROPOSED = "proposed", _("filing proposed")
    NOT_FILED = "not_filed", _("not filed")
    INVESTIGATING = "investigating", _("under investigation")
    SUSPENDED = "suspended", _("procedure suspended")
    REPORTED = "reported", _("investigation reported")
    NOTICE_ISSUED = "notice_issued", _("penalty notice issued")
    IN_STATEMENT = "in_statement", _("statement and defence")
    IN_HEARING = "in_hearing", _("hearing")
    REEXAMINING = "reexamining", _("re-examination")
    IN_LEGAL_REVIEW = "in_legal_review", _("legal review")
    REVIEWED = "reviewed", _("legal review passed")
    DELIBERATED = "deliberated", _("discussed collectively")
    DECIDED = "decided", pgettext_lazy("state", "decided")
    PERFORMING = "performing", _("in performance")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")
    TRANSFERRED = "transferred", pgettext_lazy("state", "transferred")
    TERMINATED = "terminated", _("terminated")


# A referral runs beside the case, wherever the case stands, and goes on where the case ended before it.
REFERABLE = tuple(state for state in State if state not in (State.PROPOSED, State.NOT_FILED))


class Police(TextChoices):
    """How far the criminal side of a referred case has come, from the first answer of the police."""

    REFUSED = "refused", _("not filed by the police")
    REVIEW = "review", _("under review by the police")
    UPHELD = "upheld", _("not filed after review")
    SUPERVISION = "supervision", _("laid before the procurator")
    FILED = "filed", _("filed by the police")
    ENDED = "ended", _("not pursued as a crime")
    RETURNED = "returned", _("come back to the bureau")
    SENTENCED = "sentenced", _("sentenced by a court")
