"""Whoever has an interest withdraws; the head decides; somebody certified steps in (HY-34, PP-5)."""

import pytest

from inspections.models import InspectionTask, Recusal
from inspections.onsite.services import replace_drawn_officer
from supervision.parties.models import DeclaredInterest, Post
from supervision.procedure.models import Assignment
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.cast import LONG, person
from tests.inspections.stages import assigned_task, go_on_site, refused_by

pytestmark = pytest.mark.law("HY-34", "PP-5")


@pytest.fixture
def third(land, cast):
    return person("third", land.county_bureau, "bureau_officer", certificate="enforcement")


@pytest.fixture
def tied(cast, provider):
    return DeclaredInterest.objects.create(user=cast.officer.user, party=provider, reason="配偶在该院任职", valid=LONG)


def test_a_known_interest_raises_a_recusal_and_stops_the_start(tied, cast, land, provider):
    task = assigned_task(cast, land, provider)
    (recusal,) = task.recusals.all()
    assert (recusal.ground, recusal.officer) == ("known", cast.officer.user)
    with pytest.raises(StepRefused) as refusal:
        go_on_site(task, cast)
    assert {reason.name for reason in refusal.value.reasons} == {"nobody_interested", "recusals_decided"}


def test_an_interest_declared_later_stops_it_too(task, tied, cast):
    with refused_by("nobody_interested"):
        go_on_site(task, cast)


def test_staying_does_not_help_an_officer_with_an_interest(tied, cast, land, provider):
    task = assigned_task(cast, land, provider)
    advance(task, "decide_recusal", cast.head, recusal=task.recusals.get(), decision="stays", reason="人手不足")
    with refused_by("nobody_interested"):
        go_on_site(task, cast)


def test_the_head_decides_and_the_substitute_takes_the_place(task, cast, third):
    advance(task, "declare_recusal", cast.officer, officer=cast.officer.user, ground="own", reason="同学")
    with refused_by("recusals_decided"):
        go_on_site(task, cast)
    facts = {"recusal": task.recusals.get(), "decision": "withdraws", "replacement": third.user, "reason": "同意"}
    with refused_by("role"):
        advance(task, "decide_recusal", cast.officer, **facts)
    advance(task, "decide_recusal", cast.head, **facts)
    task = InspectionTask.objects.get(pk=task.pk)
    assert task.officers_now == [third.user, cast.second_officer.user]
    assert Recusal.objects.get().decided_by == cast.head.user
    with refused_by("officer"):
        go_on_site(task, cast)
    advance(
        task, "start", third, identity_shown_at=task.opened_at, received_by="某", received_post="院长",
        told_of_recusal=True,
    )  # fmt: skip


def test_somebody_stays_in_charge_when_nobody_steps_in(task, cast):
    advance(task, "declare_recusal", cast.officer, officer=cast.officer.user, ground="own", reason="同学")
    advance(task, "decide_recusal", cast.head, recusal=task.recusals.get(), decision="withdraws", reason="同意")
    lead = task.assignments.get(until=None, duty=Assignment.Duty.LEAD)
    assert lead.user == cast.second_officer.user
    task = InspectionTask.objects.get(pk=task.pk)
    assert task.officers_now == [cast.second_officer.user]


def test_a_substitute_with_an_interest_is_not_offered(task, cast, third, provider):
    DeclaredInterest.objects.create(user=third.user, party=provider, reason="股东", valid=LONG)
    with pytest.raises(StepInvalid) as invalid:
        advance(task, "replace_officer", cast.head, leaving=cast.officer.user, coming=third.user, reason="病假")
    assert "coming" in invalid.value.form.errors


def test_a_drawn_inspections_officers_are_not_replaced_by_hand(cast, land, provider, third):
    task = assigned_task(cast, land, provider, draw_ref="draw:1/H99012100001")
    with refused_by("not_drawn"):
        advance(task, "replace_officer", cast.head, leaving=cast.officer.user, coming=third.user, reason="想换")
    replace_drawn_officer(task, cast.officer.user, third.user, "回避，递补")
    task = InspectionTask.objects.get(pk=task.pk)
    assert task.officers_now == [third.user, cast.second_officer.user]


def test_a_recusal_is_declared_once_until_decided(task, cast):
    facts = {"officer": cast.officer.user, "ground": "requested", "reason": "当事人申请"}
    advance(task, "declare_recusal", cast.second_officer, **facts)
    with pytest.raises(StepInvalid):
        advance(task, "declare_recusal", cast.officer, **facts)


def test_the_past_stays_on_record(task, cast, third):
    advance(task, "replace_officer", cast.head, leaving=cast.officer.user, coming=third.user, reason="病假")
    ended = task.assignments.get(user=cast.officer.user)
    assert (ended.until is not None, ended.ended_because) == (True, "病假")
    assert Post.objects.filter(user=cast.officer.user).exists()
