"""Inspections on site, from assigned to archived, some with findings that go to the agency or become a case."""

from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from inspections.models import InspectionKind, InspectionTask
from inspections.onsite.services import open_task
from supervision.parties.actors import Actor
from supervision.parties.models import Provider, Region, User
from supervision.procedure import clock
from supervision.procedure.services import advance

from .city import City
from .stage import Desk, days_ago, proof

STAGES = ("assigned", "on_site", "recorded", "signed", "confirmed", "clear", "to_agency", "to_case", "archived")
# How far county agencies have come with the visits of the year, and the days one visit takes.
SHARES = (0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2)
FEWEST_DAYS = 3
FOUND = (
    ("RG-38.3", "同一项目重复收费", 12, "18650.00"),
    ("RG-38.1", "分解住院、挂床住院", 7, "38260.00"),
    ("RG-38.2", "无指征过度检查", 31, "22480.50"),
    ("RG-38.6", "将不属于基金支付范围的费用纳入结算", 5, "6120.00"),
)


def build(city: City) -> list[InspectionTask]:
    """One inspection at each stage in every county, spread over the last year."""
    made = []
    for n, region in enumerate(city.busy_counties):
        providers = [one for one in city.providers if one.region_id == region.pk]
        for place, stage in enumerate(STAGES):
            ago = 3 + (len(STAGES) - place) * 2 if place < 5 else 25 + place * 31 + n * 9
            made.append(play(city, region, providers[place % len(providers)], stage, ago=min(ago, 360)))
    return [*made, *_rounds(city)]


def _rounds(city: City) -> list[InspectionTask]:
    """What the county agencies have visited of their area so far this year, each another share of it (HY-5)."""
    begun = timezone.localdate().timetuple().tm_yday
    made = []
    for region, share in zip(city.places.counties, cycle(SHARES), strict=False):
        desk = Desk(city.people, city.places, region)
        here = [one for one in city.providers if one.region_id == region.pk]
        for n, provider in enumerate(here[: max(1, round(len(here) * share))]):
            ago = begun - 1 - n * 7 % max(begun - FEWEST_DAYS, 1)
            if ago < FEWEST_DAYS:  # the year is too young for a visit to have come to its end
                continue
            with days_ago(ago):
                task = open_task(
                    desk.auditor, authority=desk.agency, kind=InspectionKind.ROUTINE, subject=provider,
                    officers=desk.auditors,
                )  # fmt: skip
            made.append(carry_on(city, task, desk, "archived", ago=ago))
    return made


def play(city: City, region: Region, provider: Provider, stage: str, *, ago: int) -> InspectionTask:
    """An inspection of a provider brought to a stage; it began `ago` days back."""
    desk = Desk(city.people, city.places, region)
    with days_ago(ago):
        task = open_task(
            desk.officer, authority=desk.bureau, kind=InspectionKind.ROUTINE, subject=provider, officers=desk.pair
        )
    return carry_on(city, task, desk, stage, ago=ago)


def carry_on(city: City, task: InspectionTask, desk: Desk, stage: str, *, ago: int) -> InspectionTask:
    """Bring an assigned inspection to a stage by its own officers; it was assigned `ago` days back."""
    if stage == "assigned":
        return task
    officers, party = task.officers_now, Provider.objects.get(dossiers=task)
    officer = city.people.actor_of(officers[0], task.authority)
    with days_ago(ago - 1):
        advance(
            task, "start", officer, identity_shown_at=clock.now(), received_by=party.legal_representative,
            received_post="负责人", told_of_recusal=True,
        )  # fmt: skip
        answers: dict[str, Any] = {f"answer_{item.code}": "yes" for item in task.checklist.items.all()}
        advance(task, "fill_checklist", officer, **answers)
        if stage not in ("clear", "on_site", "archived"):
            _find(city, task, officer, officers)
        if stage == "on_site":
            return task
        advance(
            task, "draw_up_record", officer, place=party.name, begun_at=task.identity_shown_at, ended_at=clock.now()
        )
        if stage == "recorded":
            return task
        signer: dict[str, Any] = {
            "officers": officers,
            "signed_by": party.legal_representative,
            "signed_post": "负责人",
            "on_paper": True,
        }
        advance(task, "sign_record", officer, **signer)
    if stage == "signed":
        return task
    with days_ago(ago - 2):
        advance(task, "confirm_findings", officer)
        if stage == "confirmed":
            return task
        conclusion = stage if stage in ("to_agency", "to_case") else "clear"
        agency: dict[str, Any] = {"agency": desk.agency} if conclusion == "to_agency" else {}
        advance(task, "conclude", officer, conclusion=conclusion, summary="现场检查结束，情况见笔录。", **agency)
        if stage == "archived":
            advance(task, "archive", officer)
    return task


def _find(city: City, task: InspectionTask, officer: Actor, officers: list[User]) -> None:
    act, text, persons, amount = city.dice.choice(FOUND)
    sum_found = (Decimal(amount) * city.dice.randrange(6, 40) / 10).quantize(Decimal("0.01"))
    one = proof(task, officer, officers, f"{text}核查明细")
    advance(
        task, "add_finding", officer, act=act, description=text, persons=persons, amount=sum_found,
        fund=city.dice.choice(("employee", "resident")), evidence=[one],
    )  # fmt: skip
