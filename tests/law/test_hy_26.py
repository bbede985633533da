"""HY-26: mediation by a qualified person of the bureau; nothing takes effect without every signature and the seal."""

import pytest
from django.db import IntegrityError, transaction

from agreements.models import Agreement, Dispute
from supervision.parties.models import Certificate
from supervision.procedure import clock
from supervision.procedure.services import advance
from tests.breach_stage import discuss, executing, recover
from tests.dispute_stage import QUALIFIED, dispute, mediated, mediating, reverse, suspension
from tests.doors import attempts

pytestmark = pytest.mark.law("HY-26")


def small(cast, provider):
    return executing(cast, provider, recover("1000"))


def asked(cast, provider):
    case = small(cast, provider)
    advance(case, "ask_mediation", cast.hospital, claim="请求核减金额。")
    return case


def accepted(cast, provider):
    return mediating(small(cast, provider), cast)


def elsewhere(cast, provider):
    return dispute(small(cast, provider), cast)


def naming(cast):
    return {"mediator": cast.reviewer.user.pk, "qualification": QUALIFIED}


AGREED = {"outcome": "revoked", "result": "撤销。", "signed_by_party": "示例院长", "signed_by_agency": "示例主任"}
REASON = {"reason": "理由。"}


def test_the_whole_course_and_its_papers(cast, agreement, provider, land):
    case = executing(cast, provider, suspension(2))
    mediated(case, cast)
    notice, signed = (case.papers.get(type=kind) for kind in ("mediation_notice", "mediation_agreement"))
    assert (notice.authority, notice.facts["agency"]) == (land.county_bureau, land.county_agency.name)
    assert signed.authority == land.county_bureau
    assert [signed.facts[name] for name in ("signed_by_party", "signed_by_agency", "mediator")] == [
        "示例院长", "示例主任", str(cast.reviewer.user),
    ]  # fmt: skip
    discuss(case, "deliberate_reversal", cast.agency_head)
    reverse(case, cast)
    assert Agreement.objects.get(pk=agreement.pk).state == "signed"


@pytest.mark.law("HY-12", "HY-25")
def test_what_was_agreed_of_a_collective_decision_is_discussed_first(cast, agreement, provider, doors):
    case = mediated(executing(cast, provider, suspension(2)), cast)
    facts = {"effective_on": clock.today().isoformat(), "reason": "调解。"}
    doors.refuse(case, "reverse_decision", cast.agency_head, facts, by="reversal_discussed_when_due")


@attempts(
    (small, "ask_mediation", "clerk", {"claim": "x"}, "role"),
    (asked, "ask_mediation", "hospital", {"claim": "再次。"}, "no_dispute_runs"),
    (small, "accept_mediation", "head", {}, "mediation_asked"),
    (elsewhere, "accept_mediation", "head", {}, "mediation_asked"),
    (accepted, "accept_mediation", "head", {}, "mediation_asked"),
    (asked, "accept_mediation", "officer", {}, "role"),
    (asked, "accept_mediation", "agency_head", {}, "role"),
    (asked, "accept_mediation", "city_head", {}, "role"),
    (accepted, "decline_mediation", "head", REASON, "mediation_asked"),
    (asked, "record_mediation", "reviewer", AGREED, "mediation_runs"),
    (accepted, "record_mediation", "officer", AGREED, "is_the_mediator"),
    (accepted, "end_mediation", "officer", REASON, "is_the_mediator"),
    (accepted, "record_mediation", "clerk", AGREED, "role"),
    (accepted, "record_outcome", "clerk", {"outcome": "revoked", "result": "x"}, "dispute_elsewhere"),
)
def test_only_the_bureau_mediates_by_whom_it_named(cast, agreement, provider, doors, attempt):
    case = attempt.stage(cast, provider)
    attempt.refused(doors, case, cast)


@attempts(
    (accepted, "record_mediation", "reviewer", {**AGREED, "signed_by_party": ""}, "signed_by_party"),
    (accepted, "record_mediation", "reviewer", {**AGREED, "signed_by_agency": ""}, "signed_by_agency"),
    (accepted, "record_mediation", "reviewer", {**AGREED, "result": ""}, "result"),
    (accepted, "record_mediation", "reviewer", {**AGREED, "settled_on": "2020-01-01"}, "settled_on"),
    (accepted, "end_mediation", "reviewer", {}, "reason"),
    (asked, "accept_mediation", "head", {"qualification": QUALIFIED}, "mediator"),
)
def test_no_agreement_without_every_signature(cast, agreement, provider, doors, attempt):
    case = attempt.stage(cast, provider)
    attempt.mistaken(doors, case, cast)


def test_the_mediator_is_qualified_of_the_bureau_and_took_no_part(cast, agreement, provider, doors):
    case = small(cast, provider)
    advance(case, "agree_to_decision", cast.officer)
    advance(case, "ask_mediation", cast.hospital, claim="请求核减金额。")
    for wrong in (cast.officer, cast.city_reviewer, cast.twin_officer, cast.clerk, cast.head):
        doors.mistake(case, "accept_mediation", cast.head, naming(cast) | {"mediator": wrong.user.pk}, field="mediator")
    Certificate.objects.filter(user=cast.reviewer.user).update(valid=(None, clock.today()))
    doors.mistake(case, "accept_mediation", cast.head, naming(cast), field="mediator")
    doors.mistake(case, "accept_mediation", cast.head, {"mediator": cast.second_officer.user.pk}, field="qualification")


def test_the_database_refuses_an_agreement_that_was_not_signed(cast, agreement, provider):
    accepted(cast, provider)
    ended = {"outcome": "revoked", "settled_on": clock.today(), "settled_at": clock.now()}
    for missing in ({"signed_by_party": "示例院长"}, {"signed_by_agency": "示例主任"}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.update(**ended, **missing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.update(qualification="")


def test_what_failed_or_was_declined_leaves_the_other_ways_open(cast, agreement, provider):
    case = accepted(cast, provider)
    advance(case, "end_mediation", cast.reviewer, reason="未达成协议。")
    assert case.disputes.get().outcome == "failed"
    advance(case, "ask_mediation", cast.hospital, claim="再次请求。")
    advance(case, "decline_mediation", cast.head, reason="不符合条件。")
    dispute(case, cast, "litigation")
    assert list(case.disputes.values_list("outcome", flat=True)) == ["failed", "declined", ""]
