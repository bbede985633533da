"""What is read of breach cases, within the jurisdiction."""

from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from inspections.models import Finding
from inspections.selectors import confirmed_findings
from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.procedure.models import Dossier
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


def findings_behind(origin: Dossier | None) -> QuerySet[Finding]:
    """Confirmed findings of the inspection a matter is, or led to, or that a lead handed to the agency arose from."""
    while origin is not None:
        if (found := confirmed_findings(origin)).exists():
            return found
        origin = origin.origin
    return Finding.objects.none()


def confirmed_fees(case: BreachCase) -> dict[str, Decimal]:
    """Yuan by fund of the confirmed findings behind a case; empty without any."""
    return dict(findings_behind(case.origin).order_by().values_list("fund").annotate(total=Sum("amount")))
