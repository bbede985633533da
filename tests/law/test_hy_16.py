"""HY-15, HY-16: evaluation, public notice, six clause groups; nothing is signed with one missing."""

from datetime import timedelta

import pytest

from agreements.designation.procedure import Clause
from agreements.designation.services import follow_calendar
from agreements.models import Agreement
from supervision.procedure import clock, lapses
from supervision.procedure.models import Term
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.breach_stage import EVERY_CLAUSE, ago, applied, negotiated, signed

pytestmark = pytest.mark.law("HY-16", "HY-15")


@pytest.mark.parametrize("missing", EVERY_CLAUSE)
def test_an_agreement_with_a_clause_group_missing_is_not_signed(cast, provider, missing):
    agreement = negotiated(cast, provider, clauses=[clause for clause in EVERY_CLAUSE if clause != missing])
    with pytest.raises(StepRefused) as refusal:
        advance(agreement, "sign", cast.city_agency_head)
    assert {reason.name for reason in refusal.value.reasons} == {"clauses_complete"}


def test_a_signed_agreement_is_kept_as_a_paper_with_its_hash_and_binds_for_its_term(cast, agreement, provider):
    paper = agreement.papers.get(type="service_agreement")
    assert len(paper.sha256) == 64
    assert len(paper.facts["clauses"]) == len(Clause)
    assert (agreement.in_force.lower, agreement.in_force.upper) == (
        agreement.signed_on, agreement.last_day + timedelta(days=1),
    )  # fmt: skip
    assert agreement.open_to_subject


FIT = {"operating_since": "2020-01-01", "doctors": 2, "pharmacists": 0, "trained_staff": 0}


def test_the_public_notice_ends_before_anything_is_agreed(cast, provider):
    agreement = applied(cast, provider)
    with pytest.raises(StepInvalid) as invalid:
        advance(agreement, "accept", cast.city_clerk, operating_since=clock.today(), doctors=0, pharmacists=0,
                trained_staff=0)  # fmt: skip
    assert set(invalid.value.form.errors) == {"operating_since", "doctors"}
    advance(agreement, "accept", cast.city_clerk, **FIT)
    advance(agreement, "evaluate", cast.city_clerk, panel="甲", score="80", passed="True", opinion="合格")
    advance(agreement, "give_notice", cast.city_clerk, notice_until=clock.today() + timedelta(days=5))
    with pytest.raises(StepRefused) as refusal:
        advance(agreement, "negotiate", cast.city_clerk)
    assert {reason.name for reason in refusal.value.reasons} == {"public_notice_ended"}


def test_who_fails_the_evaluation_is_not_designated(cast, provider):
    agreement = applied(cast, provider)
    advance(agreement, "accept", cast.city_clerk, **FIT)
    advance(agreement, "evaluate", cast.city_clerk, panel="甲", score="40", passed="False", opinion="不合格")
    with pytest.raises(StepRefused):
        advance(agreement, "give_notice", cast.city_clerk, notice_until=clock.today() + timedelta(days=5))
    advance(agreement, "refuse", cast.city_agency_head, reason="评估不合格。")
    assert agreement.is_closed


def test_an_agreement_expires_with_its_term(cast, provider):
    with ago(0):
        agreement = signed(cast, provider, last_day=clock.today() - timedelta(days=1))
    assert follow_calendar() == 1
    assert Agreement.objects.get(pk=agreement.pk).state == "expired"


def test_a_suspension_at_own_request_beyond_the_limit_ends_the_agreement(cast, agreement):
    advance(agreement, "suspend_on_request", cast.city_clerk, first_day=clock.today(), reason="装修。")
    assert Term.objects.get(kind="own_suspension").n == 180
    advance(agreement, "restore_on_request", cast.city_clerk)
    assert agreement.state == "signed"
    assert lapses.sweep() == 0


def test_a_supplement_is_signed_only_within_the_term(cast, agreement):
    advance(agreement, "supplement", cast.city_agency_head, title="补充协议", text="增加检查要求。")
    assert agreement.supplements.get().title == "补充协议"
