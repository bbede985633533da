"""Which parties' files a reader may open."""

from supervision.parties.actors import Actor, practitioners_visible_to, providers_visible_to
from supervision.parties.models import Party


def visible_party(actor: Actor, pk: int) -> Party | None:
    """The provider or practitioner of this key, if the actor may see it."""
    for visible in (providers_visible_to(actor), practitioners_visible_to(actor)):
        found = visible.filter(pk=pk).select_related("region").first()
        if found is not None:
            return found
    return None
