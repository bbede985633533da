"""A suspected crime goes to the police: the head decides, and within a day it is sent with its enclosures (CR)."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import rule, step
from supervision.records.selectors import newest_paper

from .states import HEAD, OFFICER, State


@rule(_("The referral to the police was decided already"), law="CR-3", moot=True)
def not_referred_yet(case):
    return case.police_decided_on is None


@rule(_("The head has not decided to refer the case to the police"), law="CR-3")
def referral_was_decided(case):
    return case.police_decided_on is not None


@rule(_("The case was sent to the police already"), law="CR-3", moot=True)
def not_sent_yet(case):
    return case.police_sent_on is None


@rule(_("There is no investigation report to enclose"), law="CR-3")
def report_at_hand(case):
    return newest_paper(case, "investigation_report") is not None


class Referral:
    """The link to criminal justice (HY-39, CR-3); what the police answer is recorded apart."""

    @step(
        label=_("Decide to refer to the police"), done=_("Referral to the police decided"), source=State.REPORTED,
        target=None, by=HEAD, law=("HY-39", "CR-3"), needs=[report_at_hand, not_referred_yet],
        starts=["police"], paper="criminal_referral", form="PoliceDecisionForm",
        help=_("Within 24 hours of the decision the case is sent with all its enclosures."),
    )  # fmt: skip
    def decide_referral(self, *, organ, decided_on, **facts):
        """CR-3: the head decides on the report; from the decision on there are 24 hours."""
        self.police_organ, self.police_decided_on = organ, decided_on

    @step(
        label=_("Send to the police"), done=_("Sent to the police with its enclosures"), source=State.REPORTED,
        target=None, by=OFFICER, law=("HY-39", "CR-3"), assigned=True,
        needs=[referral_was_decided, report_at_hand, not_sent_yet], meets=["police"], form="SendToPoliceForm",
        then=["keep_document"],
    )  # fmt: skip
    def send_to_police(self, *, sent_on, **facts):
        """CR-3: letter, investigation report, list of property, appraisal; the copy goes into the file."""
        self.police_sent_on = sent_on
