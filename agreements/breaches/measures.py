"""The measures an agency may take (HY-18), what each needs, and the thirteen grounds of termination (HY-20)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer


class MeasureKind(TextChoices):
    """Measures of HY-18, against the provider unless the name says otherwise."""

    REMIND = "remind", _("reminder")
    INTERVIEW = "interview", _("interview")
    PAUSE_SETTLEMENT = "pause_settlement", _("pause settlement")
    WITHHOLD = "withhold", _("withhold payment")
    REFUSE = "refuse", _("refuse payment of violating fees")
    RECOVER = "recover", _("recover violating fees")
    DAMAGES = "damages", _("liquidated damages")
    SUSPEND_DEPARTMENT = "suspend_department", _("suspend a department")
    SUSPEND_PERSON = "suspend_person", _("suspend a physician or pharmacist")
    CANCEL_PERSON = "cancel_person", _("cancel a physician's or pharmacist's eligibility")
    SUSPEND_AGREEMENT = "suspend_agreement", _("suspend the agreement")
    TERMINATE_AGREEMENT = "terminate_agreement", _("terminate the agreement")


Kind = MeasureKind
MONEY = frozenset({Kind.WITHHOLD, Kind.REFUSE, Kind.RECOVER, Kind.DAMAGES})
# What the provider owes by the decision, on its day and into its account. What is withheld or refused was never paid
# out and is simply not paid; what was paid out already is recovered (HY-23).
PAID = frozenset({Kind.RECOVER, Kind.DAMAGES})
COUNTED = frozenset({Kind.REFUSE, Kind.RECOVER})  # the amounts HY-21 measures against its threshold
FOR_MONTHS = frozenset({Kind.SUSPEND_DEPARTMENT, Kind.SUSPEND_PERSON, Kind.SUSPEND_AGREEMENT})
COLLECTIVE = frozenset({*FOR_MONTHS, Kind.CANCEL_PERSON})  # collective discussion whatever the amount (HY-21)
BY_HAND = frozenset({Kind.REMIND, Kind.INTERVIEW})  # carried out by people and recorded when done
FOR_PRACTITIONERS = frozenset({Kind.INTERVIEW, Kind.SUSPEND_PERSON, Kind.CANCEL_PERSON})  # HY-18, second paragraph


class Route(TextChoices):
    """The ways of a dispute about a decision (HY-25)."""

    NEGOTIATION = "negotiation", _("negotiation")
    MEDIATION = "mediation", _("mediation by the bureau")
    RECONSIDERATION = "reconsideration", _("administrative reconsideration")
    LITIGATION = "litigation", _("litigation")


BINDING = (Route.RECONSIDERATION, Route.LITIGATION)  # decided by others, by a document with a number


class Outcome(TextChoices):
    """How a dispute ended."""

    UPHELD = "upheld", _("decision upheld")
    CHANGED = "changed", _("decision to be changed")
    REVOKED = "revoked", _("decision revoked")
    WITHDRAWN = "withdrawn", _("withdrawn by the party")
    DECLINED = "declined", _("mediation declined")
    FAILED = "failed", _("no agreement reached")


class Ground(IntegerChoices):
    """The grounds on which an agreement is terminated (HY-20)."""

    REPEATED_SUSPENSION = 1, _("suspended twice or more within the term and not corrected")
    FALSE_APPLICATION = 2, _("designation obtained by deceit")
    SETTLING_FOR_OTHERS = 3, _("settled fees for an undesignated or suspended institution")
    REFUSED_SUPERVISION = 4, _("refused or obstructed supervision, gravely")
    UNREPORTED_CHANGE = 5, _("a major change of its particulars was not filed")
    UNREPORTED_CLOSURE = 6, _("closed or paused business without reporting")
    MAJOR_VIOLATION = 7, _("major violation found that may cause the fund major loss")
    LICENCE_REVOKED = 8, _("business or practice licence revoked or cancelled")
    PERSONS_IN_CHARGE = 9, _("persons in charge cannot perform the agreement or are dishonest")
    PENALTY_NOT_PERFORMED = 10, _("a penalty decision was not performed")
    OWN_REQUEST = 11, _("asked for by the provider and agreed by the city agency")
    BY_AGREEMENT = 12, _("due under the agreement")
    OTHER_LAW = 13, _("other grounds in law")


def months_allowed(serious: bool, scope: Sequence[str], on: date) -> tuple[int, int]:
    """Shortest and longest suspension in months (HY-19)."""
    names = ("serious_min", "serious_max") if serious else ("suspension_min", "suspension_max")
    least, most = (integer(f"HY-19/{name}", scope=scope, on=on) for name in names)
    return least, most
