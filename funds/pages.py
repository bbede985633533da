"""Where money is met: the rail, the desk, the page of a matter, the file of a party. Loaded when the app is ready."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.parties.roles import ADMINISTRATORS, Role
from supervision.parties.services.staff import READERS
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.web import desk, nav
from supervision.web.format import counted
from supervision.web.record_blocks import Block, add_block, add_file_block

from .selectors import late_count, open_count, owed_by, receivables_of, totals

STAFF = {*Role} - ADMINISTRATORS - {Role.WITNESS, Role.SYSTEM}


def money_of(dossier: Dossier, actor: Actor) -> Mapping[str, Any] | None:
    """What a matter claims, fund by fund."""
    found = list(receivables_of(dossier))
    return {"rows": found, "totals": totals(found), "today": clock.today()} if found else None


def owed_by_party(party: Party, actor: Actor) -> Mapping[str, Any] | None:
    """What a party owes or owed in the matters the reader may see."""
    found = list(owed_by(party, actor))
    return {"rows": found, "totals": totals(found), "today": clock.today(), "of_party": True} if found else None


def money_tile(actor: Actor) -> desk.Tile | None:
    """Open claims of one's own authority, and how many are late."""
    if actor.authority is None or not actor.has(Role.FINANCE, Role.AGENCY_HEAD, Role.BUREAU_HEAD, Role.AGENCY_CLERK):
        return None
    late = late_count(actor)
    note = _("%(count)s past their day") % {"count": counted(late)} if late else _("none past its day")
    url = reverse("funds:receivables") + "?state=open"
    return desk.Tile(_("Claims still to be paid"), counted(open_count(actor)), note, url, "bad" if late else "")


def register() -> None:
    """Declare the places."""
    nav.register(nav.Group.HANDLE, _("Recovered and confiscated"), "funds:receivables", STAFF, order=40)
    nav.register(nav.Group.SYSTEM, _("Accounts to pay into"), "funds:accounts", {*READERS, Role.FINANCE}, order=7)
    desk.add_tile(money_tile, order=40)
    both = {"breach", "case"}
    add_block(Block("money", _("Money"), "pages/funds/_money.html", money_of, kinds=both, order=30, for_party=True))
    add_file_block(Block("money", _("Money"), "pages/funds/_money.html", owed_by_party, order=40, for_party=True))
