"""The institutions within an authority's jurisdiction, by the region of the register."""

from __future__ import annotations

from django.db.models import QuerySet

from monitoring.claims.jurisdiction import Jurisdiction
from supervision.parties.actors import Actor, providers_visible_to
from supervision.parties.models import Authority, Provider


def is_kept_apart(authority: Authority | None) -> bool:
    """Whether there may be claims that the authority may not write and screen.

    Nothing is kept from a city whose register holds no institution of elsewhere, nor from the system acting for no
    authority.
    """
    if authority is None:
        return False
    elsewhere = Provider.objects.exclude(pk__in=_own(authority).values("pk"))
    return not _answers_for_strangers(authority) or elsewhere.exists()


def jurisdiction_of(authority: Authority | None) -> Jurisdiction | None:
    """What the authority may write and screen; None where nothing is kept apart."""
    if authority is None or not is_kept_apart(authority):
        return None
    own = frozenset(_own(authority).values_list("code", flat=True))
    others = frozenset(Provider.objects.values_list("code", flat=True)) - own
    return Jurisdiction(own, others, _answers_for_strangers(authority))


def _own(authority: Authority) -> QuerySet[Provider]:
    return providers_visible_to(Actor.system(authority))


def _answers_for_strangers(authority: Authority) -> bool:
    """Institutions in no register are the city's to look at."""
    return authority.level == Authority.Level.CITY
