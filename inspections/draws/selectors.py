"""Every read that pages of plans and draws make; what an actor may see is decided here."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from inspections.draws.algorithm import Result, Selected, Ticket
from inspections.draws.models import Draw, DrawInspector, DrawTarget, DrawWitness, Roll, YearPlan
from inspections.draws.publication import publication
from supervision.parties.actors import Actor
from supervision.parties.models import Provider
from supervision.procedure.selectors import visible_to


def plans(actor: Actor) -> QuerySet[YearPlan]:
    """Plans within the actor's jurisdiction."""
    return visible_to(actor, YearPlan.objects.select_related("authority"))


def draws(actor: Actor) -> QuerySet[Draw]:
    """Draws within the actor's jurisdiction."""
    return visible_to(actor, Draw.objects.select_related("authority", "plan"))


def to_witness(actor: Actor) -> QuerySet[DrawWitness]:
    """Open draws in which the actor is a witness, the nearest first."""
    waiting = [Draw.State.PREPARED, Draw.State.ROLLS_FROZEN, Draw.State.ANNOUNCED]
    return (
        DrawWitness.objects.filter(user=actor.user, draw__state__in=waiting, draw__in=draws(actor).values("pk"))
        .select_related("draw__authority")
        .order_by("draw__draw_at", "pk")
    )


def targets_of(draw: Draw) -> QuerySet[DrawTarget]:
    """Drawn targets by ticket, with provider, inspectors and whom they replace."""
    team = DrawInspector.objects.select_related("user").order_by("place")
    return (
        draw.targets.select_related("provider__region", "replaces", "replaced_by", "task")
        .prefetch_related(Prefetch("inspectors", queryset=team))
        .order_by("ticket")
    )


def public_draws() -> QuerySet[Draw]:
    """Every draw that was ever announced, void ones too: nothing announced disappears."""
    return Draw.objects.filter(commitment__isnull=False).select_related("authority").order_by("-announced_at", "-pk")


def roll_of(draw: Draw, kind: str) -> bytes:
    """The frozen bytes of a roll. Raises Roll.DoesNotExist."""
    return bytes(draw.rolls.values_list("content", flat=True).get(kind=kind))


def named_targets(draw: Draw, text: str, limit: int = 12) -> list[dict[str, str]]:
    """Code and name of providers a reader may look for in the roll, by part of the name or by code."""
    words = text.strip()
    if not words:
        return []
    found = Provider.objects.filter(region__path__startswith=draw.authority.region.path)
    found = found.filter(name__icontains=words) | found.filter(code__iexact=words)
    chosen = found.order_by("sort_key", "pk").values_list("code", "name")[:limit]
    return [{"code": code, "name": name} for code, name in chosen]


def publication_of(draw: Draw) -> dict[str, Any]:
    """The published document of a draw, from what the database keeps: it claims, and the verifiers
    recompute.
    """
    drawn = draw.targets.filter(replaces=None).prefetch_related("inspectors").order_by("ticket")
    first = _first_teams(draw)
    selected = tuple(
        Selected(
            Ticket(target.ticket, target.stratum, target.code, ""),
            tuple(first(target)),
            draw.announcement["inspectors_each"],
        )
        for target in drawn
    )
    return publication(
        draw.announcement,
        targets=roll_of(draw, Roll.Kind.TARGETS),
        inspectors=roll_of(draw, Roll.Kind.INSPECTORS),
        contributions=[witness.contribution for witness in draw.witness_list],
        public=draw.public_value or None,
        result=Result(draw.commitment, draw.seed, selected, {}),
        replacements=[replacement.as_json() for replacement in draw.replacements.select_related("target", "approver")],
    )


def _first_teams(draw: Draw) -> Any:
    """The inspectors as first drawn: the places up to the number asked for, before anybody stepped in."""
    each = draw.announcement["inspectors_each"]
    stepped_in = {
        (replacement.target_id, replacement.substitute)
        for replacement in draw.replacements.all()
        if replacement.kind == "inspector"
    }

    def team(target: DrawTarget) -> list[str]:
        certificates = [
            one.certificate for one in target.inspectors.all() if (target.pk, one.certificate) not in stepped_in
        ]
        return certificates[:each]

    return team


def verification_commands(draw: Draw) -> dict[str, str]:
    """The one-liner by which a shell computes a drawn target's ticket."""
    first = draw.targets.order_by("ticket").first()
    if first is None:
        return {}
    return {
        "command": rf"printf '%s\n%s\n%s\n%s' {draw.seed} target {first.stratum} {first.code} | sha256sum",
        "ticket": first.ticket,
        "at": timezone.localtime(draw.drawn_at).isoformat(timespec="minutes"),
    }
