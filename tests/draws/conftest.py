import importlib.util
import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from inspections.draws import scheduler, services
from inspections.draws.algorithm import contribution_hash, inspector_roll, target_roll
from inspections.draws.announcement import announcement
from inspections.draws.forms import PlanForm
from inspections.draws.models import YearPlan
from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.parties.served import serving
from supervision.procedure import clock
from supervision.procedure.forms import as_data
from supervision.procedure.services import advance
from tests.cast import a_provider, person

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "inspections" / "static" / "inspections" / "draws"


@pytest.fixture(scope="session")
def vectors() -> list[dict]:
    return json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def static() -> Path:
    return STATIC


@pytest.fixture(scope="session")
def verifier():
    """The downloadable single-file verifier, loaded as what it is: a file."""
    spec = importlib.util.spec_from_file_location("verify_draw", STATIC / "verify_draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def material():
    """Builds the document of a draw: announcement, rolls, contributions, public value."""

    def build(
        targets,
        inspectors,
        take,
        *,
        each=2,
        contributions=("纪检组见证人的贡献文本-7f2a91", "public-witness-51c0e8"),
        public=None,
    ):
        described = announcement(
            draw="示例双随机〔2026〕7号",
            authority="示例市医疗保障局",
            at="2026-11-23T09:00:00+08:00",
            targets=target_roll(targets),
            inspectors=inspector_roll(inspectors),
            take=take,
            inspectors_each=each,
            witnesses=[(f"witness {n}", contribution_hash(text)) for n, text in enumerate(contributions, start=1)],
            public_value=None if public is None else {"source": "lottery", "due": "2026-11-22"},
        )
        return {
            "announcement": described,
            "targets": [list(row) for row in targets],
            "inspectors": [list(row) for row in inspectors],
            "contributions": list(contributions),
            "public": public,
        }

    return build


class Timeline:
    """Moves the procedures' clock along the calendar of a plan of 2025."""

    def __init__(self) -> None:
        self._stopped = None

    def at(self, *moment: int) -> None:
        self.end()
        self._stopped = clock.stopped_at(timezone.make_aware(datetime(*moment)))
        self._stopped.__enter__()

    def end(self) -> None:
        if self._stopped is not None:
            self._stopped.__exit__(None, None, None)
        self._stopped = None


@pytest.fixture
def timeline():
    line = Timeline()
    yield line
    line.end()


CONTRIBUTIONS = ("纪检组见证人的贡献文本-7f2a91", "public-witness-51c0e8")
RISKS = ("high", "medium_high", "medium", "low")


@pytest.fixture
def world(land, cast, timeline):
    """甲县 and its people on 2025-02-20: 40 providers, two more officers with certificates, two witnesses."""
    timeline.at(2025, 2, 20, 8)
    providers = [
        a_provider(f"H9901211{number:04}", f"示例·甲县{number}号医院", land.county_region, risk=RISKS[number % 4])
        for number in range(1, 40)
    ]
    third = person("third_officer", land.county_bureau, Role.BUREAU_OFFICER, certificate="enforcement")
    witnesses = [person(f"witness_{n}", land.county_bureau, Role.WITNESS) for n in (1, 2)]
    for witness, section in zip(witnesses, ("纪检监察", "社会监督员"), strict=True):
        with serving("given"):
            Post.objects.filter(user=witness.user).update(section=section)
    return SimpleNamespace(
        land=land, cast=cast, providers=providers, third=third, witnesses=witnesses, timeline=timeline
    )


@pytest.fixture
def plan_facts(world):
    return {
        "title": "2025年度双随机抽查计划",
        "year": 2025,
        "rate_high": "30",
        "rate_medium_high": "10",
        "rate_medium": "2",
        "rate_low": "1",
        "floor": 1,
        "inspectors_each": 2,
        "months": [3, 9],
        "day": 10,
        "time": "09:00",
        "open_days": 10,
        "freeze_days": 3,
        "witnesses": [witness.user for witness in world.witnesses],
        "once_a_year": True,
        "publish_days": 0,
    }


@pytest.fixture
def draft(world, plan_facts):
    """A plan drafted by the county's officer."""
    actor = world.cast.officer
    form = PlanForm(as_data(plan_facts), dossier=YearPlan(authority=actor.authority), actor=actor)
    assert form.is_valid(), form.errors
    return services.draft_plan(actor=actor, facts=form.cleaned_data)


@pytest.fixture
def plan(world, draft):
    """The plan as the county's head adopted it."""
    advance(draft, "adopt", world.cast.head)
    return draft


@pytest.fixture
def opened(world, plan):
    """The draw of March 10, opened by the calendar on February 28."""
    world.timeline.at(2025, 2, 28, 9, 1)
    (period,) = scheduler.due_periods()
    return services.open_period(period)


@pytest.fixture
def commit():
    def hand_in(draw, witness, text, mode="sealed"):
        facts = {"contribution": text} if mode == "sealed" else {"sha256": contribution_hash(text)}
        return advance(draw, "commit", witness, mode=mode, **facts)

    return hand_in


@pytest.fixture
def announced(world, opened, commit):
    """Announced on March 7 with one contribution sealed and one held."""
    commit(opened, world.witnesses[0], CONTRIBUTIONS[0])
    commit(opened, world.witnesses[1], CONTRIBUTIONS[1], mode="held")
    world.timeline.at(2025, 3, 7, 9, 1)
    assert scheduler.take_forward(opened.pk) == ["freeze_rolls", "announce"]
    opened.refresh_from_db()
    return opened


@pytest.fixture
def published(world, announced):
    """Drawn and published at nine on March 10."""
    world.timeline.at(2025, 3, 10, 8, 58)
    advance(announced, "reveal", world.witnesses[1], contribution=CONTRIBUTIONS[1])
    world.timeline.at(2025, 3, 10, 9, 0)
    assert scheduler.take_forward(announced.pk) == ["open_contributions", "draw_lots", "publish"]
    announced.refresh_from_db()
    return announced
