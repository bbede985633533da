"""The rows of plans and draws that their events tell of (HY-31, DR).

Of a plan: who witnesses, and its calendar. Of a draw: the frozen rolls, what each witness committed to and handed over,
whom the lot fell on, and who stepped in.
"""

from typing import Any

from django.db.models import Model

from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.procedure.declare import Context
from supervision.records.rows import Kept, declare

from .models import (
    Draw,
    DrawInspector,
    DrawTarget,
    DrawWitness,
    PlanPeriod,
    PlanWitness,
    Replacement,
    Roll,
    YearPlan,
)

declare(
    Kept("plan witness", PlanWitness, at="plan", name=lambda row: row.role),
    Kept("period", PlanPeriod, at="plan", name=lambda row: str(row.number)),
    Kept("roll", Roll, at="draw", name=lambda row: row.kind),
    Kept("draw witness", DrawWitness, at="draw", name=lambda row: row.role),
    # Which inspection a target led to stands in that inspection's own row, which names the draw as its origin.
    Kept("drawn target", DrawTarget, at="draw", apart=("task",), name=lambda row: row.code),
    Kept("drawn inspector", DrawInspector, at="target__draw", name=lambda row: row.certificate),
    Kept("replacement", Replacement, at="draw"),
)


def keep_witnesses(plan: YearPlan, step: str, context: Context) -> list[Model]:
    """Make the plan's witnesses those its form names, in their order."""
    return set_witnesses(plan, list(context.facts["witnesses"]), context)


def set_witnesses(plan: YearPlan, users: Any, context: Context) -> list[Model]:
    """Replace the witnesses of a draft; their section at the authority says as what they witness.

    Returns the rows taken off too, so that the event tells they are gone.
    """
    sections = dict(
        Post.objects.filter(
            authority=plan.authority, role=Role.WITNESS, user__in=users, valid__contains=context.today
        ).values_list("user_id", "section")
    )
    before = list(plan.witnesses.all())
    plan.witnesses.all().delete()
    named = PlanWitness.objects.bulk_create(
        PlanWitness(plan=plan, user=user, role=sections.get(user.pk) or str(Role.WITNESS.label), place=place)
        for place, user in enumerate(users, start=1)
    )
    plan.__dict__.pop("witness_ids", None)
    return [*before, *named]


def keep_calendar(plan: YearPlan, step: str, context: Context) -> list[Model]:
    """Write the calendar of the adopted plan: one row per draw still ahead."""
    made = PlanPeriod.objects.bulk_create(
        PlanPeriod(
            plan=plan,
            number=moment.number,
            opens_at=moment.opens_at,
            freeze_at=moment.freeze_at,
            draw_at=moment.draw_at,
        )
        for moment in plan.moments()
        if moment.draw_at > context.now
    )
    return [*made]


def keep_commitment(draw: Draw, step: str, context: Context) -> list[Model]:
    """Keep the hash a witness handed in, and the text too when it is sealed here."""
    facts = context.facts
    sealed = facts["mode"] == DrawWitness.Mode.SEALED
    return _keep_own(
        draw,
        context,
        mode=facts["mode"],
        sha256=facts["sha256"],
        committed_at=context.now,
        sealed=facts["contribution"] if sealed else "",
        handed_over_at=context.now if sealed else None,
    )


def keep_reveal(draw: Draw, step: str, context: Context) -> list[Model]:
    """Take over the text a witness held; it stays encrypted until all are opened together."""
    return _keep_own(draw, context, sealed=context.facts["contribution"], handed_over_at=context.now)


def _keep_own(draw: Draw, context: Context, **columns: Any) -> list[Model]:
    """Set what the acting witness gave."""
    witness = draw.witnesses.get(user=context.actor.user)
    for name, value in columns.items():
        setattr(witness, name, value)
    witness.save(update_fields=list(columns))
    draw.__dict__.pop("witness_list", None)
    return [witness]
