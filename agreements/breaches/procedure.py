"""How an agency handles a breach of the agreement (HY-18 … HY-26), with the path of termination (HY-21).

Read beside the articles, phase by phase. The whole must keep HY-21's last sentence: without a legal review that
passed, nothing that needs one is decided.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import Procedure, TermSpec, opening

from . import states
from .decision import Decision
from .disputes import Disputes
from .execution import Execution
from .notice import Notice
from .states import OFFICERS


class BreachProcedure(Notice, Decision, Execution, Disputes, Procedure):
    """From the register to the closed case; a termination goes up to the city agency and its bureau.

    A decision that did not hold is reversed by steps of its own, and undone everywhere by recorded corrections (HY-25).
    """

    kind, label, word = "breach", _("breach case"), "违"
    State = states.State

    initial = states.State.REGISTERED
    final = frozenset({states.State.CLOSED, states.State.DISMISSED})
    rail = (
        states.State.REGISTERED,
        states.State.NOTICE_ISSUED,
        states.State.IN_STATEMENT,
        states.State.REEXAMINED,
        states.State.DECIDED,
        states.State.EXECUTING,
        states.State.CLOSED,
    )
    unsettled_by = "await_payment_again"
    reversed_by = ("reverse_decision", "reverse_termination")
    opens = opening(label=_("Breach registered"), by=OFFICERS, law="HY-18")
    terms: ClassVar[Mapping[str, TermSpec]] = {
        "statement": TermSpec(
            _("Statement and defence"), law="HY-22", setting="HY-22/statement", on_lapse="end_statement_period"
        ),
        "filing": TermSpec(_("Filing with the city bureau"), law="HY-24", setting="HY-24/filing"),
    }
