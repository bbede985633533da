"""What the papers on a party's defence tell: its statement, the answers to it, its waiver (HY-22, PP-41, PL-45)."""

from collections.abc import Iterable
from typing import Any

from supervision.parties.models import User
from supervision.procedure.declare import Context
from supervision.procedure.models import Dossier
from supervision.workdays import Period, Unit

from .keeping import answers
from .papers import FOLDER, local_law, named_with_certificate
from .selectors import in_force, newest_paper, officers_in_charge, statements_of

STATEMENT = f"{FOLDER}/statement_record.typ"
WAIVER = f"{FOLDER}/statement_waiver.typ"


def told_by(case: Any, notice: str) -> dict[str, Any]:
    """The notice the party answers: its title, number and service, and until when it may be answered."""
    paper, term = newest_paper(case, notice), case.term("statement")
    return {
        "notice": {"title": paper.title if paper else "", "number": paper.number if paper else ""},
        "notice_served_on": case.notice_served_on,
        "period": str(Period(term.n, Unit(term.unit))) if term else "",
        "until": term.due if term else None,
    }


def enclosed(facts: Any) -> dict[str, Any]:
    """The file that came along, by its name and content, and whether the original lies in the paper file."""
    document = facts.get("document")
    return {
        "enclosure": {"name": document["name"], "sha256": document["sha256"]} if document else None,
        "on_paper": bool(facts.get("on_paper")),
    }


def statement_record(case: Any, context: Context, notice: str) -> dict[str, Any]:
    """The statement: an oral one as its transcript, a written one as received, or as the party entered it itself."""
    facts = context.facts
    return {
        "case_title": case.title,
        **told_by(case, notice),
        "made_on": facts["made_on"],
        "received_on": facts.get("received_on"),
        "proof": facts.get("proof", ""),
        "made_by": facts["made_by"],
        "oral": "yes" if facts.get("oral") else "",
        "by_itself": context.actor.provider is not None,
        "text": facts["text"],
        "points": list(facts["points"]),
        "recorder": str(context.actor)
        if context.actor.provider is not None
        else named_with_certificate(context.actor.user, context.today),
        **enclosed(facts),
    }


def statement_review(case: Any, context: Context, record: str) -> dict[str, Any]:
    """The points answered now, each with its answer and whether it is accepted, and the records they stand in."""
    given = {key: (answer, accepted) for key, answer, accepted in answers(context.facts)}
    return {
        "records": numbers(case, record),
        "statements": [
            {
                "made_by": statement.made_by,
                "made_on": statement.made_on,
                "points": [
                    {"text": point.text, "answer": given[point.pk][0], "accepted": given[point.pk][1]}
                    for point in statement.points.all()
                    if point.pk in given
                ],
            }
            for statement in statements_of(case)
            if any(point.pk in given for point in statement.points.all())
        ],
    }


def statement_waiver(case: Any, context: Context, notice: str) -> dict[str, Any]:
    """What the waiver in writing or the silence to the last day shows, and not a word beyond it.

    Where there was a statement before, the party says by it that it has nothing more to say.
    """
    facts = context.facts
    people = User.objects.filter(pk__in=officers_in_charge(case)).order_by("pk")
    return {
        "case_title": case.title,
        **told_by(case, notice),
        "declared_by": facts.get("declared_by", ""),
        "declared_on": facts.get("declared_on"),
        "hearing_waived": bool(facts.get("hearing_waived")),
        "stated_on": [one.made_on for one in statements_of(case)],
        "we": "本单位" if case.authority.is_agency else "本机关",
        "local": local_law(case, "HY-22"),
        "officers": [named_with_certificate(one, context.today) for one in people],
        **enclosed(facts),
    }


def numbers(case: Dossier, *types: str) -> list[str]:
    """The numbers of the papers of these types in force."""
    return [paper.number for type in types for paper in in_force(case, type)]


def cited(case: Dossier, record: str, review: str, waiver: str) -> dict[str, Iterable[str]]:
    """What a decision cites by number of how the party was heard."""
    return {
        "statement_records": numbers(case, record),
        "statement_reviews": numbers(case, review),
        "statement_waivers": numbers(case, waiver),
    }
