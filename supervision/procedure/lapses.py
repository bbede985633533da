"""The end of terms: each is claimed by a conditional update, so any number of sweepers may run or die at once."""

import structlog
from django.db import transaction

from supervision.parties.actors import Actor

from .models import Dossier, Term
from .refusals import StepInvalid, StepRefused
from .selectors import over
from .services import advance, record
from .terms import end_told, told

log = structlog.get_logger()


def sweep(limit: int = 1000) -> int:
    """Settle running terms whose last day, or instant, is over; returns how many changed."""
    past = Term.objects.filter(over(), state=Term.State.RUNNING).order_by("due", "pk")
    return sum(settle(term_id) for term_id in past.values_list("pk", flat=True)[:limit])


def settle(term_id: int) -> bool:
    """Let one term lapse by its step, or mark it overdue when it has none or the step is refused.

    One transaction: killed in the middle, nothing has happened and the next sweep takes it up again.
    """
    with transaction.atomic():
        term = Term.objects.filter(pk=term_id).select_related("dossier").get()
        Dossier.objects.select_for_update().only("pk").get(pk=term.dossier_id)
        if not Term.objects.filter(over(), pk=term_id, state=Term.State.RUNNING).exists():
            return False
        actor = Actor.system()
        spec = term.dossier.procedure.terms[term.kind]
        if spec.on_lapse:
            try:
                with transaction.atomic():
                    advance(term.dossier, spec.on_lapse, actor)
            except (StepRefused, StepInvalid) as refusal:
                log.warning("term_lapse_refused", term=term_id, reason=str(refusal))
            else:
                return True
        exceed(term, actor)
    return True


@transaction.atomic
def exceed(term: Term, actor: Actor) -> None:
    """Mark a term overdue and record it: the state and the event that tells of it, or neither."""
    term.state = Term.State.OVERDUE
    term.save(update_fields=["state"])
    facts = {"term": term.kind, "due": end_told(term), **told(term.dossier)}
    record(term.dossier, "term_overdue", actor, facts, law=[term.law])
