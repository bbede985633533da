"""Taking in a tip, telling its giver how it stands, and handing its files to whoever verifies it."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.leads.models import Lead
from inspections.leads.services import open_lead
from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Party, Region
from supervision.procedure import clock, verbs
from supervision.procedure.services import record
from supervision.records import store
from supervision.records.intake import KEYS
from supervision.records.rows import Kept, declare, told

from .models import Tip

declare(Kept("tip", Tip, at="lead", secret=("name", "phone"), name=lambda tip: tip.receipt))
RECEIVED = verbs.register("tip_received", gettext_lazy("Tip received from the public"))
VIEWED = verbs.register("tip_file_viewed", gettext_lazy("File of a tip viewed"), look=True)
HOUR_SECONDS = 3600
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like something else
CODE_LENGTH = 12


class TooManyTips(Exception):
    """More was sent from one address within the hour than is taken."""


def admit(address: str | None, what: str) -> None:
    """Count one more of `what` from this address; raises `TooManyTips` beyond `TIPS_PER_HOUR`. Keeps no address."""
    key = f"tips:{what}:{address or ''}"
    cache.add(key, 0, HOUR_SECONDS)
    if cache.incr(key) > settings.TIPS_PER_HOUR:
        raise TooManyTips


@transaction.atomic
def give_tip(
    *, region: Region, about: str, facts: str, files: Sequence[Mapping[str, Any]], name: str, phone: str, key: str
) -> tuple[Tip, str]:
    """Register a tip as a lead of the bureau of the region; returns it with its query code, which is kept nowhere.

    `about`: whom it concerns, in the giver's words; a provider of that very name in the region is the lead's subject.
    `files`: what `intake.take_in` returned. A `key` that was used already returns that tip, and '' for its code.
    """
    if earlier := Tip.objects.filter(lead__opening_key=key).first():
        return earlier, ""
    bureau = Authority.objects.get(region=region, body=Authority.Body.BUREAU, active=True)
    receipt, code = f"JB{clock.today():%y%m%d}{_drawn(6)}", _drawn(CODE_LENGTH)
    here = Party.objects.filter(region__path__startswith=region.path, kind=Party.Kind.PROVIDER, active=True)
    system = Actor.system(bureau)
    lead = open_lead(
        system,
        authority=bureau,
        title=_("Tip from the public: %(about)s") % {"about": about},
        subject=here.filter(name=about.strip()).first(),
        source=Lead.Source.TIP,
        source_ref=receipt,
        key=key,
        facts=_("About: %(about)s") % {"about": about} + f"\n{facts}",
    )
    if earlier := Tip.objects.filter(lead=lead).first():  # sent twice in the same moment
        return earlier, ""
    tip = Tip.objects.create(lead=lead, receipt=receipt, code=make_password(code), name=name, phone=phone)
    facts_told = {"named": bool(name), "files": [{part: one[part] for part in KEYS} for one in files]}
    record(lead, RECEIVED, system, {**facts_told, "kept": told(tip)}, law=["TR-1", "TR-2"])
    return tip, code


def find_tip(receipt: str, code: str) -> Tip | None:
    """The tip of this receipt, if the code is the one its giver was shown."""
    tip = Tip.objects.filter(receipt=receipt.strip().upper()).select_related("lead__authority").first()
    # The hash is worked out for an unknown receipt too, so that the time taken tells nothing.
    right = check_password(code.strip().upper(), tip.code if tip else make_password(None))
    return tip if tip is not None and right else None


def files_of(lead: Lead) -> list[dict[str, Any]]:
    """The files that came with the lead's tip, in their order."""
    event = lead.events.filter(verb=RECEIVED).first()
    return list(event.facts["files"]) if event else []


def open_file(lead: Lead, place: int, actor: Actor) -> tuple[dict[str, Any], Iterator[bytes]]:
    """One of these files piece by piece; the look is on record before the first byte. Raises IndexError."""
    file = files_of(lead)[place]
    record(lead, VIEWED, actor, {"title": file["name"]}, law=["HY-38"])
    return file, store.pieces(file["sha256"])


def _drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(length))
