"""Reads of cases: repeats within a year, like cases and how heavily they were punished."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from dateutil.relativedelta import relativedelta
from django.db.models import Sum

from supervision.law.values import integer
from supervision.procedure import clock

from .models import EnforcementCase, Fact

ONE_DAY = timedelta(days=1)


def repeated_within_year(case: EnforcementCase, on: date) -> EnforcementCase | None:
    """The newest earlier case in which the same party was punished for the same kind of act (HY-42), or None.

    The window, in months, is a setting; counted back from `on` to the day of the earlier decision.
    """
    if case.subject_id is None:
        return None
    months = integer("HY-42/repeat_window", scope=case.authority.scope, on=on)
    kinds = {fact.act for fact in case.standing_facts}
    earlier = EnforcementCase.objects.filter(
        subject=case.subject_id,
        outcome=EnforcementCase.Outcome.PENALTY,
        decided_on__gt=on - relativedelta(months=months) - ONE_DAY,
        decided_on__lte=on,
        facts__act__in=kinds,
        facts__withdrawn_at__isnull=True,
    )
    return earlier.exclude(pk=case.pk).order_by("-decided_on").distinct().first()


@dataclass(frozen=True)
class Likes:
    """Like cases: their fines as multiples of the loss, ascending."""

    multiples: tuple[Decimal, ...]

    @property
    def count(self) -> int:
        return len(self.multiples)

    @property
    def median(self) -> Decimal:
        return Decimal(median(self.multiples)) if self.multiples else Decimal(0)


def same_kind_cases(case: EnforcementCase, limit: int = 500) -> Likes:
    """Decided cases with an act of the same kind: whoever decides sees how others were decided (DS-1)."""
    kinds = {fact.act for fact in case.standing_facts}
    decided = (
        EnforcementCase.objects.filter(
            outcome=EnforcementCase.Outcome.PENALTY,
            pk__in=Fact.objects.filter(act__in=kinds, withdrawn_at__isnull=True).values("case"),
        )
        .exclude(pk=case.pk)
        .order_by("-decided_on")[:limit]
    )
    losses = dict(
        Fact.objects.filter(case__in=[one.pk for one in decided], withdrawn_at__isnull=True)
        .values_list("case")
        .annotate(loss=Sum("amount"))
    )
    multiples = [one.fine / losses[one.pk] for one in decided if one.fine and losses.get(one.pk)]
    return Likes(tuple(sorted(multiples)))


def overdue_publication(on: date | None = None) -> int:
    """How many served penalties wait for publication past their term (PB-1)."""
    day = on or clock.today()
    return EnforcementCase.objects.filter(
        published_on__isnull=True, outcome=EnforcementCase.Outcome.PENALTY, term__kind="publication", term__due__lt=day
    ).count()
