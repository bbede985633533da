"""The rows a case's steps leave on record, of which their events tell (HY-37)."""

from django.db.models import Model

from supervision.procedure.declare import Context
from supervision.records.rows import Kept, declare
from supervision.records.services.evidence import keep_upload

from .models import EnforcementCase, Fact

declare(Kept("fact", Fact, at="case", cites=("evidence",)))


def keep_fact(case: EnforcementCase, step: str, context: Context) -> list[Model]:
    """HY-37: the fact with the evidence it cites."""
    facts = context.facts
    fact = Fact.objects.create(
        case=case,
        act=facts["act"],
        description=facts["description"],
        fund=facts["fund"],
        amount=facts["amount"],
        period_from=facts["period_from"],
        period_to=facts["period_to"],
        harms_health=facts["harms_health"],
        finding=facts["finding"],
        established_at=context.now,
    )
    fact.evidence.set(facts["evidence"])
    case.__dict__.pop("standing_facts", None)
    return [fact]


def keep_ruling(case: EnforcementCase, step: str, context: Context) -> list[Model]:
    """The decision or judgment that lowered the fine is evidence of the case (PP-46)."""
    facts = context.facts
    return [keep_upload(case, facts["file"], context, title=f"{facts['body']} {facts['document']}")]


def drop_fact(case: EnforcementCase, step: str, context: Context) -> list[Model]:
    """A withdrawn fact stays on record with its reason."""
    fact: Fact = context.facts["fact"]
    fact.withdrawn_at, fact.withdrawn_because = context.now, context.facts["reason"][:300]
    fact.save(update_fields=["withdrawn_at", "withdrawn_because"])
    case.__dict__.pop("standing_facts", None)
    return [fact]
