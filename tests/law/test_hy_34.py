"""Whoever has an interest withdraws; the head decides; somebody certified steps in (HY-34, PP-5).

The visit is recorded as it was: a photo of it is taken in it, and says where.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from inspections.models import InspectionTask, Recusal
from inspections.onsite.services import replace_drawn_officer
from supervision.parties.models import DeclaredInterest, Post
from supervision.procedure import clock
from supervision.procedure.models import Assignment
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.cast import LONG, person
from tests.inspections.stages import PIXEL, add_photo, assigned_task, both, go_on_site, photo, refused_by

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


class TestAPhotoOfTheVisit:
    def taken(self, task, minutes):
        return {"item": "b1", "taken_at": (task.identity_shown_at - timedelta(minutes=minutes)).isoformat()}

    def test_it_is_not_taken_before_identity_was_shown(self, on_site, cast, doors):
        doors.mistake(on_site, "add_photo", cast.officer, self.taken(on_site, 10), field="taken_at")

    def test_the_page_and_the_device_hear_why(self, on_site, cast, client):
        client.force_login(cast.officer.user)
        url = reverse("inspections:take", args=[on_site.pk, "add_photo"])
        page = client.post(url, self.taken(on_site, 10) | {"file": photo()})
        assert page.status_code == 422
        (row,) = (each for each in page.context["rows"] if each["item"].code == "b1")
        device = client.post(url, self.taken(on_site, 10) | {"file": photo()}, headers={"accept": "application/json"})
        assert (device.status_code, device.json()["errors"]) == (422, {"taken_at": row["photo_errors"]})
        assert not on_site.photos.exists()

    def test_a_devices_clock_may_be_a_little_slow(self, on_site, cast):
        advance(on_site, "add_photo", cast.officer, data=self.taken(on_site, 3), files={"file": photo()})
        assert on_site.photos.exists()

    def test_its_source_is_where_it_was_taken(self, on_site, cast, provider):
        source = add_photo(on_site, cast.officer).source
        today = clock.today()
        assert source.startswith(f"{today.year}年{today.month}月{today.day}日")
        assert source.endswith(f"于{provider.name}现场拍摄，拍摄人{cast.officer.user}")


def test_the_source_of_a_signature_is_where_it_was_given(recorded, cast, provider):
    said = {"officers": [user.pk for user in both(cast)], "signed_by": "示例院长"}
    advance(recorded, "sign_record", cast.officer, data=said, files={"signature": photo("签名.png", PIXEL + b"1")})
    assert f"于{provider.name}现场签署" in recorded.site_record.proof.source
