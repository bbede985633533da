"""DR-2, HY-32: at least two valid certificates per check; who must withdraw gives way to the next in order."""

import pytest

from inspections.draws.algorithm import inspector_rows
from inspections.draws.models import Roll
from supervision.parties.models import Certificate, DeclaredInterest
from supervision.procedure.services import advance
from tests.draws.conftest import draft, opened, plan, plan_facts, timeline, world

__all__ = ["draft", "opened", "plan", "plan_facts", "timeline", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.law("DR-2", "HY-32")]


def frozen_inspectors(world, draw):
    world.timeline.at(2025, 3, 7, 10)
    advance(draw, "freeze_rolls", world.cast.officer)
    return inspector_rows(bytes(draw.rolls.get(kind=Roll.Kind.INSPECTORS).content))


def test_who_has_no_certificate_valid_on_the_day_is_not_on_the_roll(world, opened):
    Certificate.objects.filter(user=world.third.user).update(valid=("2020-01-01", "2025-03-10"))
    assert [certificate for certificate, _, _ in frozen_inspectors(world, opened)] == [
        "试officer",
        "试second_officer",
    ]


def test_a_declared_interest_stands_on_the_roll_as_recusal(world, opened):
    provider = world.providers[0]
    DeclaredInterest.objects.create(
        user=world.third.user, party=provider, reason="配偶任职", valid=("2025-01-01", None)
    )
    DeclaredInterest.objects.create(
        user=world.cast.officer.user, party=provider, reason="已离职", valid=("2020-01-01", "2025-03-01")
    )
    recused = {certificate: codes for certificate, _, codes in frozen_inspectors(world, opened)}
    assert recused == {"试officer": "", "试second_officer": "", "试third_officer": provider.code}


def test_officers_of_lower_authorities_are_drawn_within_their_own_region(world, opened):
    opened.plan.include_below = True
    opened.plan.authority = opened.authority = world.land.city_bureau
    from inspections.draws.rolls import inspector_rows as rows_of

    areas = {certificate: areas for certificate, areas, _ in rows_of(opened)}
    assert areas["试city_officer"] == "*"
    assert areas["试officer"] == "990121"
    assert areas["试twin_officer"] == "990122"
    assert "试clerk" not in areas
