"""What is read of agreements: lists within the jurisdiction, what binds on a day, who is barred."""

from datetime import date

from django.db.models import QuerySet

from supervision.parties.actors import Actor
from supervision.parties.models import Provider
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to

from .models import Agreement, Bar, Suspension

State = Agreement.State
EXECUTING = ("breach", "executing")  # kind and state of a breach case whose decision takes effect
REVERSED = ("breach", "reversed")  # of one whose decision was reversed


def agreements(actor: Actor) -> QuerySet[Agreement]:
    """Agreements the actor may see, with provider and authority at hand."""
    found = visible_to(actor, Agreement.objects.all())
    return found.select_related("provider__region", "authority")


def in_force_with(provider: Provider, on: date) -> Agreement | None:
    """The agreement that binds the provider on a day, suspended or not; the database allows only one."""
    return Agreement.objects.filter(provider=provider, in_force__contains=on).first()


def bar_on(provider: Provider, on: date) -> Bar | None:
    """The bar that keeps the provider from a new agreement on a day (HY-20), or None."""
    return Bar.objects.filter(provider=provider, days__contains=on, lifted_on__isnull=True).first()


def open_application(provider: Provider) -> Agreement | None:
    """An application of the provider that was neither signed nor refused, or None."""
    before = (State.APPLIED, State.ACCEPTED, State.EVALUATED, State.PUBLIC_NOTICE, State.NEGOTIATED)
    return Agreement.objects.filter(provider=provider, state__in=before).first()


def ordering_cases(agreement: Agreement) -> QuerySet[Dossier]:
    """Breach cases against the agreement whose decision takes effect: only they suspend or terminate it."""
    return _breaches(agreement, *EXECUTING)


def reversed_cases(agreement: Agreement) -> QuerySet[Dossier]:
    """Breach cases against the agreement whose decision was reversed: only they undo what was ordered (HY-25)."""
    return _breaches(agreement, *REVERSED)


def _breaches(agreement: Agreement, kind: str, state: str) -> QuerySet[Dossier]:
    return Dossier.objects.filter(kind=kind, state=state, breachcase__breached_agreement=agreement.pk)


def suspensions_ordered(agreement: Agreement) -> int:
    """How often the agreement was suspended for breaches within its term (HY-20, first ground); reversed ones not."""
    return Suspension.objects.filter(agreement=agreement, on_request=False, reversed_on__isnull=True).count()


def terminated(on: date) -> QuerySet[Bar]:
    """The public list of terminated agreements (HY-20): provider, days of the bar; lifted ones are left out."""
    return (
        Bar.objects.filter(lifted_on__isnull=True, days__startswith__lte=on)
        .select_related("provider__region", "agreement")
        .order_by("-days", "pk")
    )


def due_for_renewal(on: date, until: date) -> QuerySet[Agreement]:
    """Agreements in force whose last day falls between two days (DM-6)."""
    found = Agreement.objects.filter(state__in=(State.SIGNED, State.SUSPENDED), last_day__range=(on, until))
    return found.select_related("provider", "authority").order_by("last_day", "pk")
