"""A year's plan of the city bureau with one published draw, and one that waits for its witnesses."""

from datetime import datetime, time

from django.utils import timezone

from inspections.draws import scheduler, services
from inspections.draws.algorithm import contribution_hash
from inspections.draws.forms import PlanForm
from inspections.draws.models import Draw, PlanPeriod, YearPlan
from supervision.parties.actors import Actor
from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.forms import as_data
from supervision.procedure.services import advance

from .city import City
from .stage import Desk, days_ago

SECTIONS = ("纪检监察", "社会监督员")
TEXTS = ("示例见证人甲·二〇二六·71c9e04b", "示例见证人乙·二〇二六·a58d33f2")


def build(city: City) -> list[Draw]:
    """The draws, the published one first."""
    desk = Desk(city.people, city.places, city.places.city)
    witnesses = [desk.at_bureau(Role.WITNESS, place) for place in (0, 1)]
    for witness, section in zip(witnesses, SECTIONS, strict=True):
        Post.objects.filter(user=witness.user).update(section=section)
    plan = _plan(desk, witnesses)
    for period in PlanPeriod.objects.filter(plan=plan.pk, opened_at=None).order_by("freeze_at"):
        if period.draw_at < timezone.now():
            _play(period, witnesses)
    return list(Draw.objects.filter(plan=plan.pk).order_by("pk"))


def _plan(desk: Desk, witnesses: list[Actor]) -> YearPlan:
    today = timezone.localdate()
    past = max(1, today.month - 2)
    with days_ago((today - today.replace(month=past, day=1)).days + 20):
        facts = {
            "title": f"{today.year}年度定点医药机构双随机抽查计划", "year": today.year, "rate_high": "30",
            "rate_medium_high": "10", "rate_medium": "2", "rate_low": "1", "floor": 1, "inspectors_each": 2,
            "months": sorted({past, 12}), "day": 10, "time": "09:00", "open_days": 10, "freeze_days": 3,
            "witnesses": [witness.user for witness in witnesses], "once_a_year": True, "publish_days": 0,
        }  # fmt: skip
        form = PlanForm(as_data(facts), dossier=YearPlan(authority=desk.bureau), actor=desk.officer)
        if not form.is_valid():
            raise ValueError(form.errors.as_json())
        plan = services.draft_plan(actor=desk.officer, facts=form.cleaned_data)
        advance(plan, "adopt", desk.head)
    return plan


def _play(period: PlanPeriod, witnesses: list[Actor]) -> None:
    """Contribute, announce, reveal, draw and publish at the moments of the plan."""
    morning = timezone.make_aware(datetime.combine(timezone.localdate(period.opens_at), time(9, 5)))
    with clock.stopped_at(morning):
        draw = services.open_period(period.pk)
        if draw is None:
            return
        advance(draw, "commit", witnesses[0], mode="sealed", contribution=TEXTS[0])
        advance(draw, "commit", witnesses[1], mode="held", sha256=contribution_hash(TEXTS[1]))
    with clock.stopped_at(period.freeze_at):
        scheduler.take_forward(draw.pk)
    with clock.stopped_at(period.draw_at):
        draw.refresh_from_db()
        advance(draw, "reveal", witnesses[1], contribution=TEXTS[1])
        scheduler.take_forward(draw.pk)
