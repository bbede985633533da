"""The course of a service agreement (HY-15, HY-16, HY-19, HY-20; DM-1 … DM-9). Read beside the articles."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer
from supervision.parties.roles import Role
from supervision.procedure.declare import Context, Procedure, TermSpec, opening, rule, step
from supervision.procedure.rules import last_day_over


class Clause(TextChoices):
    """The six groups an agreement must contain (HY-16)."""

    PARTIES = "parties", _("particulars of both parties")
    DUTIES = "duties", _("rights and duties, scope, content, quality of service, liability for breach")
    FEES = "fees", _("review and control of fees, manner and standard of settlement")
    ENDING = "ending", _("conditions of suspension, termination and end")
    TERM = "term", _("term of the agreement")
    OTHER = "other", _("other matters to be agreed")


@rule(_("The provider was terminated and may not sign again before the bar ends"), law="HY-20")
def not_barred(agreement: Any, context: Context) -> bool:
    return not agreement.barred_on(context.today)


@rule(_("The provider did not pass its evaluation"), law="HY-15", moot=True)
def evaluation_passed(agreement: Any) -> bool:
    return agreement.passed is True


@rule(_("The provider passed its evaluation"), law="HY-15", moot=True)
def evaluation_failed(agreement: Any) -> bool:
    return agreement.passed is False


@rule(_("Completion of the file was asked for before; it is asked for once"), law="DM-3", moot=True)
def completion_not_asked(agreement: Any) -> bool:
    return agreement.completion_asked_on is None


@rule(_("The period of the public notice has not ended"), law="HY-15")
def public_notice_ended(agreement: Any, context: Context) -> bool:
    return agreement.notice_until is not None and context.today > agreement.notice_until


@rule(_("An objection raised during the public notice is not settled"), law="HY-15")
def no_open_objection(agreement: Any) -> bool:
    return not agreement.objection or bool(agreement.objection_answer)


@rule(_("A clause group the agreement must contain is missing"), law="HY-16")
def clauses_complete(agreement: Any, context: Context) -> bool:
    due = integer("HY-16/clause_groups", scope=agreement.authority.scope, on=context.today)
    return len(set(agreement.clauses) & set(Clause.values)) >= due


@rule(_("Another agreement with this provider is in force in that time"), law="HY-16")
def no_other_agreement(agreement: Any) -> bool:
    return not agreement.overlaps_another()


@rule(_("The term of the agreement is over"), law="DM-6")
def term_running(agreement: Any, context: Context) -> bool:
    return agreement.last_day is not None and context.today <= agreement.last_day


@rule(_("The term of the agreement is not over"), law="DM-6")
def term_over(agreement: Any, context: Context) -> bool:
    return agreement.last_day is not None and context.today > agreement.last_day


@rule(_("The time of the suspension is not over"), law="HY-19")
def suspension_over(agreement: Any, context: Context) -> bool:
    held = agreement.open_suspension
    return held is not None and held.days.upper is not None and context.today >= held.days.upper


@rule(_("The agreement was not suspended at the provider's own request"), law="DM-8", moot=True)
def suspended_on_request(agreement: Any) -> bool:
    return agreement.open_suspension is not None and agreement.open_suspension.on_request


class AgreementProcedure(Procedure):
    """From the application of a provider to the end of its agreement."""

    passed: bool | None
    termination_ground: int | None
    closed_at: Any

    kind, label, word = "agreement", _("service agreement"), "协"
    regional = True  # signed by the city agency, supervised on site by the county's (HY-5)

    class State(TextChoices):
        APPLIED = "applied", _("applied")
        ACCEPTED = "accepted", _("accepted for evaluation")
        EVALUATED = "evaluated", _("evaluation done")
        PUBLIC_NOTICE = "public_notice", _("public notice")
        NEGOTIATED = "negotiated", _("negotiated")
        SIGNED = "signed", _("agreement in force")
        SUSPENDED = "suspended", _("agreement suspended")
        TERMINATED = "terminated", _("agreement terminated")
        EXPIRED = "expired", _("agreement expired")
        REFUSED = "refused", _("not designated")

    initial = State.APPLIED
    final = frozenset({State.TERMINATED, State.EXPIRED, State.REFUSED})
    resting = frozenset({State.SIGNED, State.SUSPENDED})
    rail = (
        State.APPLIED,
        State.ACCEPTED,
        State.EVALUATED,
        State.PUBLIC_NOTICE,
        State.NEGOTIATED,
        State.SIGNED,
        State.EXPIRED,
    )
    opens = opening(label=_("Application received"), by=Role.AGENCY_CLERK, law="HY-15", starts=["completeness"])
    terms: ClassVar[Mapping[str, TermSpec]] = {
        "completeness": TermSpec(_("Check of completeness"), law="DM-3", setting="DM-3/completeness"),
        "evaluation": TermSpec(_("Evaluation"), law="DM-4", setting="DM-4/evaluation"),
        "own_suspension": TermSpec(
            _("Suspension at own request"), law="DM-8", setting="DM-8/own_suspension", on_lapse="end_own_suspension"
        ),
    }

    @step(
        label=_("Ask for completion"),
        done=_("Completion of the file asked for"),
        source=State.APPLIED,
        target=None,
        by=Role.AGENCY_CLERK,
        law="DM-3",
        needs=[completion_not_asked],
        pauses=["completeness"],
        form="CompletionForm",
        help=_("Everything that is missing is told once, in one go."),
    )
    def ask_completion(self, *, missing: str, asked_on: Any, **facts: Any) -> None:
        self.completion_missing, self.completion_asked_on = missing, asked_on

    @step(
        label=_("Accept the application"),
        done=_("Application accepted"),
        source=State.APPLIED,
        target=State.ACCEPTED,
        by=Role.AGENCY_CLERK,
        law=["HY-15", "DM-1", "DM-2"],
        needs=[not_barred],
        starts=["evaluation"],
        meets=["completeness"],
        form="AcceptForm",
    )
    def accept(self, *, operating_since: Any, doctors: int, pharmacists: int, trained_staff: int, **facts: Any) -> None:
        self.operating_since = operating_since
        self.staff = {"doctors": doctors, "pharmacists": pharmacists, "trained_staff": trained_staff}

    @step(
        label=_("Record the evaluation"),
        done=_("Evaluated and scored"),
        source=State.ACCEPTED,
        target=State.EVALUATED,
        by=Role.AGENCY_CLERK,
        law=["HY-15", "DM-4"],
        meets=["evaluation"],
        form="EvaluationForm",
    )
    def evaluate(self, *, passed: bool, score: Any, panel: str, opinion: str, **facts: Any) -> None:
        self.passed, self.evaluation_score = passed, score
        self.panel, self.evaluation_opinion = panel, opinion

    @step(
        label=_("Refuse designation"),
        done=_("Not designated"),
        source=State.EVALUATED,
        target=State.REFUSED,
        by=Role.AGENCY_HEAD,
        law=["HY-15", "DM-5"],
        needs=[evaluation_failed],
        form="ReasonForm",
    )
    def refuse(self, *, reason: str, **facts: Any) -> None:
        self.ended_because = reason

    @step(
        label=_("Give public notice"),
        done=_("Public notice given"),
        source=State.EVALUATED,
        target=State.PUBLIC_NOTICE,
        by=Role.AGENCY_CLERK,
        law="HY-15",
        needs=[evaluation_passed],
        form="PublicNoticeForm",
    )
    def give_notice(self, *, notice_until: Any, **facts: Any) -> None:
        self.notice_until = notice_until

    @step(
        label=_("Record an objection"),
        done=_("Objection recorded"),
        source=State.PUBLIC_NOTICE,
        target=None,
        by=Role.AGENCY_CLERK,
        law="HY-15",
        form="ObjectionForm",
    )
    def record_objection(self, *, objection: str, answer: str = "", **facts: Any) -> None:
        self.objection, self.objection_answer = objection, answer

    @step(
        label=_("Record the negotiation"),
        done=_("Negotiated"),
        source=(State.PUBLIC_NOTICE, State.NEGOTIATED),
        target=State.NEGOTIATED,
        by=Role.AGENCY_CLERK,
        law="HY-16",
        needs=[public_notice_ended, no_open_objection],
        form="NegotiationForm",
    )
    def negotiate(self, *, clauses: list[str], first_day: Any, last_day: Any, terms_text: str, **facts: Any) -> None:
        self.clauses = list(clauses)
        self.first_day, self.last_day, self.terms_text = first_day, last_day, terms_text

    @step(
        label=_("Sign the agreement"),
        done=_("Agreement signed"),
        source=State.NEGOTIATED,
        target=State.SIGNED,
        by=Role.AGENCY_HEAD,
        law=["HY-16", "HY-20"],
        needs=[clauses_complete, not_barred, no_other_agreement],
        paper="service_agreement",
        form="SignForm",
        then=["bring_into_force", "open_to_party"],
    )
    def sign(self, *, signed_on: Any, **facts: Any) -> None:
        self.signed_on = signed_on

    @step(
        label=_("Sign a supplement"),
        done=_("Supplement signed"),
        source=State.SIGNED,
        target=None,
        by=Role.AGENCY_HEAD,
        law="HY-16",
        needs=[term_running],
        form="SupplementForm",
        keeps="keep_supplement",
    )
    def supplement(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Suspend the agreement"),
        done=_("Agreement suspended"),
        source=State.SIGNED,
        target=State.SUSPENDED,
        by=Role.SYSTEM,
        law="HY-19",
        form="SuspendForm",
        paper="suspension_notice",
        keeps="keep_suspension",
        help=_("Follows from a decided breach case."),
    )
    def suspend(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Suspend at the provider's request"),
        done=_("Agreement suspended at the provider's request"),
        source=State.SIGNED,
        target=State.SUSPENDED,
        by=Role.AGENCY_CLERK,
        law="DM-8",
        needs=[term_running],
        starts={"own_suspension": "first_day"},
        form="OwnSuspensionForm",
        keeps="keep_own_suspension",
    )
    def suspend_on_request(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Restore the agreement"),
        done=_("Agreement restored"),
        source=State.SUSPENDED,
        target=State.SIGNED,
        by=(Role.SYSTEM, Role.AGENCY_CLERK),
        law="HY-19",
        needs=[suspension_over, term_running],
        keeps="end_suspension",
    )
    def restore(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Restore at the provider's request"),
        done=_("Agreement restored at the provider's request"),
        source=State.SUSPENDED,
        target=State.SIGNED,
        by=Role.AGENCY_CLERK,
        law="DM-8",
        needs=[suspended_on_request, term_running],
        meets=["own_suspension"],
        keeps="end_suspension",
    )
    def restore_on_request(self, **facts: Any) -> None:
        pass

    @step(
        label=_("End after a suspension too long"),
        done=_("Ended: suspended at own request beyond the limit"),
        source=State.SUSPENDED,
        target=State.EXPIRED,
        by=Role.SYSTEM,
        law="DM-8",
        needs=[last_day_over("own_suspension", "DM-8")],
        lapses=["own_suspension"],
        keeps="end_suspension",
        then=["end_force"],
    )
    def end_own_suspension(self, **facts: Any) -> None:
        self.ended_because = "DM-8"

    @step(
        label=_("Terminate the agreement"),
        done=_("Agreement terminated"),
        source=(State.SIGNED, State.SUSPENDED),
        target=State.TERMINATED,
        by=Role.SYSTEM,
        law="HY-20",
        form="TerminateForm",
        paper="termination_notice",
        lapses=["own_suspension"],
        keeps="keep_termination",
        then=["end_force"],
        help=_("Follows from a decided breach case."),
    )
    def terminate(self, *, ground: int, **facts: Any) -> None:
        self.termination_ground = ground

    @step(
        label=_("Expire"),
        done=_("Agreement expired"),
        source=(State.SIGNED, State.SUSPENDED),
        target=State.EXPIRED,
        by=Role.SYSTEM,
        law="DM-6",
        needs=[term_over],
        lapses=["own_suspension"],
        keeps="end_suspension",
    )
    def expire(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Reinstate the agreement"),
        done=_("Agreement reinstated: the decision was reversed"),
        source=(State.SUSPENDED, State.TERMINATED),
        target=State.SIGNED,
        by=Role.SYSTEM,
        law="HY-25",
        form="UndoForm",
        keeps="undo_suspensions",
        then=["bind_again", "lift_own_bars", "resume_what_was_cut_short"],
        help=_("Follows from the reversal of a breach decision; an agreement whose term is over expires next."),
    )
    def reinstate(self, **facts: Any) -> None:
        self.termination_ground = None
        self.closed_at = None

    @step(
        label=_("Resume the suspension"),
        done=_("Suspension resumed: the termination that cut it short was reversed"),
        source=State.SIGNED,
        target=State.SUSPENDED,
        by=Role.SYSTEM,
        law=["HY-19", "HY-25"],
        needs=[term_running],
        form="ResumeForm",
        keeps="resume",
        help=_("Follows from the reversal of a termination, for the time the suspension had left."),
    )
    def resume_suspension(self, **facts: Any) -> None:
        pass

    @step(
        label=_("Resume the suspension at own request"),
        done=_("Suspension at own request resumed: the termination that cut it short was reversed"),
        source=State.SIGNED,
        target=State.SUSPENDED,
        by=Role.SYSTEM,
        law=["DM-8", "HY-25"],
        needs=[term_running],
        starts={"own_suspension": "first_day"},
        form="ResumeForm",
        keeps="resume",
    )
    def resume_own_suspension(self, **facts: Any) -> None:
        """The time at most counts from its first day, as if it had not been cut short."""

    @step(
        label=_("Void a past suspension"),
        done=_("Past suspension voided: the decision was reversed"),
        source=(State.SIGNED, State.SUSPENDED, State.TERMINATED, State.EXPIRED),
        target=None,
        by=Role.SYSTEM,
        law="HY-25",
        form="UndoForm",
        keeps="undo_suspensions",
        then=["resume_what_was_cut_short"],
    )
    def void_suspension(self, **facts: Any) -> None:
        """A suspension that was over already counts no longer among those of HY-20, first ground."""
