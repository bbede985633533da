"""The papers of this floor: the certificate every service leaves."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.procedure.declare import Context

from .paper_types import PaperType, register


def service_certificate(dossier: Any, context: Context) -> dict[str, Any]:
    """What the certificate says of a `ServiceOfDocument` (PP-59)."""
    service = context.facts["service"]
    return {
        "served": {"title": service.paper.title, "number": service.paper.number},
        "party": dossier.subject.name if dossier.subject else "",
        "recipient": service.recipient,
        "relation": service.get_relation_display(),
        "method": service.method,
        "method_label": service.get_method_display(),
        "acted_on": service.acted_on,
        "served_on": service.served_on,
        "address": service.address,
        "witness": service.witness,
        "recorded": service.recorded,
        "refused": service.refused,
        "reason": service.reason,
        "reference": service.reference,
        "server": str(context.actor),
        "late": service.is_late,
        "due": service.due,
    }


register(
    PaperType(
        "service_certificate",
        _("Certificate of service"),
        word="送证",
        template="supervision/records/papers/service_certificate.typ",
        context=service_certificate,
        law=("PP-59", "PL-61"),
    )
)
