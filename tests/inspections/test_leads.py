"""Leads go where the law sends them: agency, bureau, another department; and word comes back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.breaches.services import register_breach
from enforcement.services import propose_case
from inspections.models import InspectionTask, Lead
from supervision.parties.models import OtherDepartment
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import advance
from supervision.web import onward
from supervision.web.queue import awaiting, in_my_charge
from tests.inspections.stages import refused_by, register


def test_the_opening_says_where_it_came_from(lead):
    event = lead.events.get()
    assert event.facts["reference"] == "alert:1"
    assert lead.number.startswith("甲医保线〔")


def test_an_agency_reports_to_its_bureau_and_the_opening_tells_who(cast, land, provider):
    lead = register(cast, land, provider, actor=cast.auditor, source="agency_report", source_ref="A1")
    event = lead.events.get()
    assert lead.authority == land.county_bureau
    assert event.user is None
    assert event.facts["reported_by"]["text"] == "示例auditor"


def test_a_superior_hands_down(cast, land, provider):
    lead = register(cast, land, provider, actor=cast.city_officer, source="superior")
    assert lead.authority == land.county_bureau


@pytest.mark.parametrize("who", ["twin_officer", "twin_clerk", "hospital", "admin", "witness"])
def test_nobody_else_registers(cast, land, provider, who):
    with pytest.raises(StepRefused):
        register(cast, land, provider, actor=getattr(cast, who))


def test_who_verifies_is_marked_as_needed_until_somebody_is_in_charge(lead, cast, client):
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    step = reverse("web:step", args=[lead.pk, "begin_verification"])
    legend = client.get(step).content.decode().split("<legend>核查人员")[1].split("</legend>")[0]
    assert "*" in legend
    with pytest.raises(StepInvalid) as refused:
        advance(lead, "begin_verification", cast.officer, officers=[])
    assert refused.value.form.errors == {"officers": ["请至少确定一名核查人员。"]}


def test_handing_to_the_agency_opens_a_lead_there_and_word_comes_back(verified, cast, land):
    advance(verified, "to_agency", cast.officer, agency=land.county_agency, reason="属协议违约")
    there = Lead.objects.get(origin=verified)
    assert (there.authority, there.source, there.source_ref) == (land.county_agency, "superior", verified.number)
    assert visible_to(cast.clerk, Lead.objects.all()).get() == there
    advance(there, "begin_verification", cast.clerk, officers=[cast.clerk.user])
    advance(there, "record_verification", cast.clerk, verification="核实")
    advance(there, "to_breach", cast.clerk, reason="按违约处理")
    told = verified.events.get(verb="lead_feedback")
    assert told.facts["lead"] == there.number


def test_what_nobody_is_in_charge_of_waits_on_every_desk_that_may_begin_it(verified, cast, land):
    advance(verified, "to_agency", cast.officer, agency=land.county_agency, reason="属协议违约")
    there = Lead.objects.get(origin=verified)
    waits = {name: [one.pk for one in awaiting(getattr(cast, name))] for name in WAITING}
    assert waits == {name: [there.pk] if expected else [] for name, expected in WAITING.items()}
    advance(there, "begin_verification", cast.clerk, officers=[cast.clerk.user])
    assert not any(awaiting(actor).exists() for actor in (cast.clerk, cast.auditor))
    assert [one.pk for one in in_my_charge(cast.clerk)] == [there.pk]


WAITING = {"clerk": True, "auditor": True, "agency_head": True, "officer": False, "twin_clerk": False,
           "city_clerk": False}  # fmt: skip


def test_a_bureaus_lead_is_no_breach_and_an_agencys_no_case(verified, cast, land, provider):
    with refused_by("owned_by_an_agency"):
        advance(verified, "to_breach", cast.clerk)
    own = register(cast, land, provider, actor=cast.clerk, authority=land.county_agency, source="fee_review")
    advance(own, "begin_verification", cast.clerk, officers=[cast.clerk.user])
    advance(own, "record_verification", cast.clerk, verification="核实")
    with pytest.raises(StepRefused):
        advance(own, "to_case", cast.officer)
    advance(own, "report_to_bureau", cast.clerk, reason="涉嫌违法")
    assert own.state == Lead.State.REFERRED
    assert Lead.objects.get(origin=own).authority == land.county_bureau


def test_a_lead_without_a_party_cannot_be_filed(cast, land):
    lead = register(cast, land, None, title="匿名反映")
    advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
    advance(lead, "record_verification", cast.officer, verification="走访")
    with refused_by("subject_identified"):
        advance(lead, "to_case", cast.officer)


def test_naming_the_party_by_code_or_name(cast, land, provider):
    lead = register(cast, land, None, title="匿名反映")
    with pytest.raises(StepInvalid):
        advance(lead, "identify_subject", cast.officer, subject="H00000000000")
    advance(lead, "identify_subject", cast.officer, subject=provider.code)
    lead.refresh_from_db()
    assert lead.subject_id == provider.pk


def test_referring_to_another_department(lead, cast, land):
    police = OtherDepartment.objects.create(
        kind="department", code="D1", name="甲县公安局", region=land.county_region, duty="police"
    )
    advance(lead, "refer", cast.officer, department=police, reason="涉嫌诈骗")
    assert (lead.state, lead.referred_to_id) == ("referred", police.pk)


def test_a_targeted_check_opens_and_its_calling_off_gives_the_lead_back(verified, cast):
    both = [cast.officer.user, cast.second_officer.user]
    advance(verified, "order_targeted_check", cast.officer, officers=both)
    task = InspectionTask.objects.get(origin=verified)
    assert task.inspection_kind == "targeted"
    assert task.officers_now == both
    advance(task, "call_off", cast.head, reason="机构已停业")
    verified.refresh_from_db()
    assert verified.state == Lead.State.VERIFYING
    assert verified.events.get(verb="resume_verification").user == cast.head.user
    advance(verified, "order_targeted_check", cast.officer, officers=both)
    assert InspectionTask.objects.filter(origin=verified).count() == 2


@pytest.mark.law("HY-32")
def test_nobody_is_sent_alone(verified, cast, doors):
    doors.mistake(
        verified, "order_targeted_check", cast.officer, {"officers": [cast.officer.user.pk]}, field="officers"
    )


def test_amounts_are_not_negative(cast, land, provider):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        register(cast, land, provider, suspected_amount=Decimal(-1))


def offered(lead, actor):
    return [str(each.url) for each in onward.of_record(lead, actor)]


def test_a_lead_concluded_as_a_breach_leads_to_its_registration_once(verified, cast, land, provider):
    advance(verified, "to_agency", cast.officer, agency=land.county_agency, reason="属协议违约")
    there = Lead.objects.get(origin=verified)
    advance(there, "begin_verification", cast.clerk, officers=[cast.clerk.user])
    advance(there, "record_verification", cast.clerk, verification="核实")
    assert offered(there, cast.clerk) == []
    advance(there, "to_breach", cast.clerk, reason="按违约处理")
    assert offered(there, cast.clerk) == [reverse("agreements:register") + f"?origin={there.pk}"]
    assert offered(verified, cast.officer) == []  # the bureau handed it over
    assert offered(there, cast.agency_head) == []
    register_breach(cast.clerk, provider=provider, title="违约", facts_text="多收", basis="第三十条", origin=there)
    assert offered(there, cast.clerk) == []


def test_a_lead_concluded_for_a_case_leads_to_its_proposal_once(verified, cast):
    advance(verified, "to_case", cast.officer, reason="涉嫌违法")
    assert offered(verified, cast.officer) == [reverse("enforcement:propose") + f"?origin={verified.pk}"]
    assert offered(verified, cast.head) == []
    propose_case(
        cast.officer, title="案", subject=verified.subject, cause="线索", discovered_on=verified.received_on,
        officers=[cast.officer.user, cast.second_officer.user], origin=verified,
    )  # fmt: skip
    assert offered(verified, cast.officer) == []
