"""Serving papers: the five ways, and the certificate each of them leaves (PP-59, PL-61)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.forms import fit
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import Cause, Reason, StepRefused
from supervision.procedure.registry import concrete
from supervision.procedure.services import record

from .. import verbs
from ..fields import is_before
from ..forms import ServeForm
from ..models import Paper, ServiceOfDocument
from ..rows import told as row_told
from ..selectors import forget, newest_paper, service_due
from .evidence import keep_upload
from .paper import draft_for_step, issue_paper, told

CERTIFICATE = "service_certificate"
LAW = ("PP-59", "PL-61")


def record_service(dossier: Dossier, paper: Paper, context: Context) -> ServiceOfDocument:
    """Record the service of a paper from the facts of a `ServeForm` and issue its certificate.

    Runs in the caller's transaction and records no event of its own. Raises `StepRefused` for a day, or a minute,
    before the paper was issued.
    """
    service = _service(dossier, paper, context)
    proof = context.facts.get("proof")
    service.evidence = keep_upload(dossier, proof, context) if proof else None
    service.save()
    service.certificate = issue_paper(dossier, CERTIFICATE, _certifying(service, context))
    service.save(update_fields=["certificate"])
    forget(dossier)
    return service


def _service(dossier: Dossier, paper: Paper, context: Context) -> ServiceOfDocument:
    """The service as the facts tell it, not saved; raises `StepRefused` for one before the paper was issued."""
    facts = context.facts
    acted_on = facts.get("acted_on") or facts["served_on"]
    if is_before(acted_on, facts.get("acted_at"), paper.issued_at):
        raise StepRefused("serve", [Reason(Cause.RULE, _("A paper cannot be served before it was issued."), LAW)])
    return ServiceOfDocument(
        paper=paper,
        method=facts["method"],
        acted_on=acted_on,
        acted_at=facts.get("acted_at"),
        served_on=facts["served_on"],
        due=service_due(paper),
        recipient=facts["recipient"],
        relation=facts.get("relation") or "",
        address=facts.get("address") or "",
        witness=facts.get("witness") or "",
        witness_post=facts.get("witness_post") or "",
        recorded=bool(facts.get("recorded")),
        refused=bool(facts.get("refused")),
        reason=facts.get("reason") or "",
        consent=bool(facts.get("consent")),
        reference=facts.get("reference") or "",
        announced_in=facts.get("announced_in") or "",
        on_paper=bool(facts.get("on_paper")),
        served_by=context.actor.user,
        second_server=facts.get("second_server"),
        recorded_at=context.now,
    )


def _certifying(service: ServiceOfDocument, context: Context) -> Context:
    return Context(actor=context.actor, today=context.today, now=context.now, facts={"service": service})


def serve_for_step(dossier: Dossier, paper: str, context: Context) -> dict[str, Any]:
    """Fills `Ports.record_service`: serves the newest paper of the type that is in force.

    Raises `StepRefused` when there is none.
    """
    return told_of_service(record_service(dossier, _newest(dossier, paper), context))


def draft_certificate(dossier: Dossier, paper: str, context: Context, *, pdf: bool = False) -> list[bytes]:
    """Fills `Ports.draft_certificate`; raises `StepRefused` as `serve_for_step` does."""
    service = _service(dossier, _newest(dossier, paper), context)
    return draft_for_step(dossier, CERTIFICATE, _certifying(service, context), pdf=pdf)


def _newest(dossier: Dossier, paper: str) -> Paper:
    newest = newest_paper(dossier, paper)
    if newest is None:
        raise StepRefused("serve", [Reason(Cause.RULE, _("There is no paper to be served yet"), LAW)])
    return newest


def told_of_service(service: ServiceOfDocument) -> dict[str, Any]:
    """What an event keeps of a service."""
    return {
        **row_told(service)[0],
        "paper": told(service.paper),
        "certificate": told(service.certificate) if service.certificate else None,
        "due": service.due,
        "late": service.is_late,
    }


@transaction.atomic
def serve(paper: Paper, actor: Actor, *, data: Any = None, files: Any = None) -> ServiceOfDocument:
    """Serve a paper outside any step, as after it was replaced or when a first service failed.

    Raises `StepInvalid` with the bound `ServeForm`; `StepRefused` for a paper no longer in force.
    """
    Dossier.objects.select_for_update().only("pk").get(pk=paper.dossier_id)
    dossier, context = _checked(paper, actor, data, files)
    service = record_service(dossier, paper, context)
    facts = {name: value for name, value in context.facts.items() if value not in (None, "", [])}
    record(dossier, verbs.PAPER_SERVED, actor, {**facts, "served": told_of_service(service)}, law=LAW)
    return service


def preview_service(paper: Paper, actor: Actor, *, data: Any = None, files: Any = None) -> list[bytes]:
    """A picture (PNG) of each page of the certificate `serve` would issue; nothing is kept. Raises as `serve` does."""
    dossier, context = _checked(paper, actor, data, files)
    return draft_for_step(dossier, CERTIFICATE, _certifying(_service(dossier, paper, context), context))


def _checked(paper: Paper, actor: Actor, data: Any, files: Any) -> tuple[Dossier, Context]:
    dossier = concrete(Dossier.objects.select_related("authority__parent", "subject").get(pk=paper.dossier_id))
    paper.refresh_from_db()
    if not paper.is_in_force:
        raise StepRefused("serve", [Reason(Cause.STATE, _("This paper is void or replaced already"))])
    form = ServeForm(data, files, dossier=dossier, actor=actor, paper=paper)
    return dossier, Context(actor=actor, today=clock.today(), now=clock.now(), facts=fit(form))


__all__ = ["draft_certificate", "preview_service", "record_service", "serve", "serve_for_step", "told_of_service"]
