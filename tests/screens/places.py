"""Where the pictures of the thread are to be found in the demo city: who looks, and at which address.

A matter is found by what can be done with it, so that the city may change and the pictures still show their subject.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from funds.models import Receivable
from supervision.parties.actors import Actor, actors_of
from supervision.parties.models import Post, User
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.registry import concrete, model_of, procedure_of
from supervision.procedure.selectors import steps_for, visible_to

COUNTY = "441602"
Finder = Callable[[], "Place"]


@dataclass(frozen=True)
class Place:
    """An address, and the account that opens it; without one everybody may."""

    path: str
    username: str | None = None


class NothingThereError(LookupError):
    """The demo city holds no matter fit for a picture."""


def at(name: str, *args: object, by: str | None = None) -> Finder:
    """A page of its own."""
    return lambda: Place(reverse(name, args=args), by)


def first(name: str, rows: Callable[[], object], by: str | None = None) -> Finder:
    """The page of the first of `rows`, by its key."""

    def find() -> Place:
        row = rows()
        if row is None:
            raise NothingThereError(name)
        return Place(reverse(name, args=[getattr(row, "pk", row)]), by)

    return find


def matter(kind: str, state: str, by: str, name: str = "web:dossier") -> Finder:
    """The newest matter of this kind in this state within the sight of `by`."""

    def find() -> Place:
        found = visible_to(_actor(User.objects.get(username=by))).filter(kind=kind, state=state).last()
        if found is None:
            raise NothingThereError(f"{kind} in {state}")
        return Place(reverse(name, args=[found.pk]), by)

    return find


def open_step(kind: str, step: str, *, form: bool = True) -> Finder:
    """The form of a step that somebody can take now, or the page of its matter."""

    def find() -> Place:
        declared = procedure_of(model_of(kind)).steps[step]
        matters = Dossier.objects.filter(kind=kind, state__in=declared.sources).order_by("pk")
        for dossier in sorted(matters, key=lambda one: one.authority.region.code != COUNTY):
            for user, actor in _who_may(dossier, declared.by):
                if any(offer.open and offer.step.name == step for offer in steps_for(concrete(dossier), actor)):
                    name, more = ("web:step", [step]) if form else ("web:dossier", [])
                    return Place(reverse(name, args=[dossier.pk, *more]), user.username)
        raise NothingThereError(f"{kind} ready for {step}")

    return find


def owing(name: str) -> Finder:
    """A page about money still owed, with somebody of the finance of its county."""

    def find() -> Place:
        for username in (f"finance1-{COUNTY}", f"officer1-{COUNTY}"):
            seen = visible_to(_actor(User.objects.get(username=username)))
            owed = Receivable.objects.filter(dossier__in=seen, state=Receivable.State.OPEN).first()
            if owed is not None:
                return Place(reverse(name, args=[owed.pk]), username)
        raise NothingThereError("money owed")

    return find


def nowhere() -> Place:
    """An address that no page has."""
    return Place("/dossiers/999999999/", f"officer1-{COUNTY}")


def most_told() -> int:
    """The provider of whom most is told."""
    return (
        Dossier.objects.filter(subject__kind="provider")
        .values("subject")
        .annotate(n=Count("pk"))
        .order_by("-n", "subject")[0]["subject"]
    )


def _who_may(dossier: Dossier, roles: tuple[str, ...]) -> Iterator[tuple[User, Actor]]:
    """The officers of the matter before the others who hold a role of the step and see the matter."""
    holders = User.objects.filter(pk__in=Post.objects.filter(role__in=roles).values("user")).order_by("username")
    charged = set(dossier.officers.values_list("pk", flat=True))
    for user in sorted(holders, key=lambda one: one.pk not in charged):
        actor = _actor(user)
        if visible_to(actor).filter(pk=dossier.pk).exists():
            yield user, actor


def _actor(user: User) -> Actor:
    return actors_of(user, clock.today())[0]
