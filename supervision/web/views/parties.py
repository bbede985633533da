"""The file of a provider or practitioner (一院一档)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from supervision.parties.models import Party, Practitioner, Provider, SettlementHold
from supervision.procedure.selectors import visible_to

from .. import party_timeline
from ..facts import display
from ..party_selectors import visible_party
from ..record_blocks import of_file
from ..request import PageRequest

FACTS = {
    Provider: (
        "code",
        "region",
        "sort",
        "level",
        "ownership",
        "beds",
        "designated_since",
        "uscc",
        "legal_representative",
        "address",
        "phone",
    ),
    Practitioner: ("code", "region", "profession"),
}
LISTS = {Provider: "web:providers", Practitioner: "web:practitioners"}


def party_file(request: PageRequest, pk: int) -> HttpResponse:
    """Everything on one page: facts, settlement, matters, and what each app adds."""
    party = visible_party(request.actor, pk)
    if party is None:
        raise Http404
    today = timezone.localdate()
    model = type(party)
    matters = visible_to(request.actor).filter(subject=party.pk)
    blocks = of_file(party, request.actor)
    context: dict[str, Any] = {
        "party": party,
        "risk": getattr(party, "risk", ""),
        "facts": [
            (model._meta.get_field(name).verbose_name, value)  # type: ignore[union-attr]
            for name in FACTS[model]
            if (value := display(party, model._meta.get_field(name))) not in ("", None)
        ],
        "holds": SettlementHold.objects.filter(party=party.pk, days__contains=today).select_related("department"),
        "open_matters": matters.filter(closed_at=None).count(),
        "all_matters": matters.count(),
        "entries": party_timeline.of_party(party, request.actor),
        "blocks": [shown for shown in blocks if not shown.block.aside],
        "aside_blocks": [shown for shown in blocks if shown.block.aside],
        "departments": party.departments.order_by("code") if isinstance(party, Provider) else (),
        "staff": _staff(party),
        "crumbs": [(_("Institution files"), reverse(LISTS[model])), (party.name, "")],
    }
    return render(request, "pages/parties/file.html", context)


def _staff(party: Party) -> list[tuple[Party, Any]]:
    """The other end of each registration in force: people of a provider, providers of a person."""
    today = timezone.localdate()
    if isinstance(party, Provider):
        people = party.staff.filter(valid__contains=today).select_related("practitioner", "department")
        return [(row.practitioner, row.department or "") for row in people.order_by("practitioner__sort_key")[:50]]
    if not isinstance(party, Practitioner):
        return []
    places = party.employments.filter(valid__contains=today).select_related("provider", "department")
    return [(row.provider, row.department or "") for row in places.order_by("-primary", "pk")]
