"""The institutions within an authority's jurisdiction, by the region of the register."""

from __future__ import annotations

from monitoring.claims.jurisdiction import Jurisdiction
from supervision.parties.actors import Actor, providers_visible_to
from supervision.parties.models import Authority, Provider


def jurisdiction_of(authority: Authority | None) -> Jurisdiction | None:
    """What the authority may write and screen; None where nothing is kept from it: a city whose register holds no
    institution of elsewhere, or the system acting for no authority.
    """
    if authority is None:
        return None
    own = frozenset(providers_visible_to(Actor.system(authority)).values_list("code", flat=True))
    others = frozenset(Provider.objects.values_list("code", flat=True)) - own
    strangers = authority.level == Authority.Level.CITY
    return Jurisdiction(own, others, strangers) if others or not strangers else None
