"""What everyone may read without signing in; nothing about a natural person leaves here (HY-20, HY-38, PP-46)."""

from typing import Any

from django.db.models import F, QuerySet

from agreements.designation.models import Bar
from agreements.designation.selectors import terminated
from enforcement.models import EnforcementCase
from inspections.draws.models import Draw
from inspections.draws.selectors import public_draws
from supervision.parties.models import Party
from supervision.procedure import clock
from supervision.procedure.models import Seal

NAMED = (Party.Kind.PROVIDER, Party.Kind.COMPANY, Party.Kind.AUTHORITY)


def penalties() -> QuerySet[EnforcementCase]:
    """Published penalty decisions, the newest first."""
    return (
        EnforcementCase.objects.filter(published_on__lte=clock.today(), outcome=EnforcementCase.Outcome.PENALTY)
        .select_related("subject", "authority")
        .order_by("-published_on", "-pk")
    )


def penalty(case: EnforcementCase) -> dict[str, Any]:
    """A decision as the public sees it: an organisation by name and code, a natural person not at all; yuan."""
    subject = case.subject if case.subject is not None and case.subject.kind in NAMED else None
    return {
        "number": case.number,
        "party": subject.name if subject else None,
        "code": subject.code if subject else None,
        "digest": case.digest,
        "fine": case.fine,
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
