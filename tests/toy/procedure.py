from django.db.models import TextChoices

from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, TermSpec, opening, rule, step


@rule("the answer period has not ended", law="HY-22")
def window_closed(errand):
    return (term := errand.term("answer")) is not None and term.closed


@rule("no answer was recorded", law="HY-22")
def nothing_answered(errand):
    return not errand.answer


@rule("the sum must not exceed the estimate", law="HY-21", on_facts=True)
def within_estimate(errand, context):
    return context.facts["total"] <= errand.estimate


class ErrandProcedure(Procedure):
    kind, label, word = "errand", "errand", "试"

    class State(TextChoices):
        OPEN = "open", "open"
        TOLD = "told", "told"
        WEIGHED = "weighed", "weighed"
        DONE = "done", "done"

    initial = State.OPEN
    final = frozenset({State.DONE})
    rail = (State.OPEN, State.TOLD, State.WEIGHED, State.DONE)
    opens = opening(label="Errand opened", by=Role.AGENCY_CLERK, law="HY-18", starts=["telling"])
    terms = {
        "telling": TermSpec("telling", law="HY-24", setting="HY-24/filing"),
        "answer": TermSpec("answer", law="HY-22", setting="HY-22/statement", on_lapse="lapse"),
    }

    @step(
        label="Tell",
        done="Told",
        source=State.OPEN,
        target=State.TOLD,
        by=Role.AGENCY_CLERK,
        law="HY-22",
        starts={"answer": "told_on"},
        meets=["telling"],
        form="TellForm",
    )
    def tell(self, *, told_on, **facts):
        self.told_on = told_on

    @step(label="Record answer", source=State.TOLD, target=None, by=Role.AGENCY_CLERK, law="HY-22", form="AnswerForm")
    def record_answer(self, *, answer, **facts):
        self.answer = answer

    @step(
        label="Lapse",
        source=State.TOLD,
        target=State.WEIGHED,
        by=Role.SYSTEM,
        law="HY-22",
        needs=[nothing_answered],
        lapses=["answer"],
    )
    def lapse(self, **facts):
        pass

    @step(label="Weigh", source=State.TOLD, target=State.WEIGHED, by=Role.AGENCY_CLERK, law="HY-22", meets=["answer"])
    def weigh(self, **facts):
        pass

    @step(
        label="Finish",
        source=State.WEIGHED,
        target=State.DONE,
        by=Role.AGENCY_HEAD,
        law="HY-21",
        needs=[window_closed, within_estimate],
        form="FinishForm",
    )
    def finish(self, *, total, **facts):
        self.total = total
