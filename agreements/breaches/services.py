"""Every write of breach cases that is no step: the register."""

from typing import Any

from django.db import transaction

from supervision.parties.actors import Actor
from supervision.parties.models import Provider
from supervision.procedure import clock
from supervision.procedure.forms import as_data, fit
from supervision.procedure.services import open_dossier

from ..designation.selectors import in_force_with
from .forms import RegisterForm
from .models import BreachCase


@transaction.atomic
def register_breach(actor: Actor, *, data: Any = None, **facts: Any) -> BreachCase:
    """Register a breach at the actor's agency (HY-18): facts of `RegisterForm`, or a posted `data`.

    The agreement in force with the provider today is the one breached. `origin` is the lead, inspection or finding
    it arose from. Raises `StepInvalid` with the form; `StepRefused` when the actor's role does not open a case.
    """
    form = RegisterForm(data if data is not None else as_data(facts), dossier=None, actor=actor)
    said = fit(form)
    provider: Provider = said["provider"]
    officers = [user for user in (actor.user, said["second_officer"]) if user is not None]
    return open_dossier(
        BreachCase,
        actor,
        authority=actor.authority,
        title=said["title"],
        subject=said["practitioner"] or provider,
        origin=said["origin"],
        officers=officers,
        facts={"facts": said["facts_text"], "basis": said["basis"]},
        provider=provider,
        breached_agreement=in_force_with(provider, clock.today()),
        facts_text=said["facts_text"],
        basis=said["basis"],
        public_concern=said["public_concern"],
    )
