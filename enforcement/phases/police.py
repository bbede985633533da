"""What the police answer to a referral, and what follows (CR-4…7, PL-27, NJ-4.3).

They file: property and material are handed over, and the case comes back or ends in a sentence. They do not: the
bureau asks for review, then for the procurator's supervision, or raises no objection.
"""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import rule, step

from .states import OFFICER, REFERABLE, Police

OVER = frozenset({Police.ENDED, Police.RETURNED, Police.SENTENCED})
ANSWERS = ("police_answer", "police_review_answer")
OBJECTIONS = ("police_review", "procurator")


@rule(_("The police have not filed the case"), law=("CR-4", "CR-6"), on_facts=True)
def answered_filed(case, context):
    return context.facts["answer"] == Police.FILED


@rule(_("The police have filed the case"), law=("CR-4", "CR-5"), on_facts=True)
def answered_refused(case, context):
    return context.facts["answer"] == Police.REFUSED


@rule(_("No first answer of the police is awaited"), law="CR-4", moot=True)
def answer_awaited(case):
    return case.police_sent_on is not None and not case.police_course


@rule(_("There is no refusal to be reviewed"), law="CR-5", moot=True)
def may_be_reviewed(case):
    return case.police_course == Police.REFUSED


@rule(_("No review by the police is running"), law="CR-5", moot=True)
def review_awaited(case):
    return case.police_course == Police.REVIEW


@rule(_("There is no refusal to object to"), law="CR-5", moot=True)
def refusal_stands(case):
    return case.police_course in (Police.REFUSED, Police.UPHELD)


@rule(_("The case does not lie before the procurator"), law="CR-5", moot=True)
def supervision_awaited(case):
    return case.police_course == Police.SUPERVISION


@rule(_("The police have not filed the case, or it has left their hands"), law=("CR-6", "PL-27"), moot=True)
def filed_by_police(case):
    return case.police_course == Police.FILED


@rule(_("Property and material were handed over already"), law="CR-6", moot=True)
def handover_awaited(case):
    return (term := case.term("police_handover")) is not None and term.is_open


@rule(
    _(
        "The case was referred as a suspected crime: no penalty takes its place until the police do not file, or the "
        "police, the procuratorate or the court give it back; record which of these happened"
    ),
    law=("CR-7", "PL-27"),
)
def not_with_the_police(case):
    """CR-7: from the decision to refer on, whatever was answered, until nobody pursues it as a crime any more."""
    return case.police_decided_on is None or case.police_course in OVER


@rule(_("A court has passed sentence on this act; it is not fined again"), law="PL-35")
def not_sentenced(case):
    return case.police_course != Police.SENTENCED


def answered(verdict, refused):
    """Where the criminal side stands after this answer; a refusal means another thing each time."""
    return Police.FILED if verdict == Police.FILED else refused


class PoliceAnswers:
    """From the answer of the police to the end of the criminal side."""

    @step(
        label=_("Record the answer of the police"), done=_("Answer of the police recorded"), source=REFERABLE,
        target=None, by=OFFICER, law=("CR-4", "HY-39"), assigned=True, needs=[answer_awaited],
        meets=["police_answer"], starts={"police_handover": "received_on", "police_review": "received_on"},
        form="PoliceAnswerForm", then=["keep_document"],
    )  # fmt: skip
    def record_police_answer(self, *, answer, **facts):
        """CR-4: filed or not, in writing."""
        self.police_course = answered(answer, Police.REFUSED)

    @step(
        label=_("Ask the police for review"), done=_("Review asked of the police"), source=REFERABLE, target=None,
        by=OFFICER, law="CR-5", assigned=True, needs=[may_be_reviewed], meets=["police_review"],
        starts=["police_review_answer"], paper="police_review_request", form="ReasonForm",
    )  # fmt: skip
    def request_review(self, **facts):
        """CR-5: within three days of the refusal; the police answer within three."""
        self.police_course = Police.REVIEW

    @step(
        label=_("Record the answer to the review"), done=_("Answer to the review recorded"), source=REFERABLE,
        target=None, by=OFFICER, law="CR-5", assigned=True, needs=[review_awaited], meets=["police_review_answer"],
        starts={"police_handover": "received_on", "procurator": "received_on"}, form="PoliceAnswerForm",
        then=["keep_document"],
    )  # fmt: skip
    def record_review_answer(self, *, answer, **facts):
        """CR-5: the refusal is given up or upheld."""
        self.police_course = answered(answer, Police.UPHELD)

    @step(
        label=_("Suggest supervision by the procurator"), done=_("Supervision by the procurator suggested"),
        source=REFERABLE, target=None, by=OFFICER, law="CR-5", assigned=True, needs=[refusal_stands],
        meets=OBJECTIONS, paper="supervision_suggestion", form="SupervisionForm",
    )  # fmt: skip
    def suggest_supervision(self, **facts):
        """CR-5: the procurator looks into why the police do not file."""
        self.police_course = Police.SUPERVISION

    @step(
        label=_("Record what came of the supervision"), done=_("Result of the supervision recorded"), source=REFERABLE,
        target=None, by=OFFICER, law="CR-5", assigned=True, needs=[supervision_awaited],
        starts={"police_handover": "received_on"}, form="PoliceAnswerForm", then=["keep_document"],
    )  # fmt: skip
    def record_supervision(self, *, answer, **facts):
        """CR-5: the police file after all, or the criminal side is over."""
        self.police_course = answered(answer, Police.ENDED)

    @step(
        label=_("Raise no objection"), done=_("No objection to the refusal of the police"), source=REFERABLE,
        target=None, by=OFFICER, law=("CR-5", "PL-27"), assigned=True, needs=[refusal_stands], meets=OBJECTIONS,
        form="ReasonForm", help=_("The case goes on as a violation, and a penalty may be decided again."),
    )  # fmt: skip
    def accept_refusal(self, **facts):
        """CR-5: an objection is raised where there is one; why there is none stands in the file."""
        self.police_course = Police.ENDED

    @step(
        label=_("Hand over property and material"), done=_("Property and material handed over"), source=REFERABLE,
        target=None, by=OFFICER, law="CR-6", assigned=True, needs=[filed_by_police, handover_awaited],
        meets=["police_handover"], paper="police_handover_list", form="HandoverForm", then=["keep_document"],
    )  # fmt: skip
    def hand_over(self, **facts):
        """CR-6: with its list, or the word that there is nothing."""

    @step(
        label=_("Record that the criminal side is over"), done=_("Criminal side over"), source=REFERABLE, target=None,
        by=OFFICER, law=("PL-27", "HY-39"), assigned=True, needs=[filed_by_police],
        meets=["police_handover"], form="PoliceReturnForm", then=["keep_document"],
        help=_(
            "Withdrawn, not prosecuted, acquitted or exempted: the case goes on from where it stands. After a sentence "
            "no fine is decided."
        ),
    )  # fmt: skip
    def record_return(self, *, outcome, **facts):
        """PL-27, NJ-4.3: what is not punished as a crime comes back as a case."""
        self.police_course = Police.SENTENCED if outcome == Police.SENTENCED else Police.RETURNED
