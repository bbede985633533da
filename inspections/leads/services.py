"""Every write to leads: registering one, and telling it how it ended."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Party, User
from supervision.procedure import clock
from supervision.procedure.models import Dossier, Event
from supervision.procedure.services import advance, open_dossier

from .models import Lead


def open_lead(
    actor: Actor,
    *,
    authority: Authority | None,
    title: str,
    subject: Party | None,
    source: str,
    facts: str | Mapping[str, Any],
    source_ref: str = "",
    key: str | None = None,
    received_on: date | None = None,
    suspected_amount: Decimal | None = None,
    origin: Dossier | None = None,
    officers: Iterable[User] = (),
) -> Lead:
    """Register a lead at an authority and start its verification term (PP-14: 15 working days from receipt).

    - `source`: a `Lead.Source`; `source_ref`: what the source calls it. A second call with the same source and
      reference, or with the same `key`, returns the lead that is there already.
    - `facts`: what is reported, in words, or `{"description": …, "amount": yuan}`; `suspected_amount`: yuan.
    - An agency's officer may report to a bureau above it, a superior may hand down to an authority below it: the
      lead is then opened there by the system, and its opening tells who reported it.

    Raises `StepRefused` when there is no authority, or the actor may neither register at it nor report or hand
    down to it.
    """
    if earlier := _registered(source, source_ref, key):
        return earlier
    if isinstance(facts, Mapping):
        suspected_amount = facts.get("amount") if suspected_amount is None else suspected_amount
        facts = str(facts["description"])
    day = received_on or clock.today()
    opener, told = _opener(actor, authority)
    try:
        with transaction.atomic():
            return open_dossier(
                Lead,
                opener,
                authority=authority,
                title=title,
                subject=subject,
                origin=origin,
                officers=officers,
                facts={"source": Lead.Source(source).label, "reference": source_ref, **told},
                starting={"received_on": day},
                source=source,
                source_ref=source_ref,
                opening_key=key or "",
                received_on=day,
                description=facts,
                suspected_amount=suspected_amount,
            )
    except IntegrityError:
        if earlier := _registered(source, source_ref, key):
            return earlier
        raise


def conclude_lead(
    lead: Lead,
    conclusion: str,
    actor: Actor,
    *,
    reason: str = "",
    result: Dossier | None = None,
    agency: Authority | None = None,
) -> Event | None:
    """Tell a lead how it ended; called by whoever handled it, inside their transaction.

    - `conclusion`: a final `Lead.State`. TO_AGENCY of a bureau's lead names the `agency`, of an agency's own means a
      breach; REFERRED is an agency's report to its bureau.
    - `result`: the matter in which it goes on, opened with `origin=lead`.

    A lead that has ended already, or waits for its case to be proposed, stays as it is and None is returned. What the
    verification found is taken from `reason` when nobody wrote it down before. The events name `actor`.

    Raises `StepRefused` when the lead was not taken up for verification; `StepInvalid` for a dismissal without reason.
    """
    lead.refresh_from_db()
    if lead.is_closed or lead.state == Lead.State.TO_CASE:
        return None
    acting = Actor.system(lead.authority, moved_by=actor)
    if not lead.verification and reason:
        advance(lead, "record_verification", acting, verification=reason)
    told: dict[str, Any] = {"reason": reason}
    if result is not None and result.origin_id == lead.pk:
        told["result"] = result
    if agency is not None:
        told["agency"] = agency
    return advance(lead, _step_to(lead, conclusion), acting, **told)


def pass_on_to_case(lead: Lead, case: Dossier, actor: Actor, *, reason: str) -> Event | None:
    """Tell a lead that filing was proposed on it (PP-14), in the transaction of the proposal; its events name `actor`.

    A lead still in verification is first concluded by `reason`. One that has ended already stays as it is and None is
    returned. Raises `StepRefused` when the lead was not taken up for verification.
    """
    conclude_lead(lead, Lead.State.TO_CASE, actor, reason=reason, result=case)
    if lead.is_closed:
        return None
    return advance(lead, "pass_on", Actor.system(lead.authority, moved_by=actor), result=case)


def carry_on() -> int:
    """Leave no lead stuck that was found fit for filing: one a case arose from passes on, any other awaits its filing.

    An earlier build ended such leads at once. Repeating it changes nothing; returns how many moved.
    """
    moved = 0
    for lead in Lead.objects.filter(state=Lead.State.TO_CASE).select_related("authority").order_by("pk"):
        with transaction.atomic():
            if case := _case_arisen(lead):
                moved += pass_on_to_case(lead, case, Actor.system(lead.authority), reason=lead.reason) is not None
            elif lead.closed_at is not None:
                advance(lead, "await_filing", Actor.system(lead.authority))
                moved += 1
    return moved


def _case_arisen(lead: Lead) -> Dossier | None:
    """The first case that arose from a lead, or from the inspection ordered on it."""
    arisen = Dossier.objects.filter(Q(origin=lead.pk) | Q(origin__origin=lead.pk), kind="case")
    return arisen.order_by("pk").first()


def _step_to(lead: Lead, conclusion: str) -> str:
    match Lead.State(conclusion):
        case Lead.State.TO_CASE:
            return "to_case"
        case Lead.State.TO_AGENCY:
            return "to_breach" if lead.authority.is_agency else "to_agency"
        case Lead.State.REFERRED:
            return "report_to_bureau"
        case Lead.State.DISMISSED:
            return "dismiss"
    raise ValueError(f"{conclusion} does not end a lead")


def _registered(source: str, source_ref: str, key: str | None) -> Lead | None:
    if source_ref and (found := Lead.objects.filter(source=source, source_ref=source_ref).first()):
        return found
    return Lead.objects.filter(opening_key=key).first() if key else None


def _opener(actor: Actor, authority: Authority | None) -> tuple[Actor, dict[str, object]]:
    """The actor itself at its own authority; the system when it reports upward or hands down (HY-18, HY-31)."""
    here = actor.authority
    if here is None or authority is None or here.pk == authority.pk or not actor.has(*Lead.opens.by):
        return actor, {}
    upward = authority.is_bureau and here.region.path.startswith(authority.region.path)
    downward = authority.region.path.startswith(here.region.path) and (here.is_bureau or authority.is_agency)
    if not (upward or downward):
        return actor, {}
    return Actor.system(authority), {"reported_by": actor.user, "reported_at": here}
