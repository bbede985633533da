"""What follows the decision and may be done any time: service, measures, settlement, report, end (HY-18, HY-19)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import step

from . import rules
from .states import OFFICERS, UNDECIDED, State


class Execution:
    """The decision takes effect; settlement is paused and restored."""

    closed_at: Any  # the model's; a closed case that awaits payment again is open

    @step(
        label=_("Record the service of the decision"),
        done=_("Decision served on the party"),
        source=State.DECIDED,
        target=State.EXECUTING,
        by=OFFICERS,
        law=["HY-18", "HY-23"],
        serves="breach_decision",
        form="ServeForm",
        keeps="keep_taking_effect",
        then=["execute"],
        assigned=True,
    )
    def serve_decision(self, *, served_on: Any, **facts: Any) -> None:
        self.decision_served_on = served_on

    @step(
        label=_("Record how a measure was carried out"),
        done=_("Measure carried out"),
        source=State.EXECUTING,
        target=None,
        by=OFFICERS,
        law="HY-18",
        needs=[rules.something_to_carry_out],
        form="CarriedOutForm",
        keeps="keep_carried_out",
    )
    def carry_out(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Pause settlement"),
        done=_("Settlement paused"),
        source=UNDECIDED,
        target=None,
        by=Role.AGENCY_HEAD,
        law="HY-19",
        needs=[rules.settlement_runs],
        form="ReasonForm",
        keeps="keep_pause",
        help=_("While it is investigated; it ends by itself when nothing is found."),
    )
    def pause_settlement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Restore settlement"),
        done=_("Settlement restored"),
        source=(*UNDECIDED, State.DECIDED, State.EXECUTING),
        target=None,
        by=Role.AGENCY_HEAD,
        law="HY-19",
        needs=[rules.settlement_paused],
        form="ReasonForm",
        paper="restoration_notice",
        then=["restore"],
    )
    def restore_settlement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Report to the bureau"),
        done=_("Reported to the bureau"),
        source=(*UNDECIDED, State.DECIDED, State.EXECUTING),
        target=None,
        by=(*OFFICERS, Role.AGENCY_HEAD),
        law=["HY-18", "HY-24"],
        needs=[rules.not_reported],
        form="ReportForm",
        then=["report"],
        help=_("A suspected violation of law, a major breach, or one that may attract public attention."),
    )
    def report_to_bureau(self, *, reported_on: Any, **facts: Any) -> None:
        self.reported_on = reported_on

    @step(
        label=_("Dismiss: nothing found"),
        done=_("Case dismissed"),
        source=UNDECIDED,
        target=State.DISMISSED,
        by=Role.AGENCY_HEAD,
        law="HY-19",
        form="ReasonForm",
        lapses=["statement"],
        then=["restore"],
    )
    def dismiss(self, *, reason: str, **facts: Any) -> None:
        self.dismissed_because = reason

    @step(
        label=_("Close the case"),
        done=_("Case closed"),
        source=State.EXECUTING,
        target=State.CLOSED,
        by=Role.AGENCY_HEAD,
        law=["HY-18", "HY-23", "HY-24"],
        needs=[rules.money_settled, rules.measures_carried_out, rules.filed_when_due],
        then=["restore"],
    )
    def close(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Await the payment again"),
        done=_("Money is owed again: a receipt was taken back"),
        source=State.CLOSED,
        target=State.EXECUTING,
        by=Role.SYSTEM,
        law=["HY-23", "HY-47"],
        needs=[rules.money_is_owed],
    )
    def await_payment_again(self, **facts: Any) -> None:
        """HY-23: what never came in is not paid; the case stays open until it is."""
        self.closed_at = None
