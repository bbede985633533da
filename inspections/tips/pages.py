"""What whoever verifies a lead sees of the tip it came from: files, and its giver masked (HY-38)."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from inspections.leads.models import Lead
from supervision.parties.actors import Actor
from supervision.parties.roles import HEADS, OFFICERS
from supervision.records.handling import works_on
from supervision.records.reveals import Revealable, declare
from supervision.web.record_blocks import Block, add_block
from supervision.web.record_pages import load
from supervision.web.request import PageRequest
from supervision.web.views.papers import stored_file

from .models import Tip
from .services import files_of, open_file


def tip_block(lead: Lead, actor: Actor) -> Mapping[str, Any] | None:
    """The tip, to those who work on the lead; a superior sees that there is one, and not whose."""
    tip = Tip.objects.filter(lead=lead.pk).first()
    if tip is None:
        return None
    mine = works_on(actor, lead)
    return {"tip": tip, "lead": lead, "mine": mine, "files": files_of(lead) if mine else ()}


def tips_seen_by(actor: Actor) -> QuerySet[Tip]:
    """Tips of the actor's own authority: who gave them is nobody else's to know."""
    return Tip.objects.filter(lead__authority=actor.authority) if actor.authority else Tip.objects.none()


@require_safe
def tip_file(request: PageRequest, pk: int, place: int) -> HttpResponseBase:
    """A file that came with a tip; the look is on the lead's history."""
    lead = load(request.actor, pk)
    if not isinstance(lead, Lead) or not works_on(request.actor, lead):
        raise Http404
    try:
        file, pieces = open_file(lead, place, request.actor)
    except IndexError:
        raise Http404 from None
    return stored_file(pieces, file["name"], file["media_type"], file["size"], attach="download" in request.GET)


def register() -> None:
    """Declare the block, and what it shows masked."""
    add_block(
        Block("tip", _("Tip from the public"), "pages/inspections/_tip.html", tip_block, kinds={"lead"}, order=12)
    )
    for name, label in (("name", pgettext_lazy("tip", "name of an informant")), ("phone", _("phone of an informant"))):
        declare(
            Revealable(f"tip.{name}", label, tips_seen_by, attrgetter(name), lambda tip: tip.receipt, OFFICERS | HEADS)
        )
