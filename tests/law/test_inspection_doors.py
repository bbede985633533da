"""A lead and a visit by every door: refused by service, page and API with sentence and article, nothing changed."""

from datetime import timedelta

import pytest

from supervision.parties.models import Certificate
from supervision.procedure import clock
from supervision.procedure.lapses import sweep
from supervision.procedure.services import advance
from tests.doors import attempts
from tests.inspections.stages import STARTED, answer_all, assigned_task, draw_up, go_on_site, register


@pytest.fixture
def at_hand(cast, land, provider):
    """What a stage needs; the stages of this module take it whole."""
    return cast, land, provider


def taken_up(cast, land, provider, **given):
    lead = register(cast, land, provider, **given)
    advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
    return lead


def verified(cast, land, provider):
    lead = taken_up(cast, land, provider)
    advance(lead, "record_verification", cast.officer, verification="线索属实")
    return lead


def extended(cast, land, provider):
    lead = taken_up(cast, land, provider)
    advance(lead, "extend_verification", cast.head, reason="涉及多家机构")
    return lead


def overdue(cast, land, provider):
    lead = taken_up(cast, land, provider, received_on=clock.today() - timedelta(days=60))
    sweep()
    return lead


def one_officer(cast, land, provider):
    return assigned_task(cast, land, provider, officers=[cast.officer.user])


def one_certificate(cast, land, provider):
    return assigned_task(cast, land, provider, officers=[cast.officer.user, cast.head.user])


def one_expired(cast, land, provider):
    task = assigned_task(cast, land, provider)
    Certificate.objects.filter(user=cast.second_officer.user).update(valid=(None, clock.today() - timedelta(days=1)))
    return task


def of_others(cast, land, provider):
    return assigned_task(cast, land, provider, officers=[cast.second_officer.user])


def on_site(cast, land, provider):
    return go_on_site(assigned_task(cast, land, provider), cast)


def answered_no(cast, land, provider):
    return answer_all(on_site(cast, land, provider), cast, answer_p1="no")


def recorded(cast, land, provider):
    return draw_up(answer_all(on_site(cast, land, provider), cast), cast)


def start():
    return STARTED | {"identity_shown_at": clock.now().isoformat()}


def start_unseen():
    return {"identity_shown_at": clock.now().isoformat()}


def start_later():
    return STARTED | {"identity_shown_at": (clock.now() + timedelta(hours=2)).isoformat()}


def place():
    return {"place": "示例·甲县康复医院", "begun_at": clock.now().isoformat(), "ended_at": clock.now().isoformat()}


REASON = {"reason": "理由。"}
CLEAR = {"conclusion": "clear", "summary": "无"}


@pytest.fixture
def refused(at_hand, doors):
    def by_every_door(attempt):
        matter = attempt.stage(*at_hand)
        attempt.refused(doors, matter, at_hand[0])

    return by_every_door


@pytest.fixture
def mistaken(at_hand, doors):
    def by_every_door(attempt):
        matter = attempt.stage(*at_hand)
        attempt.mistaken(doors, matter, at_hand[0])

    return by_every_door


@pytest.mark.law("PP-14")
@attempts(
    (taken_up, "to_case", "officer", {}, "verification_recorded"),
    (taken_up, "to_agency", "officer", {}, "verification_recorded"),
    (taken_up, "dismiss", "head", REASON, "verification_recorded"),
    (verified, "dismiss", "officer", REASON, "role"),
    (verified, "to_case", "head", {}, "role"),
    (taken_up, "extend_verification", "officer", REASON, "role"),
    (extended, "extend_verification", "head", REASON, "not_extended_before"),
    (overdue, "extend_verification", "head", REASON, "term_runs"),
)
def test_a_lead_is_verified_in_its_days_and_ended_by_whom_the_law_names(store, refused, attempt):
    refused(attempt)


