"""The person a matter is about, on its page: an insured person or a practitioner, identifiers masked (HY-38)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import InsuredPerson, Party, Practitioner
from supervision.procedure.models import Dossier

from .record_blocks import Block, add_block

PERSONS: dict[str, type[Party]] = {Party.Kind.INSURED: InsuredPerson, Party.Kind.PRACTITIONER: Practitioner}


def person_block(dossier: Dossier, actor: Actor) -> Mapping[str, Any] | None:
    """The person with what identifies them, or None when the matter is about an institution."""
    subject = dossier.subject
    model = PERSONS.get(subject.kind) if subject else None
    if subject is None or model is None:
        return None
    return {"dossier": dossier, "person": model._default_manager.select_related("region").get(pk=subject.pk)}


def declare() -> None:
    """Add the block to every record page."""
    add_block(Block("person", _("The person concerned"), "components/person.html", person_block, aside=True, order=20))
