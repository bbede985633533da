"""A lead from registration to conclusion (PP-14, PP-15, HY-18, HY-31, HY-39), to be read beside the articles."""

from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, TermSpec, Where, opening, rule, step
from supervision.procedure.rules import not_extended_before, term_runs

OFFICERS = (Role.BUREAU_OFFICER, Role.AUDITOR, Role.AGENCY_CLERK)
HEADS = (Role.BUREAU_HEAD, Role.AGENCY_HEAD)


@rule(_("Nothing was recorded yet of what the verification found"), law="PP-14")
def verification_recorded(lead):
    return bool(lead.verification)


@rule(_("It is not known yet whom the lead is about"), law="PP-15")
def subject_identified(lead):
    return lead.subject_id is not None


@rule(_("Only a bureau hands a lead to its agency or files a case on it"), law=("HY-18", "HY-39"), moot=True)
def owned_by_a_bureau(lead):
    return not lead.authority.is_agency


@rule(_("Only an agency reports to its bureau"), law="HY-18", moot=True)
def owned_by_an_agency(lead):
    return lead.authority.is_agency


@rule(_("The filing is awaited already"), law="PP-14", moot=True)
def taken_for_ended(lead):
    return lead.closed_at is not None


class LeadProcedure(Procedure):
    """Register → verify → check, hand over, propose for filing, refer or dismiss with reasons.

    A lead found fit for a case stays open, and its days run on, until the filing is proposed: PP-14 gives one term for
    verifying and deciding.
    """

    kind, label, word = "lead", _("lead"), "线"

    class State(TextChoices):
        REGISTERED = "registered", _("registered")
        VERIFYING = "verifying", _("being verified")
        TARGETED_CHECK = "targeted_check", _("under targeted inspection")
        TO_AGENCY = "to_agency", _("handed to the agency")
        TO_CASE = "to_case", _("to be filed as a case")
        PROPOSED = "proposed", _("filing of a case proposed")
        REFERRED = "referred", _("referred elsewhere")
        DISMISSED = "dismissed", _("not pursued")

    pooled = True
    initial = State.REGISTERED
    final = frozenset({State.TO_AGENCY, State.PROPOSED, State.REFERRED, State.DISMISSED})
    rail = (State.REGISTERED, State.VERIFYING, State.TARGETED_CHECK, State.TO_CASE, State.PROPOSED)
    opens = opening(
        label=_("Lead registered"),
        by=(*OFFICERS, *HEADS),
        law=("HY-31", "PP-14"),
        starts={"verification": "received_on"},
    )
    terms = MappingProxyType(
        {"verification": TermSpec(_("Verification and decision on filing"), law="PP-14", setting="PP-14/verification")}
    )

    @step(
        label=_("Begin verification"),
        done=_("Verification begun"),
        source=State.REGISTERED,
        target=State.VERIFYING,
        by=(*OFFICERS, *HEADS, Role.SYSTEM),
        law="PP-14",
        paper="lead_register",
        form="VerifiersForm",
        then=["assign_verifiers"],
    )
    def begin_verification(self, **facts):
        """Who verifies is kept as assignments."""

    @step(
        label=_("Name the party concerned"),
        done=_("Party concerned named"),
        source=(State.REGISTERED, State.VERIFYING),
        target=None,
        by=OFFICERS,
        law="PP-15",
        form="SubjectForm",
    )
    def identify_subject(self, *, subject, **facts):
        self.subject = subject

    @step(
        label=_("Record the verification"),
        done=_("Verification recorded"),
        source=(State.VERIFYING, State.TARGETED_CHECK),
        target=None,
        by=(*OFFICERS, Role.SYSTEM),
        law="PP-14",
        form="VerificationForm",
        assigned=True,
    )
    def record_verification(self, *, verification, **facts):
        self.verification = verification

    @step(
        label=_("Extend the verification"),
        done=_("Verification extended"),
        source=(State.VERIFYING, State.TARGETED_CHECK, State.TO_CASE),
        target=None,
        by=HEADS,
        law="PP-14",
        needs=[term_runs("verification", "PP-14"), not_extended_before("verification", "PP-14")],
        extends={"verification": "PP-14/extension"},
        form="ReasonForm",
    )
    def extend_verification(self, **facts):
        """The reason stands in the event."""

    @step(
        label=_("Order a targeted inspection"),
        done=_("Targeted inspection ordered"),
        source=State.VERIFYING,
        target=State.TARGETED_CHECK,
        by=(*OFFICERS, *HEADS),
        law="HY-31",
        needs=[subject_identified],
        form="TargetedCheckForm",
        then=["open_targeted_check"],
        help=_("The term for deciding on filing keeps running during the inspection."),
    )
    def order_targeted_check(self, **facts):
        """The task opened by the effect carries the officers."""

    @step(
        label=_("Resume the verification"),
        done=_("Targeted inspection called off"),
        source=State.TARGETED_CHECK,
        target=State.VERIFYING,
        by=Role.SYSTEM,
        law="PP-14",
        form="ReasonForm",
    )
    def resume_verification(self, **facts):
        """The inspection gave the lead back."""

    @step(
        label=_("Hand to the agency"),
        done=_("Handed to the agency"),
        source=(State.VERIFYING, State.TARGETED_CHECK),
        target=State.TO_AGENCY,
        by=(*OFFICERS, Role.SYSTEM),
        law="HY-18",
        needs=[verification_recorded, subject_identified, owned_by_a_bureau],
        meets=["verification"],
        paper="verification_conclusion",
        form="ToAgencyForm",
        then=["open_agency_lead", "tell_origin"],
    )
    def to_agency(self, *, reason="", **facts):
        self.reason = reason

    @step(
        label=_("Handle as a breach"),
        done=_("Handled as a breach"),
        source=(State.VERIFYING, State.TARGETED_CHECK),
        target=State.TO_AGENCY,
        by=(Role.AUDITOR, Role.AGENCY_CLERK, Role.SYSTEM),
        law="HY-18",
        needs=[verification_recorded, subject_identified, owned_by_an_agency],
        meets=["verification"],
        paper="verification_conclusion",
        form="ConclusionForm",
        then=["tell_origin"],
    )
    def to_breach(self, *, reason="", **facts):
        self.reason = reason

    @step(
        label=_("Find it fit for filing"),
        done=_("Found fit for filing"),
        source=(State.VERIFYING, State.TARGETED_CHECK),
        target=State.TO_CASE,
        by=(Role.BUREAU_OFFICER, Role.SYSTEM),
        law=("PP-14", "PP-15"),
        needs=[verification_recorded, subject_identified, owned_by_a_bureau],
        paper="verification_conclusion",
        form="ConclusionForm",
        then=["tell_origin"],
        help=_("The term for deciding on filing keeps running until the filing is proposed."),
    )
    def to_case(self, *, reason="", **facts):
        self.reason = reason

    @step(
        label=_("Pass on to the case"),
        done=_("Filing of a case proposed"),
        source=State.TO_CASE,
        target=State.PROPOSED,
        by=Role.SYSTEM,
        law="PP-14",
        meets=["verification"],
        form="ProposedForm",
        then=["tell_origin"],
        help=_("The days to decide on filing run on in the case, from the same discovery."),
    )
    def pass_on(self, **facts):
        """The event names the case in which the matter goes on."""

    @step(
        label=_("Await the filing"),
        done=_("Filing awaited: the days to decide on it run on"),
        source=State.TO_CASE,
        target=None,
        by=Role.SYSTEM,
        law="PP-14",
        needs=[taken_for_ended],
        reopens=["verification"],
    )
    def await_filing(self, **facts):
        """An earlier build took a lead found fit for filing for ended; it is open until the filing is proposed."""
        self.closed_at = None

    @step(
        label=_("Report to the bureau"),
        done=_("Reported to the bureau"),
        source=(State.VERIFYING, State.TARGETED_CHECK),
        target=State.REFERRED,
        by=(Role.AUDITOR, Role.AGENCY_CLERK, Role.SYSTEM),
        law=("HY-18", "HY-24"),
        needs=[verification_recorded, subject_identified, owned_by_an_agency],
        meets=["verification"],
        paper="verification_conclusion",
        form="ConclusionForm",
        then=["open_bureau_lead", "tell_origin"],
    )
    def report_to_bureau(self, *, reason="", **facts):
        self.reason = reason

    @step(
        label=_("Refer to another department"),
        done=_("Referred to another department"),
        source=(State.REGISTERED, State.VERIFYING, State.TARGETED_CHECK),
        target=State.REFERRED,
        by=OFFICERS,
        law="HY-39",
        meets=["verification"],
        paper="verification_conclusion",
        form="ReferForm",
        then=["tell_origin"],
    )
    def refer(self, *, department, reason, **facts):
        self.referred_to = department
        self.reason = reason

    @step(
        label=_("Do not pursue"),
        done=_("Not pursued"),
        source=(State.VERIFYING, State.TARGETED_CHECK, State.TO_CASE),
        target=State.DISMISSED,
        by=(*HEADS, Role.SYSTEM),
        at=Where.OWNER,
        law=("PP-14", "PP-15"),
        needs=[verification_recorded],
        meets=["verification"],
        paper="verification_conclusion",
        form="ReasonForm",
        then=["tell_origin"],
    )
    def dismiss(self, *, reason, **facts):
        self.reason = reason
