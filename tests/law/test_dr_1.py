"""DR-1: rates by risk class never below those in force, results matched and published in time."""

from decimal import Decimal

import pytest

from inspections.draws import rolls
from inspections.draws.models import Draw
from supervision.law.services import set_value
from supervision.procedure import clock
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests.draws.conftest import (
    announced,
    commit,
    draft,
    opened,
    plan,
    plan_facts,
    published,
    timeline,
    world,
)

__all__ = ["announced", "commit", "draft", "opened", "plan", "plan_facts", "published", "timeline", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.law("DR-1")]


def test_an_authoritys_own_higher_rate_binds_its_plans(world, draft):
    set_value(
        scope=world.land.county_bureau.code,
        key="DR-1/rate_high",
        value=Decimal(50),
        effective_from=clock.today(),
        article_note="甲县年度计划",
        reason="重点监管",
        set_by="示例",
    )
    with pytest.raises(StepRefused) as refused:
        advance(draft, "adopt", world.cast.head)
    assert [reason.name for reason in refused.value.reasons] == ["rates_reach_the_law"]


@pytest.mark.parametrize(
    ("sizes", "take"),
    [
        ({"high": 100, "medium_high": 100, "medium": 100, "low": 100}, (15, 5, 1, 1)),
        ({"high": 101, "medium_high": 101, "medium": 101, "low": 101}, (16, 6, 2, 1)),
        ({"high": 1}, (1, 0, 0, 0)),
        ({"low": 1000}, (0, 0, 0, 5)),
    ],
)
def test_each_draw_takes_its_share_rounded_up_and_never_less_than_the_floor(opened, sizes, take):
    assert tuple(rolls.numbers_to_draw(opened, sizes).values()) == take


def test_matching_and_publication_have_their_terms(published):
    matching, publication = published.term("matching"), published.term("publication")
    assert (matching.n, matching.unit) == (2, "WD")
    assert (publication.n, publication.unit, publication.state) == (20, "WD", "met")
    assert published.state == Draw.State.PUBLISHED
