"""RG-38 … RG-41: what each violation may cost, to the cent at both ends; fraud costs more, some acts cost no fine."""

from decimal import Decimal

import pytest

from enforcement.discretion import ACTS, statutory_range
from supervision.parties.models import InsuredPerson
from supervision.procedure import clock
from tests.case_stage import fact, filed, ordered
from tests.doors import Doors

LOSS = Decimal("10000.00")
BY_BASIS = {
    "RG-38": ("10000.00", "20000.00"),
    "RG-39": ("10000.00", "50000.00"),
    "RG-40": ("20000.00", "50000.00"),
    "RG-41.1": ("0.00", "0.00"),
    "RG-41": ("20000.00", "50000.00"),
}


def report(fine, tier):
    return {"nature": "违反规定", "opinion": "处罚", "tier": tier, "fine": str(fine), "lenient": [], "aggravating": []}


@pytest.mark.law("RG-38", "RG-38.1", "RG-38.2", "RG-38.3", "RG-38.4", "RG-38.5", "RG-38.6", "RG-38.7")
@pytest.mark.parametrize("code", [f"RG-38.{n}" for n in range(1, 8)])
def test_violations_of_providers_cost_once_to_twice_the_loss(store, cast, provider, doors, code):
    refused_above(store, cast, provider, doors, code, "20000.01")


@pytest.mark.law("RG-40", "RG-40.1", "RG-40.2", "RG-40.3", "RG-40.4")
@pytest.mark.parametrize("code", [f"RG-40.{n}" for n in range(1, 5)])
def test_fraud_of_providers_costs_two_to_five_times_the_loss(store, cast, provider, doors, code):
    refused_above(store, cast, provider, doors, code, "50000.01")


@pytest.mark.law("RG-41.1", "RG-41.1.1", "RG-41.1.2", "RG-41.1.3", "RG-41.2")
@pytest.mark.parametrize(("code", "fine"), [*((f"RG-41.1.{n}", "0.01") for n in range(1, 4)), ("RG-41.2", "50000.01")])
def test_an_individual_pays_a_fine_for_fraud_only(store, cast, land, doors, code, fine):
    person = InsuredPerson.objects.create(
        kind="insured", code="P990121000010", name="示例某丙", sort_key="a", region=land.county_region
    )
    refused_above(store, cast, person, doors, code, fine)


@pytest.mark.law("RG-39", "RG-39.1", "RG-39.2", "RG-39.3", "RG-39.4", "RG-39.5", "RG-39.6", "RG-39.7")
@pytest.mark.parametrize("code", [f"RG-39.{n}" for n in range(1, 8)])
def test_failures_of_management_cost_a_sum_whatever_the_loss(store, cast, provider, doors, code):
    refused_above(store, cast, provider, doors, code, "50000.01")


def refused_above(store, cast, party, doors: Doors, code, fine):
    """The range is what the law says, and a cent beyond it is told beside the fine, at every door."""
    scope, today = cast.officer.authority.scope, clock.today()
    low, high = BY_BASIS[ACTS[code].basis]
    assert statutory_range([(code, LOSS)], scope, today) == (Decimal(low), Decimal(high))
    assert Decimal(high) + Decimal("0.01") == Decimal(fine)
    case = filed(cast, party)
    fact(case, cast, str(LOSS), code)
    ordered(case, cast)
    doors.mistake(case, "submit_report", cast.officer, report(fine, "heavier"), field="fine")
