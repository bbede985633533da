"""Beginning a case; every later move is `supervision.procedure.services.advance`."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from inspections.models import Lead
from inspections.services import pass_on_to_case
from supervision.parties.actors import Actor
from supervision.parties.models import Party, User
from supervision.procedure.models import Dossier
from supervision.procedure.rules import extensions
from supervision.procedure.services import advance, open_dossier

from .models import EnforcementCase


@transaction.atomic
def propose_case(
    actor: Actor,
    *,
    title: str,
    subject: Party | None,
    cause: str,
    discovered_on: date,
    officers: Sequence[User],
    conduct_ended_on: date | None = None,
    harms_health: bool = False,
    origin: Dossier | None = None,
) -> EnforcementCase:
    """Propose the filing of a case at the actor's bureau (PP-14): the days to decide run from discovery.

    `conduct_ended_on`, where it is known, and whether life or health was harmed decide on the limitation (PP-6).
    `origin` is the lead or inspection it arose from; a second proposal from the same origin returns the first case.
    The lead, or the one the inspection was ordered on, ends with it; the head's extension of its days holds for the
    case too (PP-14). Raises `StepRefused` when the actor is no enforcement officer of a bureau, or when the lead has
    not been verified yet.
    """
    if origin is not None:
        Dossier.objects.select_for_update().only("pk").get(pk=origin.pk)
        earlier = EnforcementCase.objects.filter(origin=origin.pk, authority=actor.authority).first()
        if earlier is not None:
            return earlier
    case = open_dossier(
        EnforcementCase,
        actor,
        authority=actor.authority,
        title=title,
        subject=subject,
        origin=origin,
        officers=officers,
        starting={"discovered_on": discovered_on},
        facts={
            "cause": cause,
            "discovered_on": discovered_on,
            "conduct_ended_on": conduct_ended_on,
            "harms_health": harms_health,
        },
        cause=cause,
        conduct_ended_on=conduct_ended_on,
        harms_health=harms_health,
    )
    if (lead := _lead_behind(origin)) is not None:
        if extensions(lead, "verification"):
            advance(case, "take_over_extension", Actor.system(case.authority, moved_by=actor), lead=lead)
        pass_on_to_case(lead, case, actor, reason=cause)
    return case


def _lead_behind(origin: Dossier | None) -> Lead | None:
    """The lead a case arises from, be it through the inspection that was ordered on it and said so."""
    if origin is None:
        return None
    told = Lead.objects.filter(consequences=origin.pk, state=Lead.State.TO_CASE)
    return Lead.objects.filter(pk=origin.pk).first() or told.first()
