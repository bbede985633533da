"""The papers of this floor: the certificate every service leaves, and what every decision tells of its remedies."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision.law.values import period
from supervision.procedure.declare import Context

from .paper_types import PaperType, register
from .services.paper import issuing_authority


def remedies(dossier: Any, context: Context) -> dict[str, str]:
    """Where and until when the party contests what is decided now (PL-59, HY-25); a name nobody entered is empty."""
    here, today = issuing_authority(dossier, context.actor), context.today
    found = here.redress_on(today)
    return {
        "reconsideration": found.reconsideration if found else "",
        "court": found.court if found else "",
        "reconsideration_period": str(period("RM-1/reconsideration", scope=here.scope, on=today)),
        "suit_period": str(period("RM-2/suit", scope=here.scope, on=today)),
    }


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
