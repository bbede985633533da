"""HY-18, HY-39: one inspection may lead to a case of the bureau and to a breach at the agency."""

from decimal import Decimal

import pytest

from agreements.breaches.selectors import confirmed_fees
from agreements.breaches.services import register_breach
from enforcement.proposal import offered
from inspections.models import InspectionTask, Lead
from supervision.procedure.services import advance
from tests.inspections.stages import FINDING, add_photo, answer_all, both, draw_up, go_on_site
from tests.inspections.stages import SIGNED as SIGNATURE

pytestmark = pytest.mark.law("HY-18", "HY-39")

CLAUSE = {"act": "", "clause": "第三十二条", "description": "未公示收费标准", "amount": "68000.00", "fund": "resident",
          "persons": 0}  # fmt: skip
BOTH = {"conclusion": "to_case", "breaches_too": True, "summary": "违法立案，违约转经办"}


@pytest.fixture
def mixed(on_site, cast):
    """Confirmed: an act of the Regulation, and a breach of the agreement."""
    return found_both(on_site, cast)


def found_both(on_site, cast):
    answer_all(on_site, cast, answer_b1="no", expected_b1=42, counted_b1=35)
    for finding in (FINDING, CLAUSE):
        advance(on_site, "add_finding", cast.officer, evidence=[add_photo(on_site, cast.officer)], **finding)
    draw_up(on_site, cast)
    advance(on_site, "sign_record", cast.officer, officers=both(cast), **SIGNATURE)
    advance(on_site, "confirm_findings", cast.officer)
    return on_site


def test_what_breaches_the_agreement_goes_to_the_agency_beside_the_case(mixed, cast, land):
    advance(mixed, "conclude", cast.officer, **BOTH, agency=land.county_agency)
    handed = Lead.objects.get(authority=land.county_agency)
    assert (handed.origin_id, str(handed.suspected_amount)) == (mixed.pk, "68000.00")
    assert "未公示收费标准" in handed.description
    assert FINDING["description"] not in handed.description
    proposed = offered(mixed)
    assert FINDING["description"] in proposed["cause"]
    assert "未公示收费标准" not in proposed["cause"]


def test_beside_the_case_of_a_lead_as_well(verified, cast, land):
    """The inspection a lead asked for: the lead goes to its case, what breaches the agreement to the agency."""
    advance(verified, "order_targeted_check", cast.officer, officers=both(cast))
    task = InspectionTask.objects.get(origin=verified.pk)
    found_both(go_on_site(task, cast), cast)
    advance(task, "conclude", cast.officer, **BOTH, agency=land.county_agency)
    verified.refresh_from_db()
    assert verified.state == "to_case"
    assert Lead.objects.get(authority=land.county_agency).origin_id == task.pk


def test_it_names_the_agency_and_goes_beside_a_case_alone(mixed, cast, land, doors):
    doors.mistake(mixed, "conclude", cast.officer, {**BOTH, "agency": ""}, field="agency")
    aside = {**BOTH, "conclusion": "to_agency", "agency": land.county_agency.pk}
    doors.mistake(mixed, "conclude", cast.officer, aside, field="breaches_too")


def test_without_a_breach_nothing_goes_to_the_agency(confirmed, cast, land, doors):
    said = {**BOTH, "agency": land.county_agency.pk}
    doors.mistake(confirmed, "conclude", cast.officer, said, field="breaches_too")


@pytest.mark.law("HY-3")
def test_the_agency_recovers_of_each_fund_what_was_confirmed(confirmed, cast, land, provider, doors):
    """38,260 of the employees' fund were confirmed: no more of it, and nothing of another."""
    advance(confirmed, "conclude", cast.officer, conclusion="to_agency", agency=land.county_agency, summary="转经办")
    handed = Lead.objects.get(authority=land.county_agency)
    breach = register_breach(
        cast.clerk, provider=provider, title="挂床住院", facts_text="挂床住院7人", basis="服务协议第三十条",
        origin=handed, second_officer=cast.auditor.user,
    )  # fmt: skip
    assert confirmed_fees(breach) == {"employee": Decimal("38260.00")}
    other = {"measures": ["recover"], "fees_found": "38260", "amounts": {"recover": {"resident": "38260.00"}}}
    doors.mistake(breach, "choose_measures", cast.clerk, other, field="amounts")
    more = {"measures": ["recover"], "fees_found": "40000", "amounts": {"recover": {"employee": "38260.00"}}}
    doors.mistake(breach, "choose_measures", cast.clerk, more, field="fees_found")
    right = {**more, "fees_found": "38260"}
    advance(breach, "choose_measures", cast.clerk, **right)
    assert breach.fees_found == Decimal(38260)
