"""What a lead's step carries further: assignments, the task or the lead that follows, word to where it came from."""

from typing import Any

from supervision.parties.models import Authority
from supervision.procedure.models import Assignment, Event
from supervision.procedure.services import assign, record

from ..onsite.models import InspectionKind
from ..onsite.services import open_task
from ..verbs import FEEDBACK
from .models import Lead
from .services import open_lead


def assign_verifiers(lead: Lead, event: Event, context: Any) -> None:
    """Put the named officers in charge."""
    for place, user in enumerate(context.facts["officers"]):
        assign(lead, user, Assignment.Duty.ASSIST if place else Assignment.Duty.LEAD, context.actor)


def open_targeted_check(lead: Lead, event: Event, context: Any) -> None:
    """Open the targeted inspection the lead asked for (HY-31)."""
    open_task(
        context.actor,
        authority=lead.authority,
        kind=InspectionKind.TARGETED,
        subject=lead.subject,
        officers=context.facts["officers"],
        origin=lead,
        key=f"lead:{lead.pk}:{event.seq}",  # ordered again once called off, it is another one
    )


def open_agency_lead(lead: Lead, event: Event, context: Any) -> None:
    """Register the matter at the agency, which then acts on a dossier of its own."""
    _pass_on(lead, context, context.facts["agency"], Lead.Source.SUPERIOR)


def open_bureau_lead(lead: Lead, event: Event, context: Any) -> None:
    """Register an agency's report at the bureau of its region (HY-18, HY-24)."""
    bureau = Authority.objects.get(
        body=Authority.Body.BUREAU, active=True, region=lead.authority.region, level=lead.authority.level
    )
    _pass_on(lead, context, bureau, Lead.Source.AGENCY_REPORT)


def _pass_on(lead: Lead, context: Any, authority: Authority, source: str) -> None:
    open_lead(
        context.actor,
        authority=authority,
        title=lead.title,
        subject=lead.subject,
        source=source,
        facts="\n\n".join(filter(None, (lead.description, lead.verification, lead.reason))),
        source_ref=lead.number,
        suspected_amount=lead.suspected_amount,
        origin=lead,
    )


def tell_origin(lead: Lead, event: Event, context: Any) -> None:
    """Tell the lead this one was handed over from how it ended."""
    if lead.origin is not None and lead.origin.kind == Lead.kind:
        facts = {"lead": lead.number, "at": lead.authority, "conclusion": lead.state_label, "reason": lead.reason}
        record(lead.origin, FEEDBACK, context.actor, facts, law=["HY-31"])
