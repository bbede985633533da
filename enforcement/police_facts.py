"""What the papers tell that follow a referral to the police (CR-5, CR-6)."""

from supervision.procedure.declare import Context
from supervision.records.selectors import newest_paper

from .inner_facts import Told
from .models import EnforcementCase
from .paper_facts import inner

ANSWERED = ("record_police_answer", "record_review_answer", "record_supervision")


def _referred(case: EnforcementCase, context: Context) -> Told:
    """The letter of referral and the newest written answer of the police."""
    letter = newest_paper(case, "criminal_referral")
    newest = case.events.filter(verb__in=ANSWERED).order_by("-seq").first()
    answer = newest.facts if newest else {}
    return {
        **inner(case, context),
        "police": case.police_organ,
        "letter": letter.number if letter else "",
        "sent_on": case.police_sent_on,
        "answer": {name: answer.get(name, "") for name in ("number", "dated", "reason")},
        "reviewed": newest is not None and newest.verb == "record_review_answer",
    }


def review(case: EnforcementCase, context: Context) -> Told:
    """To the police: which refusal is to be reviewed, and why (CR-5)."""
    return {**_referred(case, context), "reason": context.facts["reason"]}


def supervision(case: EnforcementCase, context: Context) -> Told:
    """To the procuratorate: what the police refused, and why they should file (CR-5)."""
    return {**_referred(case, context), "organ": context.facts["organ"], "reason": context.facts["reason"]}


def handover(case: EnforcementCase, context: Context) -> Told:
    """To the police: each thing and each piece of material, or that there is none (CR-6)."""
    said = context.facts
    return {
        **_referred(case, context),
        "handed_on": said["handed_on"],
        "things": said["things"],
        "materials": [f"{piece.get_kind_display()}：{piece.title}" for piece in said["materials"]],
        "receipt_of": said["receipt_of"],
    }
