"""The record pages of plans and draws, and their places in the rail; loaded when the app is ready."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from inspections.draws import selectors, strata
from inspections.draws.models import Draw, DrawTarget, Moment, PlanPeriod, YearPlan
from inspections.draws.plan_procedure import RISKS
from inspections.draws.views import may_draft
from supervision.law.values import value
from supervision.parties.actors import Actor, providers_visible_to
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.web import nav
from supervision.web.record_blocks import Block
from supervision.web.record_pages import RecordView, record_page


def plan_terms(plan: YearPlan, actor: Actor) -> Mapping[str, Any]:
    """Rates beside those in force, and how much of each class the plan's draws have covered."""
    on = clock.today()
    providers = providers_visible_to(Actor.system(plan.authority)).filter(active=True)
    sizes = dict(providers.order_by().values_list("risk").annotate(n=Count("pk")))
    taken = DrawTarget.objects.filter(draw__plan=plan, standing=True).order_by().values_list("stratum", "provider")
    drawn = Counter(strata.parted(stratum)[0] for stratum, _provider in set(taken))
    return {
        "plan": plan,
        "rows": [
            {
                "label": strata.LABELS[risk],
                "rate": plan.rate_of(risk),
                "in_force": value(f"DR-1/rate_{risk}", scope=plan.authority.scope, on=on).value,
                "size": sizes.get(risk, 0),
                "drawn": drawn[risk],
            }
            for risk in reversed(RISKS)
        ],
        "witnesses": plan.witnesses.select_related("user").order_by("place"),
    }


def plan_calendar(plan: YearPlan, actor: Actor) -> Mapping[str, Any]:
    """Every draw of the calendar with what came of it; before adoption, the calendar as it would be."""
    draws: dict[int | None, list[Draw]] = {}
    for draw in plan.draws.select_related("authority").order_by("attempt", "pk"):
        draws.setdefault(draw.period_id, []).append(draw)
    periods: list[PlanPeriod] | list[Moment] = list(plan.periods.all()) or list(plan.moments())
    return {
        "rows": [{"period": period, "draws": draws.get(getattr(period, "pk", 0), [])} for period in periods],
        "supplementary": draws.get(None, []),
    }


@record_page("plan")
class PlanPage(RecordView):
    """A plan: what it says, what it has covered, its calendar."""

    list_url = "draws:plans"
    own_facts = True
    blocks = (
        Block("terms", _("Rates and coverage"), "pages/draws/_plan_terms.html", plan_terms, order=10),
        Block("calendar", _("Calendar of the draws"), "pages/draws/_plan_calendar.html", plan_calendar, order=20),
    )


def result_of(draw: Draw, actor: Actor) -> Mapping[str, Any] | None:
    """Who was drawn, with inspectors and the inspection it led to."""
    if draw.drawn_at is None:
        return None
    targets = list(selectors.targets_of(draw)[:300])
    return {
        "draw": draw,
        "targets": targets,
        "replacements": draw.replacements.select_related("target__provider", "approver"),
        "total": draw.targets.count(),
    }


def numbers_of(draw: Draw, actor: Actor) -> Mapping[str, Any] | None:
    """The strata with their numbers, once the rolls are frozen."""
    if draw.strata is None:
        return None
    rows = [{**stratum, "label": strata.label(stratum["name"])} for stratum in draw.strata]
    return {"rows": rows, "draw": draw, "rolls": draw.rolls.defer("content").order_by("-kind")}


def fairness_of(draw: Draw, actor: Actor) -> Mapping[str, Any]:
    """Commitment, seed and witnesses."""
    return {"draw": draw, "witnesses": draw.witness_list}


@record_page("draw")
class DrawPage(RecordView):
    """A draw: numbers, result, fairness, and what may follow it."""

    list_url = "draws:draws"
    own_facts = True
    template_name = "pages/draws/draw.html"
    blocks = (
        Block("numbers", _("Strata and rolls"), "pages/draws/_numbers.html", numbers_of, order=10),
        Block("result", _("Drawn targets"), "pages/draws/_result.html", result_of, order=5),
        Block("fairness", _("Commitment and witnesses"), "pages/draws/_fairness.html", fairness_of, aside=True),
    )

    @staticmethod
    def tags(dossier: Any) -> list[tuple[str, Any]]:
        """Strength, and why it is void."""
        tags: list[tuple[str, Any]] = []
        if dossier.strength:
            tone = "ok" if dossier.strength == Draw.Strength.STRONG else "warn"
            tags.append((tone, _("strength: %(strength)s") % {"strength": dossier.get_strength_display()}))
        if dossier.void_reason:
            tags.append(("bad", dossier.void_reason))
        return tags

    def get_context_data(self, dossier: Any) -> dict[str, Any]:
        actor = self.request.actor
        own = may_draft(actor) and actor.authority == dossier.authority
        followed = dossier.voided and Draw.objects.filter(origin=dossier.pk).exists()
        return {
            **super().get_context_data(dossier),
            "may_draw_afresh": own and dossier.voided and not followed,
            "may_supplement": own and dossier.drawn_at is not None,
        }


def waiting_for_witness(actor: Actor) -> int:
    """Draws that wait for this witness's hash or text."""
    return (
        selectors.to_witness(actor)
        .filter(Q(sha256="") | Q(handed_over_at=None, draw__state=Draw.State.ANNOUNCED))
        .count()
    )


def register() -> None:
    """Declare the places in the rail."""
    staff = {*Role} - {Role.PROVIDER_REP, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM}
    nav.register(nav.Group.INSPECT, _("Random-check plans"), "draws:plans", roles=staff, order=10)
    nav.register(nav.Group.INSPECT, _("Random draws"), "draws:draws", roles=staff, order=20)
    nav.register(
        nav.Group.INSPECT,
        _("Witness of draws"),
        "draws:witness",
        roles={Role.WITNESS},
        count=waiting_for_witness,
        urgent=True,
        order=30,
    )
