"""HY-21: collective discussion from 50,000 yuan or a suspension; a termination goes up, with legal review."""

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import Agreement, BreachCase
from supervision.parties.roles import Role
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.breach_stage import (
    decide,
    discuss,
    ready_to_terminate,
    recover,
    serve,
    silent,
    terminating,
)
from tests.cast import person
from tests.minutes import minutes

pytestmark = pytest.mark.law("HY-21")


def reasons(refusal):
    return {reason.name for reason in refusal.value.reasons}


def test_just_below_the_threshold_the_head_decides_alone(cast, agreement, provider):
    case = silent(cast, provider, recover("49999.99"))
    decide(case, cast)
    assert case.state == "decided"


def test_from_the_threshold_on_the_agency_discusses_first(cast, agreement, provider):
    case = silent(cast, provider, recover("50000.00"))
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert reasons(refusal) == {"collective_discussion_carried_when_due"}
    discuss(case, "deliberate", cast.agency_head)
    decide(case, cast)
    assert case.papers.get(type="deliberation_minutes").facts["votes_for"] == 1


def test_sums_of_several_funds_and_of_refusal_and_recovery_count_together(cast, agreement, provider):
    split = {
        "measures": ["refuse", "recover"],
        "amounts": {"refuse": {"employee": "20000"}, "recover": {"employee": "10000", "resident": "20000"}},
        "fees_found": "50000",
    }
    case = silent(cast, provider, split)
    with pytest.raises(StepRefused):
        decide(case, cast)


def test_a_discussion_that_was_not_carried_is_none(cast, agreement, provider):
    case = silent(cast, provider, recover("80000"))
    discuss(case, "deliberate", cast.agency_head, against=1)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert reasons(refusal) == {"collective_discussion_carried_when_due"}


def test_too_few_attendees_make_no_quorum(cast, agreement, provider):
    case = silent(cast, provider, recover("80000"))
    person("deputy", cast.agency_head.authority, Role.AGENCY_HEAD)
    with pytest.raises(StepInvalid) as invalid:
        advance(case, "deliberate", cast.agency_head, **minutes([cast.agency_head.user]))
    assert "votes" in invalid.value.form.errors


def test_suspensions_are_discussed_whatever_the_amount(cast, agreement, provider, department):
    measures = {"measures": ["suspend_department"], "months": "1", "departments": [department.pk]}
    case = silent(cast, provider, measures)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert reasons(refusal) == {"collective_discussion_carried_when_due"}


def test_what_was_discussed_before_the_proposal_changed_carries_nothing(cast, agreement, provider):
    case = silent(cast, provider, recover("90000"))
    discuss(case, "deliberate", cast.agency_head)
    advance(case, "lighten_measures", cast.clerk, measures=["recover"], amounts={"recover": {"employee": "60000"}})
    with pytest.raises(StepRefused):
        decide(case, cast)
    discuss(case, "deliberate", cast.agency_head)
    decide(case, cast)


def test_a_county_agency_cannot_terminate_by_itself(cast, agreement, provider):
    case = silent(cast, provider, terminating())
    discuss(case, "deliberate", cast.agency_head)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert "not_terminating" in reasons(refusal)
    with pytest.raises(StepRefused) as refusal:
        discuss(case, "deliberate_termination", cast.city_agency_head)
    assert reasons(refusal) == {"referred_or_own"}


def test_without_a_legal_review_nothing_is_decided(cast, agreement, provider):
    case = silent(cast, provider, terminating())
    advance(case, "refer_to_city", cast.agency_head)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "submit_for_review", cast.city_clerk)
    assert reasons(refusal) == {"city_discussion_carried"}
    discuss(case, "deliberate_termination", cast.city_agency_head)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast, "decide_termination", cast.city_agency_head)
    assert {"review_of_round_passed", "bureau_consented"} <= reasons(refusal)


def test_a_review_that_does_not_pass_blocks_consent_and_decision(cast, agreement, provider):
    case = silent(cast, provider, terminating())
    advance(case, "refer_to_city", cast.agency_head)
    discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "give_opinion", cast.city_agency_reviewer, opinion="correct", reasons="告知内容不全。")
    with pytest.raises(StepRefused):
        discuss(case, "deliberate_consent", cast.city_head)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast, "decide_termination", cast.city_agency_head)
    assert "review_of_round_passed" in reasons(refusal)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "give_opinion", cast.city_agency_reviewer, opinion="agree", reasons="同意。")
    discuss(case, "deliberate_consent", cast.city_head)
    decide(case, cast, "decide_termination", cast.city_agency_head)
    assert case.state == "decided"


def test_only_the_city_bureau_consents_and_only_the_city_agency_decides(cast, agreement, provider):
    case = ready_to_terminate(cast, provider)
    for outsider in (cast.agency_head, cast.head, cast.city_head):
        with pytest.raises(StepRefused):
            decide(case, cast, "decide_termination", outsider)
    decide(case, cast, "decide_termination", cast.city_agency_head)


def test_consent_that_was_not_carried_ends_the_termination_not_the_case(cast, agreement, provider):
    case = ready_to_terminate(cast, provider)
    discuss(case, "deliberate_consent", cast.city_head, votes_for=0, against=1)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast, "decide_termination", cast.city_agency_head)
    assert reasons(refusal) == {"bureau_consented"}
    advance(case, "send_back", cast.city_agency_head, reason="不同意解除。")
    assert case.state == "reexamined"
    # What was discussed and reviewed for the first proposal does not serve a second one.
    advance(case, "refer_to_city", cast.agency_head)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "submit_for_review", cast.city_clerk)
    assert reasons(refusal) == {"city_discussion_carried"}


@transaction.atomic
def decided_by_hand(case):
    Dossier.objects.filter(pk=case.pk).update(state="decided")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_decision_without_its_step(cast, agreement, provider):
    case = silent(cast, provider, recover("80000"))
    with pytest.raises(DatabaseError, match="without the step"):
        decided_by_hand(case)
    assert BreachCase.objects.get(pk=case.pk).state == "reexamined"


def test_the_agreement_ends_with_the_served_decision(cast, agreement, provider):
    case = ready_to_terminate(cast, provider)
    decide(case, cast, "decide_termination", cast.city_agency_head)
    assert Agreement.objects.get(pk=agreement.pk).state == "signed"
    serve(case, "serve_decision", cast.clerk)
    assert Agreement.objects.get(pk=agreement.pk).state == "terminated"
