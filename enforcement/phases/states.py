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
