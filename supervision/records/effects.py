"""What follows from steps of any app; name them in `then=` (imported into the app's `effects`)."""

from typing import Any

from supervision.procedure.declare import Context, settles
from supervision.procedure.models import Dossier, Event

from .models import Evidence
from .services.evidence import keep_upload


@settles
def open_to_party(dossier: Any, context: Context) -> None:
    """From now on the party concerned sees the dossier."""
    Dossier.objects.filter(pk=dossier.pk).update(open_to_subject=True)
    dossier.open_to_subject = True


def keep_document(dossier: Any, event: Event, context: Context) -> None:
    """Keep the `document` that came with a step, if any, as evidence called by what happened (HY-37)."""
    if document := context.facts.get("document"):
        keep_upload(dossier, document, context, title=event.label)


def keep_statement_document(dossier: Any, event: Event, context: Context) -> None:
    """Keep what was handed in with a statement, if anything, as the party's own evidence (HY-22, HY-37)."""
    facts = context.facts
    if document := facts.get("document"):
        keep_upload(dossier, document, context, kind=Evidence.Kind.STATEMENT, source=facts["made_by"])
