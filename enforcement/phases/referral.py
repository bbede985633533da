"""A suspected crime goes to the police: two report, the head decides, and within a day it is sent (CR-1…3)."""

from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer
from supervision.procedure.declare import rule, step
from supervision.records.selectors import newest_paper

from .states import HEAD, OFFICER, REFERABLE, State


@rule(_("The referral to the police was decided already"), law="CR-3", moot=True)
def not_referred_yet(case):
    return case.police_decided_on is None


@rule(_("The head has not decided to refer the case to the police"), law="CR-3", moot=True)
def referral_was_decided(case):
    return case.police_decided_on is not None


@rule(_("The case was sent to the police already"), law="CR-3", moot=True)
def not_sent_yet(case):
    return case.police_sent_on is None


@rule(_("There is no investigation report to enclose"), law="CR-3")
def report_at_hand(case):
    return newest_paper(case, "investigation_report") is not None


@rule(_("Two officers with valid enforcement certificates must have verified a suspected crime"), law="CR-1")
def two_verified(case, context):
    least = integer("CR-1/officers", scope=case.authority.scope, on=context.today)
    return len(case.certified_investigators(context.today)) >= least


def is_proposed(case):
    return (term := case.term("police_decision")) is not None and term.is_open


@rule(_("No proposal to refer the case awaits the head"), law="CR-2", moot=True)
def referral_proposed(case):
    return is_proposed(case)


@rule(_("The proposal to refer the case awaits the head already"), law="CR-2", moot=True)
def referral_not_proposed(case):
    return not is_proposed(case)


@rule(_("The head has not decided yet whether the case goes to the police"), law=("CR-2", "PL-27"))
def referral_settled(case):
    """CR-2: whether it is a crime is decided before the case goes on as a mere violation."""
    return not is_proposed(case)


class Referral:
    """The link to criminal justice (HY-39, CR-1…3); what the police answer follows in `police`."""

    @step(
        label=_("Propose to refer to the police"), done=_("Referral to the police proposed"), source=State.REPORTED,
        target=None, by=OFFICER, law=("HY-39", "CR-1", "CR-2"), assigned=True,
        needs=[report_at_hand, two_verified, not_referred_yet, referral_not_proposed], starts=["police_decision"],
        form="ReasonForm",
    )  # fmt: skip
    def propose_referral(self, **facts):
        """CR-1, CR-2: two officers have verified it and report in writing; the head has three days."""

    @step(
        label=_("Decide to refer to the police"), done=_("Referral to the police decided"), source=State.REPORTED,
        target=None, by=HEAD, law=("HY-39", "CR-2", "CR-3"), needs=[report_at_hand, two_verified, not_referred_yet],
        meets=["police_decision"], starts=["police"], paper="criminal_referral", form="PoliceDecisionForm",
        help=_(
            "Within 24 hours of the decision the case is sent with all its enclosures. Until the police do not file, "
            "or the case comes back, no penalty is decided; what was decided before stays in force. The time to decide "
            "runs on: the law does not exclude these days, so extend it in time."
        ),
    )  # fmt: skip
    def decide_referral(self, *, organ, decided_on, **facts):
        """CR-3: the head decides on the report; from the decision on there are 24 hours."""
        self.police_organ, self.police_decided_on = organ, decided_on

    @step(
        label=_("Decide not to refer to the police"), done=_("Referral to the police refused"), source=State.REPORTED,
        target=None, by=HEAD, law="CR-2", needs=[referral_proposed], meets=["police_decision"], form="ReasonForm",
    )  # fmt: skip
    def decline_referral(self, **facts):
        """CR-2: why it is not referred stands in the file."""

    @step(
        label=_("Send to the police"), done=_("Sent to the police with its enclosures"), source=REFERABLE,
        target=None, by=OFFICER, law=("HY-39", "CR-3"), assigned=True,
        needs=[referral_was_decided, report_at_hand, not_sent_yet], meets=["police"],
        starts={"police_answer": "sent_on"}, form="SendToPoliceForm", then=["keep_document"],
    )  # fmt: skip
    def send_to_police(self, *, sent_on, **facts):
        """CR-3: letter, investigation report, list of property, appraisal; the copy goes into the file."""
        self.police_sent_on = sent_on
