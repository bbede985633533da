"""What steps leave on record; a step names one of these in `keeps=`, or a function of its app's own `keeping` module.

Each writes its rows before the step's event, which tells of them; see `rows`.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db.models import Model

from supervision.law.values import ratio
from supervision.procedure.declare import Context, Procedure
from supervision.procedure.models import Dossier

from .models import Deliberation, LegalReview, Statement, StatementPoint, Vote
from .rows import told
from .selectors import forget


def keep_statement(dossier: Dossier, step: str, context: Context) -> list[Model]:
    """Keep the statement of a `StatementForm`, one row a point (HY-22)."""
    facts = context.facts
    statement = Statement.objects.create(
        dossier_id=dossier.pk,
        made_on=facts["made_on"],
        received_on=facts.get("received_on"),
        made_by=facts["made_by"],
        oral=bool(facts.get("oral")),
        text=facts["text"],
        entered_by=context.actor.user,
        entered_at=context.now,
    )
    points = StatementPoint.objects.bulk_create(
        StatementPoint(statement=statement, place=place, text=text)
        for place, text in enumerate(facts["points"], start=1)
    )
    return [statement, *points]


def keep_answers(dossier: Dossier, step: str, context: Context) -> list[Model]:
    """Keep the answers of an `AnswerStatementForm`; a point is answered once, the first answer stands."""
    given = {key: (answer, accepted) for key, answer, accepted in answers(context.facts)}
    points = list(StatementPoint.objects.filter(pk__in=given, statement__dossier=dossier.pk, answer=""))
    for point in points:
        point.answer, point.accepted = given[point.pk]
        point.answered_by, point.answered_at = context.actor.user, context.now
        point.save(update_fields=["answer", "accepted", "answered_by", "answered_at"])
    return [*points]


def answers(facts: Any) -> list[tuple[int, str, bool]]:
    """(key of the point, answer, accepted) of every answer among a step's facts."""
    return [
        (int(name.removeprefix("answer_")), text, facts.get(f"accepted_{name.removeprefix('answer_')}") == "yes")
        for name, text in facts.items()
        if name.startswith("answer_")
    ]


def keep_deliberation(dossier: Dossier, step: str, context: Context) -> list[Model]:
    """Keep the discussion of a `DeliberationForm`, held by the acting person's authority (HY-21, PP-44)."""
    facts = context.facts
    body = context.actor.authority or dossier.authority
    attendees = list(facts["attendees"])
    quorum = ratio("HY-21/quorum", scope=body.scope, on=facts["held_on"])
    deliberation = Deliberation.objects.create(
        dossier_id=dossier.pk,
        purpose=facts.get("purpose") or step,
        body=body,
        level=f"{body.get_level_display()}{body.get_body_display()}",
        held_on=facts["held_on"],
        begun_at=facts["begun_at"],
        ended_at=facts["ended_at"],
        place=facts["place"],
        recorder=facts["recorder"],
        chair=facts["chair"],
        present=len(attendees),
        entitled=facts["entitled"],
        quorum=quorum,
        votes_for=facts["votes_for"],
        votes_against=facts["votes_against"],
        abstained=facts["abstained"],
        dissent=facts["dissent"],
        resolution=facts["resolution"],
        carried=is_carried(len(attendees), facts["entitled"], facts["votes_for"], quorum),
        entered_at=context.now,
    )
    deliberation.attendees.set(attendees)
    deliberation.heard.set(facts.get("heard") or ())
    votes = Vote.objects.bulk_create(
        Vote(deliberation=deliberation, member=member, choice=row["vote"], opinion=row["opinion"])
        for member, row in zip(attendees, facts["votes"].values(), strict=True)
    )
    return [deliberation, *votes]


def is_carried(present: int, entitled: int, votes_for: int, quorum: Decimal) -> bool:
    """More members present than the share `quorum` of those entitled, and more than half of them in favour."""
    return present > entitled * quorum and votes_for * 2 > present


def request_legal_review(dossier: Dossier, step: str, context: Context) -> list[Model]:
    """Ask for a legal review; one that is open already stays the one asked for."""
    review, _created = LegalReview.objects.get_or_create(
        dossier_id=dossier.pk, decided_at=None, defaults={"requested_at": context.now}
    )
    return [review]


def keep_legal_review(dossier: Dossier, step: str, context: Context) -> list[Model]:
    """Decide the open legal review, or one begun with this opinion, from a `LegalReviewForm` (HY-40, PP-39)."""
    review = LegalReview.objects.filter(dossier=dossier.pk, decided_at=None).first() or LegalReview(
        dossier_id=dossier.pk, requested_at=context.now
    )
    review.reviewer = context.actor.user
    review.opinion = context.facts["opinion"]
    review.reasons = context.facts["reasons"]
    review.sound = context.facts.get("sound", [])
    review.passed = review.opinion == LegalReview.Opinion.AGREE
    review.decided_at = context.now
    review.save()
    return [review]


Keeper = Callable[[Any, str, Context], list[Model]]

SHARED: Mapping[str, Keeper] = {
    "statement": keep_statement,
    "answers": keep_answers,
    "deliberation": keep_deliberation,
    "legal_review_request": request_legal_review,
    "legal_review": keep_legal_review,
}


def keeper(procedure: type[Procedure], keeps: str) -> Keeper:
    """The shared function of this name, or the one of the app; raises ImportError or AttributeError without either."""
    if keeps in SHARED:
        return SHARED[keeps]
    own: Keeper = getattr(import_module(f"{procedure.app()}.keeping"), keeps)
    return own


def is_known(procedure: type[Procedure], keeps: str) -> bool:
    """Fills `Ports.knows_record`."""
    try:
        keeper(procedure, keeps)
    except (ImportError, AttributeError):
        return False
    return True


def keep_for_step(dossier: Dossier, keeps: str, step: str, context: Context) -> list[dict[str, Any]]:
    """Fills `Ports.keep_record`: what the event keeps of the rows the step leaves."""
    rows = keeper(dossier.procedure, keeps)(dossier, step, context)
    forget(dossier)
    return told(*rows)