@pytest.mark.law("PP-14")
@attempts(
    (verified, "dismiss", "head", {}, "reason"),
    (taken_up, "record_verification", "officer", {}, "verification"),
    (taken_up, "extend_verification", "head", {}, "reason"),
)
def test_no_ending_and_no_extension_without_its_reason(store, mistaken, attempt):
    mistaken(attempt)


def of_the_agency(cast, land, provider):
    lead = register(cast, land, provider, actor=cast.clerk, authority=land.county_agency)
    advance(lead, "begin_verification", cast.clerk, officers=[cast.clerk.user])
    advance(lead, "record_verification", cast.clerk, verification="线索属实")
    return lead


REFERRED = {"department": "police", "reason": "涉嫌诈骗"}


@pytest.mark.law("HY-39")
@attempts(
    (verified, "refer", "head", REFERRED, "role"),
    (verified, "refer", "city_officer", REFERRED, "role"),
    (of_the_agency, "to_case", "clerk", REASON, "owned_by_a_bureau"),
)
def test_only_its_officers_refer_a_lead_and_only_a_bureau_makes_it_a_case(store, refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-39")
@attempts(
    (verified, "refer", "officer", {"department": "police", "reason": ""}, "reason"),
    (verified, "refer", "officer", {"department": "", "reason": "涉嫌诈骗"}, "department"),
)
def test_a_referral_names_its_department_and_reason(store, mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("PP-14")
def test_another_countys_officer_finds_no_lead(store, at_hand, doors):
    cast = at_hand[0]
    doors.hide(verified(*at_hand), "to_case", cast.twin_officer)
    doors.hide(verified(*at_hand), "to_case", cast.hospital)


@pytest.mark.law("HY-37")
@attempts(
    (on_site, "cite_evidence", "officer", {}, "a_finding_stands"),
    (on_site, "drop_finding", "officer", REASON, "a_finding_stands"),
    (recorded, "cite_evidence", "officer", {}, "a_finding_stands"),
)
def test_no_evidence_for_and_no_end_of_a_finding_nobody_made(store, refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-32", "PP-16")
@attempts(
    (one_officer, "start", "officer", start, "enough_certified_officers"),
    (one_certificate, "start", "officer", start, "enough_certified_officers"),
    (one_expired, "start", "officer", start, "enough_certified_officers"),
    (of_others, "start", "officer", start, "officer"),
    (on_site, "draw_up_record", "officer", place, "checklist_complete"),
    (answered_no, "draw_up_record", "officer", place, "shortcomings_explained"),
    (recorded, "confirm_findings", "officer", {}, "state"),
    (recorded, "conclude", "officer", CLEAR, "state"),
)
def test_no_visit_without_two_certified_officers_and_no_end_without_its_record(store, refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-32")
@attempts(
    (on_site, "start", "officer", start, "state"),
    (recorded, "fill_checklist", "officer", {}, "state"),
)
def test_what_was_begun_or_recorded_is_not_done_again(store, refused, attempt):
    refused(attempt)


@pytest.mark.law("HY-32")
@attempts(
    (assigned_task, "start", "officer", start_unseen, "received_by"),
    (assigned_task, "start", "officer", start_later, "identity_shown_at"),
)
def test_identity_is_shown_to_somebody_and_not_later(store, mistaken, attempt):
    mistaken(attempt)


@pytest.mark.law("HY-32")
def test_two_sign_and_a_refusal_has_its_reason_and_witness(store, at_hand, doors):
    cast, both = at_hand[0], [at_hand[0].officer.user.pk, at_hand[0].second_officer.user.pk]
    task = recorded(*at_hand)
    alone = {"officers": both[:1], "signed_by": "示例院长", "on_paper": True}
    doors.refuse(task, "sign_record", cast.officer, alone, by="enough_officers_sign")
    doors.mistake(task, "sign_record", cast.officer, {"officers": both}, field="signed_by")
    doors.mistake(task, "note_refusal", cast.officer, {"officers": both, "witness": "村医"}, field="refused_because")
    doors.mistake(task, "note_refusal", cast.officer, {"officers": both, "refused_because": "异议"}, field="witness")
