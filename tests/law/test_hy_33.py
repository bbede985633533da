"""HY-33: a commissioned body acts within its commission — its time, its principal — and in its principal's name."""

from datetime import timedelta

import pytest

from supervision.parties.models import Authority
from supervision.parties.models.authority import Commission
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import advance
from tests.case_stage import proposed
from tests.cast import person

pytestmark = pytest.mark.law("HY-33")


@pytest.fixture
def body(land):
    """A supervision body of 甲县, not yet commissioned."""
    return Authority.objects.create(
        kind="authority", code="C990121", name="甲县医疗保障基金监督所", region=land.county_region,
        body="commissioned", level="county", parent=land.county_bureau, word="甲医监",
    )  # fmt: skip


@pytest.fixture
def its_head(body):
    return person("its_head", body, Role.BUREAU_HEAD)


def commission(body, principal, first=-10, after=10):
    days = [clock.today() + timedelta(days=n) for n in (first, after)]
    return Commission.objects.create(body=body, principal=principal, matters="检查、立案调查", valid=days)


@pytest.mark.parametrize(("first", "after"), [(-10, 0), (1, 10)], ids=["over", "to come"])
def test_outside_its_days_there_is_no_matter_for_it(store, cast, provider, body, its_head, doors, first, after):
    case = proposed(cast, provider)
    commission(body, case.authority, first, after)
    assert not visible_to(its_head).exists()
    doors.hide(case, "file", its_head)


def test_of_another_principal_it_has_nothing(store, cast, provider, land, body, its_head, doors):
    commission(body, land.twin_bureau)
    case = proposed(cast, provider)
    assert not visible_to(its_head).exists()
    doors.hide(case, "file", its_head)


def test_within_them_it_acts_and_the_paper_bears_the_principals_name(store, cast, provider, body, its_head):
    case = proposed(cast, provider)
    commission(body, case.authority)
    advance(case, "file", its_head)
    paper = case.papers.get(type="filing_approval")
    assert case.state == "investigating"
    assert (paper.authority, paper.facts["authority"]) == (case.authority, case.authority.name)
    assert case.events.last().authority == body
