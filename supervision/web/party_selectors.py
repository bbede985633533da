"""Which parties' files a reader may open."""

from django.db.models import Exists, OuterRef, QuerySet

from supervision.parties.actors import Actor, providers_visible_to
from supervision.parties.models import Employment, Party, Practitioner


def practitioners_visible_to(actor: Actor) -> QuerySet[Practitioner]:
    """Physicians and pharmacists who are or were registered at a provider the actor may see."""
    here = Employment.objects.filter(practitioner=OuterRef("pk"), provider__in=providers_visible_to(actor))
    return Practitioner.objects.filter(Exists(here))


def visible_party(actor: Actor, pk: int) -> Party | None:
    """The provider or practitioner of this key, if the actor may see it."""
    for visible in (providers_visible_to(actor), practitioners_visible_to(actor)):
        found = visible.filter(pk=pk).select_related("region").first()
        if found is not None:
            return found
    return None
