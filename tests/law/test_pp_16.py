"""PP-14, PP-15, PP-16, HY-32: filing in time, by the head, in one's own area, with two certified officers."""

from datetime import timedelta

import pytest

from supervision.parties.models import Certificate
from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance, withdraw
from tests.case_stage import ago, proposed
from tests.cast import a_provider

pytestmark = pytest.mark.law("PP-16", "PP-15", "HY-32")


def reasons(refusal):
    return {reason.name for reason in refusal.value.reasons}


def test_one_certificate_is_not_enough(store, cast, provider):
    case = proposed(cast, provider)
    Certificate.objects.filter(user=cast.second_officer.user).update(
        valid=(clock.today() - timedelta(days=90), clock.today())
    )
    with pytest.raises(StepRefused) as refusal:
        advance(case, "file", cast.head)
    assert reasons(refusal) == {"two_certified_officers"}


def test_an_officer_who_withdrew_no_longer_counts(store, cast, provider):
    case = proposed(cast, provider)
    withdraw(case, cast.second_officer.user, "与当事人有利害关系", cast.head)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "file", cast.head)
    assert "two_certified_officers" in reasons(refusal)


def test_no_party_or_another_area_is_not_filed(store, cast, land):
    elsewhere = a_provider("H99012200001", "示例·乙县医院", land.twin_region)
    for subject, name in ((None, "respondent_identified"), (elsewhere, "own_jurisdiction")):
        with pytest.raises(StepRefused) as refusal:
            advance(proposed(cast, subject), "file", cast.head)
        assert name in reasons(refusal)


@pytest.mark.law("PP-14")
def test_fifteen_working_days_to_decide_and_fifteen_more_by_the_head(store, cast, provider):
    with ago(100):
        case = proposed(cast, provider)
        first = case.term("filing").due
        advance(case, "extend_filing", cast.head, reason="案情复杂")
    assert case.term("filing").due > first
    lapses.sweep()
    case.refresh_from_db()
    assert case.term("filing").state == "overdue"
    for actor in (cast.officer, cast.reviewer, cast.twin_officer, cast.clerk):
        with pytest.raises(StepRefused):
            advance(case, "file", actor)
    advance(case, "file", cast.head)
    assert case.term("filing").state == "met"
