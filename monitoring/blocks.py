"""What monitoring shows on the pages of other apps' matters."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.selectors.alerts import alerts
from supervision.parties.actors import Actor
from supervision.procedure.models import Dossier
from supervision.web.record_blocks import Block, add_block


def alerts_of_lead(dossier: Dossier, actor: Actor) -> Mapping[str, Any] | None:
    """The alerts a lead was made of, each leading to its fee lines; None for a lead from elsewhere."""
    found = list(alerts(actor).filter(lead=dossier.pk).order_by("pk"))
    return {"alerts": found} if found else None


def declare() -> None:
    """Add the block to the page of a lead."""
    template = "pages/monitoring/_alerts_of_lead.html"
    add_block(Block("alerts", _("Alerts"), template, alerts_of_lead, kinds=frozenset({"lead"}), order=20))
