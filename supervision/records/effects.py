"""What steps with the shared forms leave behind; name them in `then=` (imported into the app's `effects`)."""

from decimal import Decimal
from typing import Any

from supervision.law.values import ratio
from supervision.procedure.declare import Context
from supervision.procedure.models import Dossier, Event

from .models import Deliberation, LegalReview, Statement, StatementPoint
from .selectors import forget


def keep_statement(dossier: Any, event: Event, context: Context) -> Statement:
    """Keep the statement of a `StatementForm`, one row a point (HY-22)."""
    facts = context.facts
    statement = Statement.objects.create(
        dossier_id=dossier.pk,
        made_on=facts["made_on"],
        made_by=facts["made_by"],
        oral=bool(facts.get("oral")),
        text=facts["text"],
        entered_by=context.actor.user,
        entered_at=context.now,
    )
    StatementPoint.objects.bulk_create(
        StatementPoint(statement=statement, place=place, text=text)
        for place, text in enumerate(facts["points"], start=1)
    )
    forget(dossier)
    return statement


def keep_answers(dossier: Any, event: Event, context: Context) -> None:
    """Keep the answers of an `AnswerStatementForm`; a point is answered once, the first answer stands."""
    for key, answer, accepted in answers(context.facts):
        StatementPoint.objects.filter(pk=key, statement__dossier=dossier.pk, answer="").update(
            answer=answer, accepted=accepted, answered_by=context.actor.user, answered_at=context.now
        )
    forget(dossier)


def answers(facts: Any) -> list[tuple[int, str, bool]]:
    """(key of the point, answer, accepted) of every answer among a step's facts."""
    return [
        (int(name.removeprefix("answer_")), text, facts.get(f"accepted_{name.removeprefix('answer_')}") == "yes")
        for name, text in facts.items()
        if name.startswith("answer_")
    ]


def keep_deliberation(dossier: Any, event: Event, context: Context) -> Deliberation:
    """Keep the discussion of a `DeliberationForm`, held by the acting person's authority (HY-21, PP-44)."""
    facts = context.facts
    body = context.actor.authority or dossier.authority
    attendees = list(facts["attendees"])
    quorum = ratio("HY-21/quorum", scope=body.scope, on=facts["held_on"])
    deliberation = Deliberation.objects.create(
        dossier_id=dossier.pk,
        purpose=facts.get("purpose") or event.verb,
        body=body,
        level=f"{body.get_level_display()}{body.get_body_display()}",
        held_on=facts["held_on"],
        chair=facts["chair"],
        present=len(attendees),
        entitled=facts["entitled"],
        quorum=quorum,
        votes_for=facts["votes_for"],
        votes_against=facts["votes_against"],
        abstained=facts["abstained"],
        dissent=facts.get("dissent", ""),
        resolution=facts["resolution"],
        carried=is_carried(len(attendees), facts["entitled"], facts["votes_for"], quorum),
        entered_at=context.now,
    )
    deliberation.attendees.set(attendees)
    forget(dossier)
    return deliberation


def is_carried(present: int, entitled: int, votes_for: int, quorum: Decimal) -> bool:
    """More members present than the share `quorum` of those entitled, and more than half of them in favour."""
    return present > entitled * quorum and votes_for * 2 > present


def request_legal_review(dossier: Any, event: Event, context: Context) -> LegalReview:
    """Ask for a legal review; one that is open already stays the one asked for."""
    review, _created = LegalReview.objects.get_or_create(
        dossier_id=dossier.pk, decided_at=None, defaults={"requested_at": context.now}
    )
    forget(dossier)
    return review


def keep_legal_review(dossier: Any, event: Event, context: Context) -> LegalReview:
    """Decide the open legal review, or one begun with this opinion, from a `LegalReviewForm` (HY-40, PP-39)."""
    review = LegalReview.objects.filter(dossier=dossier.pk, decided_at=None).first() or LegalReview(
        dossier_id=dossier.pk, requested_at=context.now
    )
    review.reviewer = context.actor.user
    review.opinion = context.facts["opinion"]
    review.reasons = context.facts["reasons"]
    review.passed = review.opinion == LegalReview.Opinion.AGREE
    review.decided_at = context.now
    review.save()
    forget(dossier)
    return review


def open_to_party(dossier: Any, event: Event, context: Context) -> None:
    """From now on the party concerned sees the dossier."""
    Dossier.objects.filter(pk=dossier.pk).update(open_to_subject=True)
    dossier.open_to_subject = True
