"""Who acts: a person under the posts held today at one authority or provider; and what that lets them see."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Authority, Employment, Post, Practitioner, Provider, User
from .roles import ADMINISTRATORS, Role

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Actor:
    """A person acting at one place. Build with `actors_of`, `Actor.system` — never by hand outside tests."""

    user: User | None
    authority: Authority | None
    provider: Provider | None
    roles: frozenset[Role] = field(default_factory=frozenset)

    @classmethod
    def system(cls, authority: Authority | None = None, *, moved_by: "Actor | None" = None) -> "Actor":
        """The software itself: takes only steps declared for `Role.SYSTEM`.

        `moved_by`: whose own act elsewhere the steps follow from; their events name the person and the place.
        """
        roles = frozenset({Role.SYSTEM})
        if moved_by is None:
            return cls(user=None, authority=authority, provider=None, roles=roles)
        return cls(user=moved_by.user, authority=moved_by.authority or authority, provider=None, roles=roles)

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles

    @property
    def place(self) -> Authority | Provider | None:
        return self.authority or self.provider

    @property
    def person(self) -> User:
        """The person who acts. Raises LookupError where the software itself does."""
        if self.user is None:
            raise LookupError("no person acts here")
        return self.user

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held."""
        return not self.roles.isdisjoint(roles)

    def __str__(self) -> str:
        return str(self.user) if self.user else str(Role.SYSTEM.label)


def actors_of(user: User, on: date) -> list[Actor]:
    """Every place where the user holds a valid post on that day, roles of one place together; may be empty."""
    posts = (
        Post.objects.filter(user=user, valid__contains=on)
        .select_related("authority__parent__parent", "authority__region", "provider__region")
        .order_by("pk")
    )
    places: dict[tuple[int | None, int | None], list[Post]] = {}
    for post in posts:
        places.setdefault((post.authority_id, post.provider_id), []).append(post)
    return [
        Actor(
            user=user,
            authority=held[0].authority,
            provider=held[0].provider,
            roles=frozenset(Role(post.role) for post in held),
        )
        for held in places.values()
    ]


def authorities_within(authority: Authority, on: date) -> QuerySet[Authority]:
    """The authorities whose matters this one may see (HY-5, HY-33).

    A bureau sees every bureau and agency of its region and below; an agency sees the agencies of its region and
    below; a commissioned body sees what the principals of its valid commissions own.
    """
    if authority.body == Authority.Body.COMMISSIONED:
        principals = authority.commissions.filter(valid__contains=on).values("principal")
        return Authority.objects.filter(Q(pk=authority.pk) | Q(pk__in=principals))
    below = Authority.objects.filter(region__path__startswith=authority.region.path)
    if authority.is_agency:
        return below.filter(body=Authority.Body.AGENCY)
    return below


def may_see_business(actor: Actor) -> bool:
    """Administrators run the system and never read matters: the three administrators of level-3 protection.

    Nor does who only witnesses draws, an outsider to all other matters of the authority.
    """
    return bool(actor.roles - ADMINISTRATORS - {Role.SYSTEM, Role.WITNESS}) or actor.is_system


def providers_visible_to(actor: Actor) -> QuerySet[Provider]:
    """Providers in the actor's region, or the actor's own provider; none for anybody else."""
    if actor.is_system and actor.authority is None:
        return Provider.objects.all()
    if actor.provider is not None:
        return Provider.objects.filter(pk=actor.provider.pk)
    if actor.authority is None or not may_see_business(actor):
        return Provider.objects.none()
    return Provider.objects.filter(region__path__startswith=actor.authority.region.path)


def practitioners_visible_to(actor: Actor) -> QuerySet[Practitioner]:
    """Physicians and pharmacists who are or were registered at a provider the actor may see."""
    here = Employment.objects.filter(practitioner=OuterRef("pk"), provider__in=providers_visible_to(actor))
    return Practitioner.objects.filter(Exists(here))


def holders(authority: Authority, roles: "Iterable[Role]", on: date) -> QuerySet[User]:
    """People, not other systems, who hold one of these roles at the authority on that day, longest known first."""
    found = User.objects.filter(
        is_active=True,
        is_machine=False,
        posts__authority=authority,
        posts__role__in=list(roles),
        posts__valid__contains=on,
    )
    return found.distinct().order_by("pk")
