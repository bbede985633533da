"""What the steps of plans and draws do beyond their own columns, in the step's transaction."""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections import verbs
from inspections.draws import algorithm, rolls
from inspections.draws.announcement import announcement
from inspections.draws.models import (
    Draw,
    DrawInspector,
    DrawTarget,
    DrawWitness,
    Replacement,
    Roll,
)
from inspections.draws.ports import Ports
from inspections.draws.replacements import Standing, standing
from supervision.parties.crypto import clear
from supervision.parties.models import Certificate, Party, Provider
from supervision.procedure import clock
from supervision.procedure.declare import Context, settles
from supervision.procedure.models import Event
from supervision.procedure.own_row import matter_told
from supervision.procedure.refusals import Cause, Reason, StepRefused
from supervision.procedure.services import record
from supervision.records.rows import told

LAW = ("HY-31", "DR-3")


def freeze_rolls(draw: Draw, event: Event, context: Context) -> None:
    """Store both rolls as they stand, and chain their hashes."""
    try:
        content = {
            Roll.Kind.TARGETS: algorithm.target_roll(rolls.target_rows(draw)),
            Roll.Kind.INSPECTORS: algorithm.inspector_roll(rolls.inspector_rows(draw)),
        }
    except algorithm.DrawError as error:
        raise _refused("freeze_rolls", _("The rolls cannot be frozen: %(why)s") % {"why": error}) from error
    if not content[Roll.Kind.TARGETS] or not content[Roll.Kind.INSPECTORS]:
        raise _refused("freeze_rolls", _("A roll is empty: there is nobody to inspect, or nobody to inspect them"))
    sizes = algorithm.strata_sizes(content[Roll.Kind.TARGETS])
    take = rolls.numbers_to_draw(draw, sizes)
    draw.strata = [{"name": name, "size": sizes.get(name, 0), "take": take[name]} for name in take]
    draw.save(update_fields=["strata"])
    for kind, data in content.items():
        roll = Roll.objects.create(
            draw=draw,
            kind=kind,
            content=data,
            sha256=algorithm.sha256(data),
            lines=data.count(b"\n"),
            frozen_at=context.now,
        )
        facts = {"roll": kind, "sha256": roll.sha256, "lines": roll.lines, "kept": told(roll), **matter_told(draw)}
        record(draw, verbs.ROLL_FROZEN, context.actor, facts, LAW)


def announce(draw: Draw, event: Event, context: Context) -> None:
    """Compute and publish the commitment."""
    roll = _rolls(draw)
    described = announcement(
        draw=draw.number,
        authority=draw.authority.name,
        at=_iso(draw.draw_at),
        targets=roll["targets"],
        inspectors=roll["inspectors"],
        take={stratum["name"]: stratum["take"] for stratum in draw.strata},
        inspectors_each=draw.inspectors_each,
        witnesses=[(witness.role, witness.sha256) for witness in draw.witness_list],
        public_value={"source": draw.public_source, "due": draw.draw_day.isoformat()} if draw.public_source else None,
    )
    held = any(witness.mode == DrawWitness.Mode.HELD for witness in draw.witness_list)
    fresh = bool(draw.public_source) and draw.draw_day > context.today
    draw.announcement = described
    draw.commitment = algorithm.commitment(described)
    draw.strength = Draw.Strength.STRONG if held or fresh else Draw.Strength.BASIC
    draw.save(update_fields=["announcement", "commitment", "strength"])
    facts = {"commitment": draw.commitment, "strength": draw.strength, **matter_told(draw)}
    record(draw, verbs.COMMITTED, context.actor, facts, LAW)


def open_contributions(draw: Draw, event: Event, context: Context) -> None:
    """Open every contribution at once and make the seed."""
    for witness in draw.witness_list:
        witness.contribution = clear(witness.sealed)
        witness.save(update_fields=["contribution"])
    draw.seed = algorithm.seed(draw.commitment, _contributions(draw), draw.public_value or None)
    draw.revealed_at = context.now
    draw.save(update_fields=["seed", "revealed_at"])
    facts = {"seed": draw.seed, "kept": told(*draw.witness_list), **matter_told(draw)}
    record(draw, verbs.SEED_MADE, context.actor, facts, LAW)


def draw_lots(draw: Draw, event: Event, context: Context) -> None:
    """Compute tickets and teams from what was announced and opened, and keep them."""
    roll = _rolls(draw)
    result = algorithm.draw(
        draw.announcement,
        targets=roll["targets"],
        inspectors=roll["inspectors"],
        contributions=_contributions(draw),
        public=draw.public_value or None,
    )
    rows = _keep(draw, [(item.ticket, item.inspectors) for item in result.selected])
    draw.drawn_at = context.now
    draw.publish_on = context.today + timedelta(days=draw.plan.publish_days)
    draw.save(update_fields=["drawn_at", "publish_on"])
    facts = {
        "drawn": len(result.selected),
        "assigned": sum(len(item.inspectors) for item in result.selected),
        "unstaffed": list(result.unstaffed),
        "sha256": algorithm.h(algorithm.canonical_json(result.as_json())),
        "kept": told(*rows),
        **matter_told(draw),
    }
    record(draw, verbs.LOTS_DRAWN, context.actor, facts, ("HY-31", "DR-1", "DR-2"))


