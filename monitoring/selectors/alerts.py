"""What an actor may see of screening: alerts by the provider's region, runs and imports by the authority."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from monitoring.models import Alert, ImportBatch, Rule, ScreeningRun
from monitoring.months import written
from supervision.parties.actors import Actor, authorities_within, may_see_business
from supervision.parties.models import Authority
from supervision.parties.roles import Role

WORKERS = frozenset({Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.AGENCY_CLERK, Role.AGENCY_HEAD, Role.AUDITOR})
"""Roles whose holders import claims, screen and decide on alerts."""


def may_work(actor: Actor) -> bool:
    """Whether the actor imports, screens and decides, rather than only reads."""
    return actor.authority is not None and actor.has(*WORKERS)


def keeps_rules(actor: Actor) -> bool:
    """Whether the actor keeps what holds for every county: the numbers of rules, the library."""
    return may_work(actor) and actor.authority is not None and actor.authority.level == Authority.Level.CITY


def _sees_unplaced(actor: Actor) -> bool:
    """What belongs to no region or authority known here is the city's to look at."""
    return actor.authority is not None and actor.authority.level == Authority.Level.CITY


def alerts(actor: Actor) -> QuerySet[Alert]:
    """Alerts about providers of the actor's region; about unknown providers for the city. None for providers."""
    if actor.is_system and actor.authority is None:
        return Alert.objects.all()
    if actor.authority is None or not may_see_business(actor):
        return Alert.objects.none()
    seen = Q(provider__region__path__startswith=actor.authority.region.path)
    if _sees_unplaced(actor):
        seen |= Q(provider__isnull=True)
    return Alert.objects.filter(seen)


def open_alerts_count(actor: Actor) -> int:
    """Alerts nobody decided on yet; looks at no more than a thousand."""
    return alerts(actor).filter(state=Alert.State.NEW).order_by()[:1000].count()


def _owned(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    if actor.is_system and actor.authority is None:
        return rows
    if actor.authority is None or not may_see_business(actor):
        return rows.none()
    seen = Q(authority__in=authorities_within(actor.authority, timezone.localdate()))
    if _sees_unplaced(actor):
        seen |= Q(authority__isnull=True)
    return rows.filter(seen)


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Imports of the authorities the actor sees."""
    return _owned(actor, ImportBatch.objects.all())


def runs(actor: Actor) -> QuerySet[ScreeningRun]:
    """Screening runs of the authorities the actor sees, with their progress counted."""
    return _owned(actor, ScreeningRun.objects.all()).annotate(
        parts_all=Count("parts"),
        parts_over=Count("parts", filter=Q(parts__state__in=("done", "failed", "cancelled"))),
        found_new=Sum("parts__alerts_new", default=0),
        found_known=Sum("parts__alerts_known", default=0),
    )


@dataclass(frozen=True)
class Hits:
    """How a rule fared: alerts in all and by decision, yuan at stake, and the share held true of those decided."""

    total: int = 0
    open: int = 0
    upheld: int = 0
    dismissed: int = 0
    amount: Decimal = Decimal(0)

    @property
    def precision(self) -> float | None:
        decided = self.upheld + self.dismissed
        return self.upheld / decided if decided else None


def hits(actor: Actor) -> dict[int, Hits]:
    """Rule id → how it fared within the actor's jurisdiction."""
    rows = (
        alerts(actor)
        .order_by()
        .values("rule")
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(state=Alert.State.NEW)),
            upheld=Count("pk", filter=Q(state__in=(Alert.State.CONFIRMED, Alert.State.LED))),
            dismissed=Count("pk", filter=Q(state=Alert.State.DISMISSED)),
            sum=Sum("amount"),
        )
    )
    return {
        row["rule"]: Hits(row["total"], row["open"], row["upheld"], row["dismissed"], row["sum"] or Decimal(0))
        for row in rows
    }


def heat(actor: Actor, most: int = 12) -> list[tuple[str, str, int]]:
    """(provider, month, alerts) for the providers with most alerts."""
    seen = alerts(actor).filter(provider__isnull=False).order_by()
    top = seen.values("provider").annotate(n=Count("pk")).order_by("-n", "provider")[:most]
    rows = (
        seen.filter(provider__in=[row["provider"] for row in top])
        .values("provider__name", "month")
        .annotate(n=Count("pk"))
        .order_by("provider__name", "month")
    )
    return [(row["provider__name"], written(row["month"]), row["n"]) for row in rows]


def rules() -> QuerySet[Rule]:
    """The rules in force, one version each."""
    return Rule.objects.filter(active=True)


def same_suspicion(actor: Actor, alert: Alert) -> QuerySet[Alert]:
    """Other open alerts of the same rule about the same provider: one lead may carry them all."""
    if alert.provider_id is None:
        return Alert.objects.none()
    return (
        alerts(actor)
        .filter(
            rule__slug=alert.rule.slug,
            provider=alert.provider_id,
            state__in=(Alert.State.NEW, Alert.State.CONFIRMED),
        )
        .exclude(pk=alert.pk)
    )
