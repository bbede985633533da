"""What everyone may read without signing in; nothing about a natural person leaves here (HY-20, HY-38, PP-46)."""

from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from agreements.designation.models import Bar
from agreements.designation.selectors import terminated
from enforcement.models import EnforcementCase, Fact
from inspections.draws.models import Draw
from inspections.draws.selectors import public_draws
from supervision.law.catalogue import cite_together, rule
from supervision.parties.models import Party
from supervision.procedure import clock
from supervision.procedure.models import Seal
from supervision.records.models import Paper

NAMED = (Party.Kind.PROVIDER, Party.Kind.COMPANY, Party.Kind.AUTHORITY)


def penalties() -> QuerySet[EnforcementCase]:
    """Published penalty decisions with what is told of them, the newest first."""
    decisions = Paper.objects.filter(type="penalty_decision", state=Paper.State.ISSUED).order_by("-pk")
    standing = Fact.objects.filter(withdrawn_at__isnull=True).order_by("pk")
    return (
        EnforcementCase.objects.filter(published_on__lte=clock.today(), outcome=EnforcementCase.Outcome.PENALTY)
        .select_related("subject", "authority")
        .prefetch_related(
            Prefetch("papers", decisions, to_attr="decisions"), Prefetch("facts", standing, to_attr="established")
        )
        .order_by("-published_on", "-pk")
    )


def penalty(case: EnforcementCase) -> dict[str, Any]:
    """A decision as the public sees it: an organisation by name and code, a natural person not at all; yuan (PP-46).

    `cause` are the kinds of violation in the words of the law, not the officers' own: those may name a person.
    """
    decisions: list[Paper] = case.decisions  # type: ignore[attr-defined]
    established: list[Fact] = case.established  # type: ignore[attr-defined]
    acts = list(dict.fromkeys(fact.act for fact in established))
    subject = case.subject if case.subject is not None and case.subject.kind in NAMED else None
    return {
        "number": case.number,
        "decision": decisions[0].number if decisions else None,
        "party": subject.name if subject else None,
        "code": subject.code if subject else None,
        "cause": list(dict.fromkeys(str(rule(act).text) for act in acts)),
        "basis": cite_together(acts),
        "digest": case.digest,
        "fine": case.fine,
        "refund": sum((fact.amount for fact in established), Decimal(0)),
        "authority": case.authority.name,
        "decided_on": case.decided_on,
        "published_on": case.published_on,
    }


def terminations() -> QuerySet[Bar]:
    """Terminated agreements whose bar on a new one has not ended (HY-20)."""
    today = clock.today()
    return terminated(today).filter(days__endswith__gt=today).annotate(first=F("days__startswith"))


def termination(bar: Bar) -> dict[str, Any]:
    """A terminated agreement: provider, first day of the bar and the day from which it may apply again."""
    return {
        "party": bar.provider.name,
        "code": bar.provider.code,
        "region": bar.provider.region.name,
        "agreement": bar.agreement.number,
        "barred_from": bar.days.lower,
        "free_from": bar.days.upper,
    }


def draws() -> QuerySet[Draw]:
    """Announced draws, the newest first."""
    return public_draws()


def latest_seal() -> Seal | None:
    """The newest seal over every matter on record: whoever keeps it can later prove that nothing before was altered."""
    return Seal.objects.order_by("-number").first()


def seal_told(seal: Seal) -> dict[str, Any]:
    """A seal as it is published."""
    return {
        "number": seal.number,
        "at": seal.at,
        "leaves": seal.leaves,
        "root": seal.root,
        "previous": seal.previous,
        "hash": seal.hash,
    }
