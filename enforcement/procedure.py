"""A bureau's case from filing to archive (HY-34…42, national procedure PP-14…57), readable beside the articles.

Lead → filing → investigation by two → report → notice → service → statement or hearing → re-examination → legal
review → collective discussion when major → decision → service → performance → closure → archive; publication on the
way.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import Procedure, TermSpec, opening

from .phases import states
from .phases.change import Change
from .phases.decision import Decision
from .phases.execution import Execution
from .phases.filing import Filing
from .phases.investigation import Investigation
from .phases.notice import Notice
from .phases.police import PoliceAnswers, answered_filed, answered_refused
from .phases.referral import Referral
from .phases.review import Review
from .phases.states import OFFICER
from .rules import hearing_is_due


class CaseProcedure(
    Filing, Investigation, Referral, PoliceAnswers, Notice, Review, Decision, Execution, Change, Procedure
):  # fmt: skip
    """The law of one enforcement case; its steps stand with their phase."""

    kind, label, word = "case", _("enforcement case"), "案"
    State = states.State

    initial = State.PROPOSED
    final = frozenset({State.NOT_FILED, State.ARCHIVED, State.TRANSFERRED, State.TERMINATED})
    rail = (
        State.PROPOSED, State.INVESTIGATING, State.REPORTED, State.NOTICE_ISSUED, State.IN_STATEMENT, State.REEXAMINING,
        State.IN_LEGAL_REVIEW, State.REVIEWED, State.DELIBERATED, State.DECIDED, State.PERFORMING, State.CLOSED,
        State.ARCHIVED,
    )  # fmt: skip
    settled_by = "record_performance"
    unsettled_by = "await_payment_again"
    opens = opening(label=_("Filing proposed"), by=OFFICER, law=("PP-14", "HY-39"), starts={"filing": "discovered_on"})
    terms: ClassVar[Mapping[str, TermSpec]] = {
        "filing": TermSpec(_("Decide on filing"), law="PP-14", setting="PP-14/verification"),
        "decision": TermSpec(_("Make the decision"), law="PP-45", setting="PP-45/decision"),
        "police_decision": TermSpec(_("Decide on the referral to the police"), law="CR-2", setting="CR-2/decision"),
        "police": TermSpec(_("Send to the police"), law="CR-3", setting="CR-3/transfer"),
        "police_answer": TermSpec(_("Answer of the police"), law="CR-4", setting="CR-4/answer"),
        "police_review": TermSpec(
            _("Ask the police for review"), law="CR-5", setting="CR-5/review", due_if=answered_refused
        ),
        "police_review_answer": TermSpec(_("Answer to the review"), law="CR-5", setting="CR-5/answer"),
        "procurator": TermSpec(
            _("Suggest supervision by the procurator"), law="CR-5", setting="CR-5/procurator", due_if=answered_refused
        ),
        "police_handover": TermSpec(
            _("Hand over property and material"), law="CR-6", setting="CR-6/handover", due_if=answered_filed
        ),
        "statement": TermSpec(
            _("Statement and defence"), law="PP-41", setting="PP-41/statement", on_lapse="record_waiver"
        ),
        "hearing_request": TermSpec(
            _("Ask for a hearing"),
            law="PL-63",
            setting="PL-63/request",
            on_lapse="end_hearing_request",
            due_if=hearing_is_due,
        ),
        "legal_review": TermSpec(_("Legal review"), law="PP-40", setting="PP-40/review"),
        "service": TermSpec(_("Serve the decision"), law="PP-59", setting="PP-59/service"),
        "payment": TermSpec(_("Pay"), law="PP-52", setting="PP-52/payment"),
        "publication": TermSpec(_("Publish the decision"), law="PB-1", setting="PB-1/penalty"),
        "publication_update": TermSpec(_("Publish the changed decision"), law="PP-46", setting="PP-46/withdrawal"),
    }
