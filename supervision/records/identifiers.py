"""The identifiers of parties that are shown masked: of insured persons and of physicians and pharmacists (HY-38)."""

from operator import attrgetter

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor, may_see_business, practitioners_visible_to
from supervision.parties.models import InsuredPerson, Practitioner
from supervision.parties.roles import HEADS, OFFICERS, Role
from supervision.parties.services.staff import staff_seen_by
from supervision.procedure import clock
from supervision.procedure.selectors import visible_to

from .reveals import Revealable, declare

HANDLERS = OFFICERS | HEADS


def insured_seen_by(actor: Actor) -> QuerySet[InsuredPerson]:
    """Persons insured in the authority's region, and those whom a matter within sight is about."""
    if actor.authority is None or not may_see_business(actor):
        return InsuredPerson.objects.none()
    about = visible_to(actor).filter(subject__kind="insured").values("subject")
    here = Q(region__path__startswith=actor.authority.region.path)
    return InsuredPerson.objects.filter(here | Q(pk__in=about))


def practitioners_seen_by(actor: Actor) -> QuerySet[Practitioner]:
    """Practitioners registered in the authority's region, and those whom a matter within sight is about."""
    if actor.authority is None:
        return Practitioner.objects.none()
    about = visible_to(actor).filter(subject__kind="practitioner").values("subject")
    return Practitioner.objects.filter(Q(pk__in=practitioners_visible_to(actor).values("pk")) | Q(pk__in=about))


def declare_identifiers() -> None:
    """Declare what the registry of parties holds."""
    for name, label, rows, attribute in (
        ("insured.id_number", _("identity number"), insured_seen_by, "id_number"),
        ("insured.code", _("person number"), insured_seen_by, "code"),
        ("practitioner.licence", _("licence number"), practitioners_seen_by, "licence"),
    ):
        declare(Revealable(name, label, rows, attrgetter(attribute), attrgetter("name"), HANDLERS, lambda row: row))
    declare(
        Revealable(
            "staff.phone",
            _("phone"),
            lambda actor: staff_seen_by(actor, clock.today()),
            attrgetter("phone"),
            attrgetter("name"),
            HEADS | {Role.SYSTEM_ADMIN},
        )
    )
