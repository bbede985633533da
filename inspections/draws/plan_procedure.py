"""The yearly plan of random checks (HY-31, DR-1): drafted by officers, adopted by the head, run by the
calendar.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer, value
from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, opening, rule, step

OFFICERS = (Role.BUREAU_OFFICER, Role.AUDITOR, Role.AGENCY_CLERK)
HEADS = (Role.BUREAU_HEAD, Role.AGENCY_HEAD)
RISKS = ("low", "medium", "medium_high", "high")


@rule(_("A rate lies below the one in force for its risk class"), law="DR-1")
def rates_reach_the_law(plan, context):
    scope = plan.authority.scope
    return all(plan.rate_of(risk) >= value(f"DR-1/rate_{risk}", scope=scope, on=context.today).value for risk in RISKS)


@rule(_("Fewer inspectors per check than the law asks for"), law="DR-2")
def enough_inspectors_each(plan, context):
    return plan.inspectors_each >= integer("DR-2/officers", scope=plan.authority.scope, on=context.today)


@rule(_("Fewer witnesses are named than a draw needs"), law="DR-3")
def enough_witnesses(plan, context):
    return len(plan.witness_ids) >= integer("DR-3/witnesses", scope=plan.authority.scope, on=context.today)


@rule(_("No draw of the plan lies in the future"), law="HY-31")
def draws_lie_ahead(plan, context):
    return any(moment.draw_at > context.now for moment in plan.moments())


@rule(_("The year of the plan is not over"), law="HY-31")
def year_is_over(plan, context):
    return context.today.year > plan.year


class PlanProcedure(Procedure):
    """Only an adopted plan draws; what it says is then settled and can only be ended."""

    kind, label, word = "plan", _("random-check plan"), "抽查计划"
    witnessed = True

    class State(TextChoices):
        DRAFT = "draft", _("draft")
        ADOPTED = "adopted", _("adopted")
        ENDED = "ended", _("at an end")
        WITHDRAWN = "withdrawn", _("withdrawn")

    initial = State.DRAFT
    final = frozenset({State.ENDED, State.WITHDRAWN})
    resting = frozenset({State.ADOPTED})
    rail = (State.DRAFT, State.ADOPTED, State.ENDED)
    opens = opening(label=_("Plan drafted"), by=OFFICERS, law=["HY-31", "DR-1"])

    @step(
        label=_("Revise"),
        done=_("Plan revised"),
        source=State.DRAFT,
        target=None,
        by=OFFICERS,
        law="HY-31",
        form="PlanForm",
        keeps="keep_witnesses",
    )
    def revise(self, **facts: Any) -> None:
        self.take_over(facts)  # type: ignore[attr-defined] # of the model

    @step(
        label=_("Adopt"),
        done=_("Plan adopted"),
        source=State.DRAFT,
        target=State.ADOPTED,
        by=HEADS,
        law=["HY-31", "DR-1", "DR-2", "DR-3"],
        needs=[rates_reach_the_law, enough_inspectors_each, enough_witnesses, draws_lie_ahead],
        keeps="keep_calendar",
        help=_("From then on the draws run by the plan's calendar, without anybody starting them."),
    )
    def adopt(self, **facts):
        pass

    @step(
        label=_("Withdraw the draft"),
        done=_("Draft withdrawn"),
        source=State.DRAFT,
        target=State.WITHDRAWN,
        by=OFFICERS,
        law="HY-31",
    )
    def discard(self, **facts):
        pass

    @step(
        label=_("End early"),
        done=_("Plan ended early"),
        source=State.ADOPTED,
        target=State.ENDED,
        by=HEADS,
        law="HY-31",
        form="ReasonForm",
        help=_("Draws already opened go on; no further one is opened."),
    )
    def end(self, **facts):
        pass

    @step(
        label=_("Close at the year's end"),
        done=_("Plan closed at the year's end"),
        source=State.ADOPTED,
        target=State.ENDED,
        by=Role.SYSTEM,
        law="HY-31",
        needs=[year_is_over],
    )
    def expire(self, **facts):
        pass
