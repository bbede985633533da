"""Every write around plans and draws that is not a step: drafting, opening, announcing afresh, handing over
to tasks.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop as _

from inspections import verbs
from inspections.draws import effects, keeping
from inspections.draws.models import Draw, DrawTarget, DrawWitness, PlanPeriod, YearPlan
from inspections.draws.plan_procedure import RISKS
from inspections.draws.ports import Ports
from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.services import advance, open_dossier, record
from supervision.records.rows import told

log = structlog.get_logger(__name__)


@transaction.atomic
def draft_plan(*, actor: Actor, facts: Mapping[str, Any]) -> YearPlan:
    """Open a plan at the actor's authority from the cleaned facts of ``PlanForm``. Raises StepRefused."""
    columns = {field.name: facts[field.name] for field in YearPlan._meta.local_concrete_fields if field.name in facts}
    plan = open_dossier(
        YearPlan,
        actor,
        authority=actor.authority,
        title=facts["title"],
        facts={"named": list(facts["witnesses"]), **{risk: facts[f"rate_{risk}"] for risk in RISKS}},
        **columns,
    )
    context = Context(actor=actor, today=clock.today(), now=clock.now())
    named = keeping.set_witnesses(plan, list(facts["witnesses"]), context)
    record(plan, verbs.WITNESSES_NAMED, actor, {"kept": told(*named)}, effects.LAW)
    return plan


def open_period(period_id: int) -> Draw | None:
    """Open the draw of a due period; None when somebody else has claimed it.

    The claim is one conditional update in the transaction that opens the draw: killed anywhere in it,
    nothing has happened, and two sweepers cannot both succeed.
    """
    with transaction.atomic():
        now = clock.now()
        if not PlanPeriod.objects.filter(pk=period_id, opened_at=None).update(opened_at=now):
            return None
        period = PlanPeriod.objects.select_related("plan__authority").get(pk=period_id)
        draw = _open(
            Actor.system(period.plan.authority),
            plan=period.plan,
            period=period,
            title=_title(period.plan, period.number),
            freeze_at=period.freeze_at,
            draw_at=period.draw_at,
        )
        facts = {"draw": draw.number, "kept": told(period)}
        record(period.plan, verbs.PERIOD_OPENED, Actor.system(period.plan.authority), facts, ["HY-31", "DR-1"])
    log.info("draw_opened", draw=draw.number, plan=period.plan.number, period=period.number)
    return draw


def draw_afresh(*, draw: Draw, actor: Actor, draw_at: datetime) -> Draw:
    """Open the draw that takes the place of a void one: new rolls, new contributions, new announcement
    (DR-3).

    Raises ValueError unless the draw is void; a second call for the same draw breaks its constraint.
    """
    if not draw.voided:
        raise ValueError("only a void draw is drawn afresh")
    return _open(
        actor,
        plan=draw.plan,
        period=draw.period,
        supplements=draw.supplements,
        origin=draw,
        fixed=draw.fixed,
        reason=draw.void_reason,
        attempt=draw.attempt + 1,
        title=draw.title,
        freeze_at=clock.now(),
        draw_at=draw_at,
    )


def supplement(*, draw: Draw, actor: Actor, numbers: Mapping[str, int], draw_at: datetime, reason: str) -> Draw:
    """Open a supplementary draw: a new announcement with a fresh seed, without those drawn before (DR-2).

    ``numbers`` counts by risk class. Raises ValueError unless the draw it adds to has been drawn.
    """
    if draw.drawn_at is None:
        raise ValueError("only a draw that was made is supplemented")
    return _open(
        actor,
        plan=draw.plan,
        supplements=draw,
        origin=draw,
        fixed={risk: numbers[risk] for risk in RISKS if numbers.get(risk)},
        reason=reason,
        title=_official(_("%(draw)s, supplementary"), draw=draw.title),
        freeze_at=clock.now(),
        draw_at=draw_at,
    )


def open_tasks(draw: Draw) -> int:
    """Open an inspection for every standing target that has none, each in its own transaction.

    Returns how many were opened. Killed in between, the next call goes on where it stopped. Without a desk
    of tasks nothing happens and the draw keeps asking.
    """
    if Ports.tasks is None:
        return 0
    actor = Actor.system(draw.authority)
    opened = 0
    waiting = draw.targets.filter(standing=True, task=None).order_by("ticket").values_list("pk", flat=True)
    for target_id in list(waiting):
        with transaction.atomic():
            target = (
                DrawTarget.objects.select_for_update(of=("self",))
                .select_related("provider", "draw__authority")
                .get(pk=target_id)
            )
            if target.task_id is None:
                target.task = Ports.tasks.open_task(target, actor)
                target.save(update_fields=["task"])
                opened += 1
    tasks = draw.targets.filter(standing=True).count()
    advance(draw, "hand_over", actor, tasks=tasks)
    return opened


@transaction.atomic
def _open(actor: Actor, *, plan: YearPlan, title: str, **columns: Any) -> Draw:
    draw = open_dossier(
        Draw,
        actor,
        authority=plan.authority,
        title=title,
        facts={"plan": plan, "draw_at": columns["draw_at"]},
        plan=plan,
        public_source=plan.public_source,
        **columns,
    )
    named = DrawWitness.objects.bulk_create(
        DrawWitness(draw=draw, user_id=witness.user_id, role=witness.role, place=witness.place)
        for witness in plan.witnesses.order_by("place")
    )
    record(draw, verbs.WITNESSES_NAMED, actor, {"kept": told(*named)}, effects.LAW)
    return draw


def _title(plan: YearPlan, number: int) -> str:
    return _official(_("%(plan)s, draw no. %(number)s"), plan=plan.title, number=number)


def _official(text: str, **names: Any) -> str:
    """A title as it stands in the files: in the authority's language, whoever triggers it."""
    with translation.override(settings.LANGUAGE_CODE):
        return translation.gettext(text) % names
