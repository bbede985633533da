"""HY-40: no legal review, or not passed — no decision; major cases are discussed collectively."""

import pytest
from django.db import DatabaseError, connection, transaction

from supervision.procedure.declare import OutsideTheDoor
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests.case_stage import decide, discuss, reported, reviewed, served, waive

pytestmark = pytest.mark.law("HY-40")


def submitted(cast, provider):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    return case


@transaction.atomic
def by_sql(case):
    Dossier.objects.filter(pk=case.pk).update(state="decided")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def names(refusal):
    return {reason.name for reason in refusal.value.reasons}


@pytest.mark.parametrize("stage", [reported, served, submitted])
def test_no_decision_before_legal_review(store, cast, provider, stage):
    case = stage(cast, provider)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert "legal_review_passed" in names(refusal)


def test_a_review_that_returned_is_none(store, cast, provider):
    case = submitted(cast, provider)
    advance(case, "return_for_correction", cast.reviewer, opinion="correct", reasons="告知书未载明听证权利")
    assert case.state == "reexamining"
    with pytest.raises(StepRefused):
        decide(case, cast)


@pytest.mark.law("PP-37")
def test_whoever_investigated_does_not_review(store, cast, provider, land):
    from supervision.parties.actors import actors_of
    from supervision.parties.models import Post
    from supervision.parties.roles import Role
    from supervision.procedure import clock
    from tests.cast import LONG

    Post.objects.create(user=cast.officer.user, authority=land.county_bureau, role=Role.LEGAL_REVIEWER, valid=LONG)
    (both,) = actors_of(cast.officer.user, clock.today())
    case = submitted(cast, provider)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "pass_legal_review", both)
    assert "reviewer_is_independent" in names(refusal)


def test_another_counties_reviewer_and_the_head_cannot_pass_it(store, cast, provider):
    case = submitted(cast, provider)
    for actor in (cast.head, cast.officer, cast.twin_officer, cast.city_reviewer, cast.admin, cast.system):
        with pytest.raises(StepRefused):
            advance(case, "pass_legal_review", actor)


def test_the_shell_and_sql_are_no_way_around(store, cast, provider):
    case = submitted(cast, provider)
    with pytest.raises(OutsideTheDoor):
        case.pass_legal_review({})
    with pytest.raises(DatabaseError, match="without the step"):
        by_sql(case)


def test_the_head_decides_only_after_discussion_when_the_case_is_major(store, cast, provider):
    case = reviewed(cast, provider, major=True)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert names(refusal) == {"deliberation_carried_if_major"}
    discuss(case, cast)
    decide(case, cast)
    assert case.state == "decided"
