"""RG-41: an individual's lent certificate is corrected and refunded without a fine; fraud costs two to five times."""

import pytest

from supervision.parties.models import InsuredPerson
from tests.case_stage import fact, filed, ordered, report

pytestmark = pytest.mark.law("RG-41")

SAID = {"nature": "出借凭证", "opinion": "责令退回", "lenient": [], "aggravating": []}


@pytest.fixture
def person(land):
    return InsuredPerson.objects.create(
        kind="insured", code="P990121000010", name="示例某丙", sort_key="a", region=land.county_region
    )


def to_be_reported(cast, person, act):
    case = filed(cast, person)
    fact(case, cast, "1000.00", act)
    ordered(case, cast)
    return case


@pytest.mark.parametrize("tier", ["ordinary", "heavier"])
def test_the_first_paragraph_knows_no_fine(store, cast, person, doors, tier):
    case = to_be_reported(cast, person, "RG-41.1.1")
    doors.mistake(case, "submit_report", cast.officer, {**SAID, "tier": tier, "fine": "0.01"}, field="fine")
    report(case, cast, tier=tier, fine="0")
    assert case.state == "reported"


@pytest.mark.parametrize(
    ("tier", "fine"), [("lighter", "1999.99"), ("ordinary", "1999.99"), ("ordinary", "5000"), ("heavier", "5000.01")]
)
def test_the_second_keeps_between_two_and_five_times(store, cast, person, doors, tier, fine):
    case = to_be_reported(cast, person, "RG-41.2")
    lenient = ["refunded"] if tier == "lighter" else []
    said = {**SAID, "lenient": lenient, "tier": tier, "fine": fine}
    doors.mistake(case, "submit_report", cast.officer, said, field="fine")
    report(case, cast, tier="heavier", fine="5000.00")
    assert case.state == "reported"
