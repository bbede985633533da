"""Yearly plans of the city bureau with their published draws, and one draw that waits for its witnesses."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import cycle

from django.utils import timezone

from inspections.draws import scheduler, services
from inspections.draws.algorithm import contribution_hash
from inspections.draws.forms import PlanForm
from inspections.draws.models import Draw, PlanPeriod, YearPlan
from inspections.models import InspectionTask
from supervision.parties.actors import Actor
from supervision.parties.models import Post, StaffEvent
from supervision.parties.roles import Role
from supervision.parties.served import serving
from supervision.procedure import clock
from supervision.procedure.forms import as_data
from supervision.procedure.services import advance

from .city import City
from .inspections import carry_on
from .stage import Desk, days_ago

SECTIONS = ("纪检监察", "社会监督员")
GOING_ON = ("archived", "clear", "on_site", "assigned", "to_agency", "confirmed", "signed")
TEXTS = ("示例见证人甲·二〇二六·71c9e04b", "示例见证人乙·二〇二六·a58d33f2")


def build(city: City) -> list[Draw]:
    """The draws of last year's plan, whose inspections are archived, and of this year's, whose inspections go on."""
    desk = Desk(city.people, city.places, city.places.city)
    witnesses = [desk.at_bureau(Role.WITNESS, place) for place in (0, 1)]
    for witness, section in zip(witnesses, SECTIONS, strict=True):
        with serving("demo"):
            Post.objects.filter(user=witness.user).update(section=section)
            told = {"role": str(Role.WITNESS), "section": section}
            StaffEvent.objects.create(person=witness.person, verb=StaffEvent.Verb.POST_GIVEN, facts=told)
    today = timezone.localdate()
    last = _plan(desk, witnesses, today.year - 1, months=[4, 10])
    this = _plan(desk, witnesses, today.year, months=sorted({max(1, today.month - 2), 12}))
    for period in PlanPeriod.objects.filter(plan__in=[last.pk, this.pk], opened_at=None).order_by("freeze_at"):
        if period.draw_at < timezone.now():
            _play(period, witnesses)
    drawn = Draw.objects.filter(plan__in=[last.pk, this.pk]).order_by("pk")
    for draw in drawn:
        stages = cycle(("archived",) if draw.plan_id == last.pk else GOING_ON)
        _inspect(city, desk, draw, stages)
    return list(drawn)


def _plan(desk: Desk, witnesses: list[Actor], year: int, *, months: list[int]) -> YearPlan:
    """A plan adopted twenty days before the month of its first draw."""
    with days_ago((timezone.localdate() - date(year, months[0], 1)).days + 20):
        facts = {
            "title": f"{year}年度定点医药机构双随机抽查计划", "year": year, "rate_high": "30",
            "rate_medium_high": "10", "rate_medium": "2", "rate_low": "1", "floor": 1, "inspectors_each": 2,
            "months": months, "day": 10, "time": "09:00", "open_days": 10, "freeze_days": 3,
            "witnesses": [witness.user for witness in witnesses], "once_a_year": True, "publish_days": 0,
        }  # fmt: skip
        form = PlanForm(as_data(facts), dossier=YearPlan(authority=desk.bureau), actor=desk.officer)
        if not form.is_valid():
            raise ValueError(form.errors.as_json())
        plan = services.draft_plan(actor=desk.officer, facts=form.cleaned_data)
        advance(plan, "adopt", desk.head)
    return plan


def _inspect(city: City, desk: Desk, draw: Draw, stages: Iterator[str]) -> None:
    """Take the inspections of a draw's targets on, each to the next stage."""
    ago = (timezone.localdate() - timezone.localdate(draw.draw_at)).days
    tasks = InspectionTask.objects.filter(pk__in=draw.targets.exclude(task=None).values("task")).order_by("pk")
    for n, task in enumerate(tasks):
        carry_on(city, task, desk, next(stages), ago=max(ago - n % 5, 3))


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
