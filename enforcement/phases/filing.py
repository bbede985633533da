"""Filing (PP-14, PP-15): within its days the head files the case or does not."""

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import step
from supervision.procedure.rules import not_extended_before, term_runs

from .. import rules
from .states import HEAD, State


class Filing:
    """From the proposal to the decision on filing."""

    @step(
        label=_("Approve filing"), done=_("Filed"), source=State.PROPOSED, target=State.INVESTIGATING, by=HEAD,
        law=("PP-6", "PP-14", "PP-15"),
        needs=[
            rules.respondent_identified, rules.own_jurisdiction, rules.filed_within_limitation,
            rules.two_certified_officers,
        ],
        meets=["filing"], starts=["decision"], paper="filing_approval",
    )  # fmt: skip
    def file(self, **facts):
        """PP-14, PP-15: the head approves filing; the 90 days to decide begin."""

    @step(
        label=_("Do not file"), done=_("Not filed"), source=State.PROPOSED, target=State.NOT_FILED, by=HEAD,
        law=("PP-14", "PP-15"), meets=["filing"], paper="no_filing", form="ReasonForm",
    )  # fmt: skip
    def refuse_filing(self, *, reason, **facts):
        """PP-15: a condition of filing is missing."""
        self.closing_reason = reason

    @step(
        label=_("Extend the time to decide on filing"), done=_("Time to decide on filing extended"),
        source=State.PROPOSED, target=None, by=HEAD, law="PP-14",
        needs=[term_runs("filing", "PP-14"), not_extended_before("filing", "PP-14")],
        extends={"filing": "PP-14/extension"}, form="ReasonForm",
    )  # fmt: skip
    def extend_filing(self, **facts):
        """PP-14: the principal head may add a second period."""

    @step(
        label=_("Take over the extension"), done=_("Extension of the verification taken over"),
        source=State.PROPOSED, target=None, by=Role.SYSTEM, law="PP-14",
        needs=[not_extended_before("filing", "PP-14")],
        extends={"filing": "PP-14/extension"}, form="ExtendedLeadForm",
    )  # fmt: skip
    def take_over_extension(self, **facts):
        """PP-14: verifying and deciding have one term, which the head extended while the lead was verified."""
