"""A fine that reconsideration or a court lowered, and what follows from it (PP-46, PL-73)."""

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import step

from .. import rules
from .states import OFFICER, State


class Change:
    """From the decision of others to the money paid back; the penalty decision itself stays as it was issued."""

    @step(
        label=_("Record a lowered fine"), done=_("Fine lowered by reconsideration or a court"),
        source=(State.PERFORMING, State.CLOSED, State.ARCHIVED), target=State.PERFORMING, by=OFFICER,
        law=("PP-46", "PP-55", "PL-73"), assigned=True, needs=[rules.a_fine_is_claimed], keeps="keep_ruling",
        paper="lowered_fine_notice", form="LoweredFineForm", then=["lower_claim", "withdraw_from_public"],
    )  # fmt: skip
    def lower_fine(self, *, fine, **facts):
        """PP-46: the fine is what the ruling says; the case is performed anew by that measure."""
        self.fine = fine
        self.closed_at = None

    @step(
        label=_("Withdraw the publication"), done=_("Publication withdrawn: the decision was changed"),
        source=State.PERFORMING, target=None, by=Role.SYSTEM, law=("PP-46", "PL-48", "PB-1"),
        needs=[rules.changed_since_published], starts=["publication_update"],
    )  # fmt: skip
    def withdraw_publication(self, **facts):
        """PP-46: withdrawn at once; within three days it is published as changed, with the reason."""
        self.published_on, self.digest = None, ""

    @step(
        label=_("Record a repayment"), done=_("Paid back to the party"), source=State.PERFORMING, target=None,
        by=(Role.FINANCE, OFFICER), law=("PP-46", "HY-47"), needs=[rules.repayment_is_due], form="RepaymentForm",
        then=["pay_back"],
    )  # fmt: skip
    def record_repayment(self, **facts):
        """HY-47: what was paid beyond the lowered fine goes back from the treasury."""