@settles
def note_publication(draw: Draw, context: Context) -> None:
    """Remember when the result became public."""
    draw.published_at = context.now
    draw.save(update_fields=["published_at"])


def note_silence(draw: Draw, event: Event, context: Context) -> None:
    """Report, by name of office, who did not reveal."""
    silent = [witness.role for witness in draw.witness_list if not witness.handed_over]
    draw.void_reason = _("Did not reveal in time: %(who)s") % {"who": "、".join(silent)}
    draw.save(update_fields=["void_reason"])
    record(draw, verbs.SILENT, context.actor, {"silent": silent, **matter_told(draw)}, LAW)


def replace_target(draw: Draw, event: Event, context: Context) -> None:
    """Let the next ticket of the stratum step in for a target that closed or may not be inspected."""
    out: DrawTarget = context.facts["target"]
    done = _standing(draw).replace_target(out.code)
    DrawTarget.objects.filter(pk=out.pk).update(standing=False)
    rows: list[Model] = [out]
    if done.substitute:
        rows += _keep(draw, [(done.substitute.ticket, done.substitute.inspectors)], replaces=out)
    code = done.substitute.ticket.code if done.substitute else ""
    _note_replacement(draw, Replacement.Kind.TARGET, rows, target=out, out=out.code, substitute=code, context=context)
    if out.task_id and Ports.tasks:
        Ports.tasks.withdrawn(out, context.actor, context.facts["reason"])


def replace_inspector(draw: Draw, event: Event, context: Context) -> None:
    """Let the next in the target's own order step in for an inspector who has to withdraw."""
    leaving: DrawInspector = context.facts["inspector"]
    target = leaving.target
    done = _standing(draw).replace_inspector(target.code, leaving.certificate)
    DrawInspector.objects.filter(pk=leaving.pk).update(standing=False)
    rows: list[Model] = [leaving]
    if done.substitute:
        place = target.inspectors.count() + 1
        (user,) = _users([done.substitute]).values()
        coming = {"user_id": user, "certificate": done.substitute, "place": place}
        rows.append(DrawInspector.objects.create(target=target, **coming))
    _note_replacement(
        draw,
        Replacement.Kind.INSPECTOR,
        rows,
        target=target,
        out=leaving.certificate,
        substitute=done.substitute or "",
        context=context,
    )
    if target.task_id and Ports.tasks:
        Ports.tasks.team_changed(target, context.actor, context.facts["reason"])


def _note_replacement(
    draw: Draw, kind: str, rows: list[Model], *, target: DrawTarget, out: str, substitute: str, context: Context
) -> None:
    """Keep the replacement; its event tells of it and of the `rows` it changed."""
    made = Replacement.objects.create(
        draw=draw,
        place=draw.replacements.count() + 1,
        kind=kind,
        target=target,
        out=out,
        substitute=substitute,
        reason=context.facts["reason"],
        approver=context.actor.person,
        at=clock.now(),
    )
    facts = {"replaced": kind, "out": out, "in": substitute, "kept": told(*rows, made)}
    record(draw, verbs.SUBSTITUTED, context.actor, facts, ["DR-2"])


def _standing(draw: Draw) -> Standing:
    roll = _rolls(draw)
    made = draw.replacements.select_related("target", "approver")
    return standing(
        draw.announcement,
        targets=roll["targets"],
        inspectors=roll["inspectors"],
        contributions=_contributions(draw),
        public=draw.public_value or None,
        replacements=[replacement.as_json() for replacement in made],
    )


def _keep(
    draw: Draw, drawn: list[tuple[algorithm.Ticket, tuple[str, ...]]], replaces: DrawTarget | None = None
) -> list[Model]:
    """Rows for drawn targets and their inspectors. Roll codes were read from the registers, so both exist
    there.
    """
    codes = [ticket.code for ticket, _team in drawn]
    providers = dict(Provider.objects.filter(kind=Party.Kind.PROVIDER, code__in=codes).values_list("code", "pk"))
    users = _users({certificate for _ticket, team in drawn for certificate in team})
    targets = DrawTarget.objects.bulk_create(
        (
            DrawTarget(
                draw=draw,
                provider_id=providers[ticket.code],
                stratum=ticket.stratum,
                code=ticket.code,
                ticket=ticket.digest,
                replaces=replaces,
            )
            for ticket, _team in drawn
        ),
        batch_size=5000,
    )
    inspectors = DrawInspector.objects.bulk_create(
        (
            DrawInspector(target=target, user_id=users[certificate], certificate=certificate, place=place)
            for target, (_ticket, team) in zip(targets, drawn, strict=True)
            for place, certificate in enumerate(team, start=1)
        ),
        batch_size=5000,
    )
    return [*targets, *inspectors]


def _users(certificates: Any) -> dict[str, int]:
    return dict(Certificate.objects.filter(number__in=certificates).values_list("number", "user_id"))


def _rolls(draw: Draw) -> dict[str, bytes]:
    return {kind: bytes(content) for kind, content in draw.rolls.values_list("kind", "content")}


def _contributions(draw: Draw) -> list[str]:
    return [witness.contribution for witness in draw.witness_list]


def _iso(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _refused(step: str, sentence: Any) -> StepRefused:
    return StepRefused(step, [Reason(Cause.RULE, sentence, ("DR-1",))])
