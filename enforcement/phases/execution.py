"""Service, performance, publication, closure and archive (PP-46, PP-56, PP-57, PP-59)."""

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import step

from .. import rules
from .states import HEAD, OFFICER, State


class Execution:
    """From the served decision to the archived file."""

    @step(
        label=_("Record service of the penalty decision"), done=_("Penalty decision served"), source=State.DECIDED,
        target=State.PERFORMING, by=OFFICER, law=("PP-59", "PL-61"), assigned=True, needs=[rules.penalty_was_decided],
        serves="penalty_decision", meets=["service"], starts={"payment": "served_on"},
        form="ServeForm", then=["open_receivables", "tell_credit", "open_to_party"],
    )  # fmt: skip
    def serve_decision(self, *, served_on, **facts):
        """PP-59: on the spot or within seven working days; payment runs from service."""
        self.decision_served_on = served_on

    @step(
        label=_("Record service of the decision without penalty"), done=_("Decision without penalty served"),
        source=State.DECIDED, target=State.PERFORMING, by=OFFICER, law=("PP-59", "PL-61"), assigned=True,
        needs=[rules.no_penalty_was_decided], serves="no_penalty_decision", meets=["service"],
        starts={"payment": "served_on"}, form="ServeForm", then=["open_receivables", "open_to_party"],
    )  # fmt: skip
    def serve_no_penalty(self, *, served_on, **facts):
        """PP-59: what the fund lost is still due; nothing is published."""
        self.decision_served_on = served_on

    @step(
        label=_("Record that nothing is owed any more"), done=_("Nothing is owed any more"),
        source=State.PERFORMING, target=None, by=Role.SYSTEM,
        law=("PP-52", "PP-56"), needs=[rules.nothing_is_owed, rules.payment_awaited], meets=["payment"],
    )  # fmt: skip
    def record_performance(self, **facts):
        """PP-52: once all is paid, or claimed no more, nobody waits for it; the case is still to be closed."""

    @step(
        label=_("Await the payment again"), done=_("Money is owed again: a receipt was taken back"),
        source=(State.PERFORMING, State.CLOSED, State.ARCHIVED), target=State.PERFORMING, by=Role.SYSTEM,
        law=("PP-52", "PP-55", "PP-56"), needs=[rules.money_is_owed, rules.payment_was_ended], reopens=["payment"],
    )  # fmt: skip
    def await_payment_again(self, **facts):
        """PP-52, PP-56: what never came in is not performed; the term to pay runs to the day it always had.

        The file of a case that was archived is taken up again: it is closed and archived once more when all is paid.
        """
        self.closed_at = None

    @step(
        label=_("Publish the decision"), done=_("Decision published"), source=(State.PERFORMING, State.CLOSED),
        target=None, by=OFFICER, law=("PP-46", "PB-1", "HY-43"),
        needs=[
            rules.penalty_was_decided, rules.not_published_yet, rules.decision_service_counts,
            rules.published_after_service,
        ],
        meets=["publication", "publication_update"], form="PublishForm",
    )  # fmt: skip
    def publish(self, *, digest, **facts):
        """PP-46, PL-48: the decision is open to the public; nothing personal leaks."""
        self.published_on = facts["published_on"]
        self.digest = digest

    @step(
        label=_("Correct the publication"), done=_("Publication corrected"),
        source=(State.PERFORMING, State.CLOSED, State.ARCHIVED), target=None, by=OFFICER,
        law=("PP-46", "HY-38"), needs=[rules.is_published], assigned=True, form="CorrectPublicationForm",
    )  # fmt: skip
    def correct_publication(self, *, digest, **facts):
        """HY-38: what should not have been made public, or reads wrongly, is replaced; the history keeps both texts."""
        self.digest = digest

    @step(
        label=_("Close the case"), done=_("Case closed"), source=State.PERFORMING, target=State.CLOSED, by=HEAD,
        law="PP-56", needs=[rules.performed_in_full, rules.orders_to_correct_served], meets=["payment"],
        paper="closing_report", form="CloseForm",
    )  # fmt: skip
    def close(self, **facts):
        """PP-56: performed, or enforcement accepted by the court, or nothing to perform.

        PB-1: a publication still due stays due: its term runs on, and the file is not archived before.
        """

    @step(
        label=_("Archive the file"), done=_("File archived"), source=State.CLOSED, target=State.ARCHIVED, by=OFFICER,
        law=("PP-57", "HY-34"), needs=[rules.published_if_due], assigned=True,
    )  # fmt: skip
    def archive(self, **facts):
        """PP-57: one case, one file, complete and in order."""
