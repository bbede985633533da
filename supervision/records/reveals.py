"""Showing a masked personal identifier in clear: by role, within sight, for a stated purpose, on record (HY-38).

An app declares what it shows masked, once:

    declare(Revealable("alert.person", _("person number"), rows=alerts, value=…, whose=…, roles=WORKERS))

and `reveal` is the only door to the clear value; page and API both come through it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from supervision.parties.actors import Actor, authorities_within
from supervision.parties.models import Party, User
from supervision.parties.roles import HEADS, Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import record

from . import verbs
from .models import ExportLog, RevealLog

HOUR = timedelta(hours=1)
OVERSEERS = frozenset({Role.AUDIT_ADMIN, *HEADS})


@dataclass(frozen=True)
class Revealable:
    """An identifier that is shown masked.

    - `rows`: what this actor may see of the rows that hold it; another's is 404.
    - `value`: the clear value of a row; '' when it holds none. `whose`: the person in words, for the record.
    - `roles`: who may be shown it at all. `party`: the party it belongs to, if it is one.
    """

    name: str
    label: str | Promise
    rows: Callable[[Actor], QuerySet[Any]]
    value: Callable[[Any], str]
    whose: Callable[[Any], str]
    roles: frozenset[Role]
    party: Callable[[Any], Party | None] = lambda row: None


class TooMany(Exception):
    """The person was shown as many identifiers within the hour as one may be."""

    def __str__(self) -> str:
        told = {"n": settings.REVEALS_PER_HOUR}
        return _("You were shown %(n)s identifiers within the hour, which is as many as one may see.") % told


_declared: dict[str, Revealable] = {}


def declare(revealable: Revealable) -> None:
    """Let an identifier be revealed; the same name again replaces it."""
    _declared[revealable.name] = revealable


def label_of(name: str) -> str:
    """What an identifier is called in the reader's language."""
    return str(_declared[name].label) if name in _declared else name


def names() -> list[tuple[str, str | Promise]]:
    """Every declared identifier with its label, as choices."""
    return [(name, one.label) for name, one in _declared.items()]


def may_reveal(actor: Actor, name: str) -> bool:
    """Whether the actor's role lets them be shown it; the row must be within sight besides."""
    one = _declared.get(name)
    return one is not None and actor.user is not None and actor.authority is not None and actor.has(*one.roles)


def find(actor: Actor, name: str, pk: int) -> tuple[Revealable, Any]:
    """The identifier and the row that holds it.

    Raises Http404 for what is not declared or not within sight, PermissionDenied for a role that is shown none.
    """
    row = _declared[name].rows(actor).filter(pk=pk).first() if name in _declared else None
    if row is None:
        raise Http404
    if not may_reveal(actor, name):
        raise PermissionDenied(_("Your role is not shown this."))
    return _declared[name], row


@transaction.atomic
def reveal(actor: Actor, name: str, pk: int, *, purpose: str, dossier: Dossier | None, address: str | None) -> str:
    """The clear value, once; who saw whose, what for and from where is recorded in the same transaction.

    `dossier`: the matter it is needed for, on whose history it is recorded too. Raises what `find` raises, `TooMany`,
    ValueError without a purpose, and Http404 for a matter not within sight.
    """
    one, row = find(actor, name, pk)
    here, purpose = actor.authority, purpose.strip()
    if here is None:
        raise PermissionDenied
    if not purpose:
        raise ValueError("revealing needs a purpose")
    if dossier is not None and not visible_to(actor).filter(pk=dossier.pk).exists():
        raise Http404
    # Two requests of one person take turns, so that neither slips under the limit.
    User.objects.select_for_update().only("pk").get(pk=actor.person.pk)
    if shown_within_the_hour(actor) >= settings.REVEALS_PER_HOUR:
        raise TooMany
    RevealLog.objects.create(
        user=actor.person,
        authority=here,
        field=name,
        row=row.pk,
        whose=one.whose(row)[:200],
        party=one.party(row),
        purpose=purpose,
        dossier=dossier,
        address=address,
    )
    if dossier is not None:
        record(dossier, verbs.IDENTIFIER_SHOWN, actor, {"field": name, "purpose": purpose}, law=["HY-38"])
    return one.value(row)


def shown_within_the_hour(actor: Actor) -> int:
    """How many identifiers the person was shown in the last hour."""
    return RevealLog.objects.filter(user=actor.user, at__gt=timezone.now() - HOUR).count()


def reveals_seen_by(actor: Actor) -> QuerySet[RevealLog]:
    """Reveals by people of the authorities the actor oversees: heads and the audit administrator; for others none."""
    return _overseen(actor, RevealLog.objects.all())


def exports_seen_by(actor: Actor) -> QuerySet[ExportLog]:
    """Exports by people of the authorities the actor oversees: heads and the audit administrator; for others none."""
    return _overseen(actor, ExportLog.objects.all())


def _overseen(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    if actor.authority is None or not actor.has(*OVERSEERS):
        return rows.none()
    return rows.filter(authority__in=authorities_within(actor.authority, clock.today()).values("pk"))
