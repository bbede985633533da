"""HY-25, HY-19: a reversed termination gives back the suspension it had cut short, for the time that is left."""

from datetime import timedelta

import pytest

from agreements.models import Agreement
from supervision.parties.models import SettlementHold
from supervision.procedure import clock
from supervision.procedure.services import advance
from tests.breach_stage import ago, decide, discuss, serve, served, terminating
from tests.dispute_stage import dispute_ended, reverse, suspension

pytestmark = pytest.mark.law("HY-25", "HY-19")


def suspended(cast, provider, months):
    """Since 46 days, for so many months."""
    with ago(46):
        case = served(cast, provider, suspension(months), days_ago=47)
        advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
        discuss(case, "deliberate", cast.agency_head)
        decide(case, cast)
        serve(case, "serve_decision", cast.clerk)
    return case


def terminated(cast, provider):
    """Six days after."""
    with ago(40):
        case = served(cast, provider, terminating(), days_ago=41)
        advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
        advance(case, "refer_to_city", cast.agency_head)
        discuss(case, "deliberate_termination", cast.city_agency_head)
        advance(case, "submit_for_review", cast.city_clerk)
        advance(case, "give_opinion", cast.city_agency_reviewer, opinion="agree", reasons="同意。")
        discuss(case, "deliberate_consent", cast.city_head)
        decide(case, cast, "decide_termination", cast.city_agency_head)
        serve(case, "serve_decision", cast.clerk)
    return case


def given_back(case, cast):
    reverse(dispute_ended(case, cast), cast, "reverse_termination", cast.city_agency_head)
    return Agreement.objects.get(breaches=case.pk)


def held_on(provider, day):
    return SettlementHold.objects.filter(party=provider, days__contains=day).exists()


def test_it_runs_on_to_its_own_end(cast, agreement, provider, doors):
    suspended(cast, provider, 3)
    ordered = agreement.suspensions.get().days
    case = terminated(cast, provider)
    cut = agreement.suspensions.get()
    assert (cut.cut_short_by_id, cut.days_before, cut.days.upper) == (case.pk, ordered, clock.today() - timedelta(40))
    again = given_back(case, cast)
    assert again.state == "suspended"
    assert (again.open_suspension.days, again.open_suspension.cut_short_by) == (ordered, None)
    assert list(again.events.order_by("-seq").values_list("verb", flat=True)[:3]) == [
        "resume_suspension", "bar_lifted", "reinstate",
    ]  # fmt: skip
    for days in (-20, 0, (ordered.upper - clock.today()).days - 1):
        assert held_on(provider, clock.today() + timedelta(days=days)), "it was suspended then, terminated or not"
    assert not held_on(provider, ordered.upper)
    doors.keep_out(again, "resume_suspension", cast.city_clerk)


def test_one_whose_time_ran_out_stays_ended(cast, agreement, provider):
    suspended(cast, provider, 1)
    again = given_back(terminated(cast, provider), cast)
    assert (again.state, again.open_suspension) == ("signed", None)
    assert not held_on(provider, clock.today())


def test_one_that_was_itself_reversed_stays_ended(cast, agreement, provider):
    suspending = suspended(cast, provider, 3)
    case = terminated(cast, provider)
    reverse(dispute_ended(suspending, cast), cast)
    again = given_back(case, cast)
    assert (again.state, again.open_suspension) == ("signed", None)
    assert not held_on(provider, clock.today())


@pytest.mark.law("DM-8")
def test_one_at_own_request_keeps_its_limit(cast, agreement, provider):
    with ago(46):
        advance(agreement, "suspend_on_request", cast.city_clerk, first_day=clock.today(), reason="装修。")
    limit = agreement.term("own_suspension").due
    again = given_back(terminated(cast, provider), cast)
    assert again.state == "suspended"
    assert (again.term("own_suspension").state, again.term("own_suspension").due) == ("running", limit)
    assert held_on(provider, clock.today())
    advance(again, "restore_on_request", cast.city_clerk)
    assert again.state == "signed"
