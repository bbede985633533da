"""From the re-examination to the decision: discussions, the way up to the city, legal review, decision (HY-21)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.roles import Role
from supervision.procedure.declare import Where, step
from supervision.records.rules import (
    remedies_known,
    reviewer_is_independent,
    statement_window_closed,
    statements_answered,
)

from . import rules
from .states import OFFICERS, State


class Decision:
    """Decided by whom and after what HY-21 says."""

    review_agreed: bool | None

    @step(
        label=_("Record the collective discussion"),
        done=_("Discussed collectively"),
        source=State.REEXAMINED,
        target=None,
        by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
        law="HY-21",
        needs=[statement_window_closed, statements_answered],
        form="BreachDeliberationForm",
        paper="deliberation_minutes",
        keeps="deliberation",
    )
    def deliberate(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Decide"),
        done=_("Decision made"),
        source=State.REEXAMINED,
        target=State.DECIDED,
        by=Role.AGENCY_HEAD,
        law=["HY-18", "HY-21", "HY-22"],
        needs=[
            rules.notice_served,
            statement_window_closed,
            statements_answered,
            rules.measures_chosen,
            rules.not_terminating,
            rules.collective_discussion_carried_when_due,
            remedies_known,
            rules.accounts_known,
        ],
        form="DecisionForm",
        paper="breach_decision",
    )
    def decide(self, *, decided_on: Any, decision_text: str, pay_by: Any, **facts: Any) -> None:
        self.decided_on, self.decision_text, self.pay_by = decided_on, decision_text, pay_by

    @step(
        label=_("Refer to the city agency"),
        done=_("Referred to the city agency"),
        source=State.REEXAMINED,
        target=State.REFERRED,
        by=Role.AGENCY_HEAD,
        law="HY-21",
        needs=[rules.terminating, rules.of_a_county, statement_window_closed, statements_answered],
        form="ReferralForm",
    )
    def refer_to_city(self, *, referred_on: Any, **facts: Any) -> None:
        self.referred_on = referred_on

    @step(
        label=_("Record the city agency's discussion"),
        done=_("Discussed by the city agency"),
        source=(State.REEXAMINED, State.REFERRED),
        target=None,
        by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
        at=Where.CITY_AGENCY,
        law="HY-21",
        needs=[rules.terminating, rules.referred_or_own, statement_window_closed, statements_answered],
        form="BreachDeliberationForm",
        paper="deliberation_minutes",
        keeps="deliberation",
    )
    def deliberate_termination(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Submit for legal review"),
        done=_("Submitted for legal review"),
        source=(State.REEXAMINED, State.REFERRED, State.REVIEWED),
        target=State.IN_REVIEW,
        by=(Role.AGENCY_CLERK, Role.AGENCY_HEAD),
        at=Where.CITY_AGENCY,
        law="HY-21",
        needs=[rules.terminating, rules.referred_or_own, rules.city_discussion_carried, rules.review_not_passed],
        keeps="legal_review_request",
    )
    def submit_for_review(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Give the legal opinion"),
        done=_("Legal opinion given"),
        source=State.IN_REVIEW,
        target=State.REVIEWED,
        by=Role.LEGAL_REVIEWER,
        at=Where.CITY_AGENCY,
        law=["HY-21", "PP-37", "PP-39"],
        needs=[reviewer_is_independent],
        form="LegalReviewForm",
        keeps="legal_review",
    )
    def give_opinion(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Send back to the handling agency"),
        done=_("Sent back without termination"),
        source=(State.REFERRED, State.REVIEWED),
        target=State.REEXAMINED,
        by=Role.AGENCY_HEAD,
        at=Where.CITY_AGENCY,
        law="HY-21",
        form="ReasonForm",
        then=["begin_anew"],
        help=_("Where the termination was not carried, did not pass the review or was not consented to."),
    )
    def send_back(self, **facts: Any) -> None:
        self.referred_on = None

    @step(
        label=_("Record the city bureau's discussion"),
        done=_("Discussed by the city bureau"),
        source=State.REVIEWED,
        target=None,
        by=(Role.BUREAU_HEAD, Role.BUREAU_OFFICER),
        at=Where.CITY_BUREAU,
        law="HY-21",
        needs=[rules.review_of_round_passed],
        form="BreachDeliberationForm",
        paper="deliberation_minutes",
        keeps="deliberation",
    )
    def deliberate_consent(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Decide the termination"),
        done=_("Termination decided"),
        source=State.REVIEWED,
        target=State.DECIDED,
        by=Role.AGENCY_HEAD,
        at=Where.CITY_AGENCY,
        law=["HY-20", "HY-21", "HY-22"],
        needs=[
            rules.notice_served,
            statement_window_closed,
            statements_answered,
            rules.terminating,
            rules.ground_holds,
            rules.city_discussion_carried,
            rules.review_of_round_passed,
            rules.bureau_consented,
            remedies_known,
            rules.accounts_known,
        ],
        form="DecisionForm",
        paper="breach_decision",
    )
    def decide_termination(self, *, decided_on: Any, decision_text: str, pay_by: Any, **facts: Any) -> None:
        self.decided_on, self.decision_text, self.pay_by = decided_on, decision_text, pay_by

    @step(
        label=_("Agree to the decision"),
        done=_("Bureau agreed to the decision"),
        source=(State.DECIDED, State.EXECUTING),
        target=None,
        by=(Role.BUREAU_OFFICER, Role.BUREAU_HEAD),
        at=Where.SAME_BUREAU,
        law="HY-24",
        needs=[rules.county_decision, rules.not_reviewed],
        starts={"filing": "reviewed_on"},
        form="ReviewForm",
    )
    def agree_to_decision(self, *, reviewed_on: Any, opinion: str = "", **facts: Any) -> None:
        self.review_agreed, self.reviewed_on, self.review_opinion = True, reviewed_on, opinion

    @step(
        label=_("Object to the decision"),
        done=_("Bureau objected to the decision"),
        source=State.DECIDED,
        target=None,
        by=(Role.BUREAU_OFFICER, Role.BUREAU_HEAD),
        at=Where.SAME_BUREAU,
        law="HY-24",
        needs=[rules.county_decision, rules.not_reviewed],
        form="ReasonForm",
    )
    def object_to_decision(self, *, reason: str, **facts: Any) -> None:
        self.review_agreed, self.review_opinion = False, reason

    @step(
        label=_("Withdraw the decision"),
        done=_("Decision withdrawn before service"),
        source=State.DECIDED,
        target=State.REEXAMINED,
        by=Role.AGENCY_HEAD,
        law="HY-24",
        needs=[rules.review_disagreed],
        form="ReasonForm",
        then=["void_decision", "begin_anew"],
    )
    def withdraw_decision(self, **facts: Any) -> None:
        self.decided_on, self.decision_text, self.review_agreed = None, "", None
        self.referred_on = None

    @step(
        label=_("File with the city bureau"),
        done=_("Filed with the city bureau"),
        source=(State.DECIDED, State.EXECUTING),
        target=None,
        by=OFFICERS,
        law="HY-24",
        needs=[rules.county_decision, rules.agreed_in_review, rules.not_filed],
        meets=["filing"],
        form="FilingForm",
        paper="filing_slip",
    )
    def file_with_city(self, *, filed_on: Any, **facts: Any) -> None:
        self.filed_on = filed_on
