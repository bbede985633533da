"""Which parties' files a reader may open."""

from supervision.parties.actors import Actor, providers_visible_to
from supervision.parties.models import Party, Practitioner


def visible_party(actor: Actor, pk: int) -> Party | None:
    """The provider or practitioner of this key, if the actor may see it."""
    providers = providers_visible_to(actor)
    provider = providers.filter(pk=pk).select_related("region").first()
    if provider:
        return provider
    return Practitioner.objects.filter(pk=pk, employments__provider__in=providers).select_related("region").first()
