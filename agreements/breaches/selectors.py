"""What is read of breach cases, within the jurisdiction."""

from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from inspections.selectors import confirmed_findings
from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.procedure.selectors import tally, visible_to, with_late_term

from .models import BreachCase, Measure


def breaches(actor: Actor) -> QuerySet[BreachCase]:
    """Breach cases the actor may see, with subject, authority and measures at hand."""
    standing = Prefetch("measures", Measure.objects.filter(dropped=False).order_by("pk"), to_attr="standing")
    found = visible_to(actor, BreachCase.objects.all())
    return found.select_related("subject", "authority", "provider").prefetch_related(standing)


def breaches_of(party: Party, actor: Actor) -> QuerySet[BreachCase]:
    """Breach cases against a party that the actor may see, for its file."""
    return breaches(actor).filter(subject=party)


def open_breaches_count(actor: Actor) -> int:
    """Cases that are neither closed nor dismissed, for the rail."""
    return tally(visible_to(actor).filter(kind="breach", closed_at=None))


def overdue_breaches_count(actor: Actor) -> int:
    """Open cases one of whose statutory terms is overdue."""
    return tally(with_late_term(visible_to(actor).filter(kind="breach", closed_at=None)))


def confirmed_fees(case: BreachCase) -> dict[str, Decimal]:
    """Yuan by fund of the confirmed findings of the inspection behind a case, or of those its lead led to.

    Empty without any. The lead may be one that was handed to the agency: its findings are of the matter it arose from.
    """
    behind = case.origin
    while behind is not None:
        found = confirmed_findings(behind).order_by().values_list("fund").annotate(total=Sum("amount"))
        if by_fund := dict(found):
            return by_fund
        behind = behind.origin
    return {}
