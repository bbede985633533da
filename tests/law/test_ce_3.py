"""CE-3: the credit grade makes a provider more or less likely to be drawn, and the lowest is always drawn."""

from decimal import Decimal

import pytest
from django.urls import reverse

from credit.models import Evaluation
from inspections.draws import rolls, strata
from supervision.law.services import set_value
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.verification import verify
from tests.draws.conftest import announced, commit, draft, opened, plan, plan_facts, published, timeline, world

__all__ = ["announced", "commit", "draft", "opened", "plan", "plan_facts", "published", "timeline", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.law("CE-3")]


def graded(provider, grade, year=2025, number=1):
    Evaluation.objects.create(
        party=provider, year=year, number=number, score=Decimal(50), grade=grade, evaluated_at=clock.now()
    )


@pytest.mark.parametrize(
    ("sizes", "take"),
    [
        (
            {"high": 100, "high*2": 100, "high*0.5": 100, "high*all": 7},
            {"high": 15, "high*2": 30, "high*0.5": 8, "high*all": 7},
        ),
        ({"high*2": 3}, {"high": 0, "high*2": 1}),
        ({"low": 5, "low*0.5": 5}, {"low": 1, "low*0.5": 1}),
        ({"low*all": 4}, {"low": 0, "low*all": 4}),
    ],
)
def test_rates_are_multiplied_by_the_grades_factor(opened, sizes, take):
    found = rolls.numbers_to_draw(opened, sizes)
    assert {name: found[name] for name in take} == take


def test_the_newest_grade_of_the_year_or_else_of_the_year_before_weighs(opened, world):
    first, second, third, fourth, *_rest = world.providers
    graded(first, "C", year=2024)
    graded(second, "A", year=2024)
    graded(second, "D")
    graded(third, "D")
    graded(third, "B", number=2)
    found = {code: strata.parted(stratum) for stratum, code, _area in rolls.target_rows(opened)}
    assert [found[each.code] for each in (first, second, third, fourth)] == [
        (first.risk, Decimal(2)), (second.risk, None), (third.risk, Decimal(1)), (fourth.risk, Decimal(1)),
    ]  # fmt: skip


def test_the_factor_is_the_authoritys_dated_setting(opened, world):
    set_value(
        scope=world.land.county_bureau.code, key="CE-3/factor_c", value=Decimal(3), effective_from=clock.today(),
        article_note="甲县年度计划", reason="失信从严", set_by="示例",
    )  # fmt: skip
    graded(world.providers[0], "C")
    found = {code: stratum for stratum, code, _area in rolls.target_rows(opened)}
    assert found[world.providers[0].code] == f"{world.providers[0].risk}*3"


@pytest.fixture
def untrustworthy(world):
    """Three of the lowest grade, before the rolls are frozen."""
    for provider in world.providers[:3]:
        graded(provider, "D")
    return {provider.code for provider in world.providers[:3]}


def test_whoever_has_the_lowest_grade_is_drawn(untrustworthy, world, published, client):
    assert untrustworthy <= set(published.targets.values_list("code", flat=True))
    client.force_login(world.cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("web:dossier", args=[published.pk])).content.decode()
    assert "（全部抽取）" in page
    public = client.get(reverse("public-draws:draw", args=[published.commitment])).content.decode()
    assert "（全部抽取）" in public
    gone = published.targets.filter(standing=True).exclude(code__in=untrustworthy).first()
    advance(published, "replace_target", world.cast.head, target=gone, reason="已注销")
    assert verify(published).faults == []
