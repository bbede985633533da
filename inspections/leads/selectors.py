"""What pages and API read of leads."""

from django.db.models import QuerySet

from supervision.parties.actors import Actor
from supervision.procedure.selectors import owned_by, tally, visible_to

from .models import Lead


def leads(actor: Actor) -> QuerySet[Lead]:
    """Leads within the actor's jurisdiction, with what a list shows."""
    seen: QuerySet[Lead] = visible_to(actor, Lead.objects.all())
    return seen.select_related("subject", "authority")


def open_leads_count(actor: Actor) -> int:
    """Leads of the actor's own authority that wait for a conclusion."""
    return tally(owned_by(actor).filter(kind="lead", closed_at=None))
