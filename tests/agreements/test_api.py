"""The same articles over the API: the same forms, guards and sentences as on the page."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from agreements.models import Agreement, BreachCase
from supervision.procedure import clock
from tests.breach_stage import (
    EVERY_CLAUSE,
    executing,
    negotiated,
    recover,
    registered,
    served,
    silent,
    state_it,
    terminated,
    terminating,
)


@pytest.fixture
def calls():
    def of(actor):
        client = APIClient()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return of


def take(client, case, step, **facts):
    return client.post(f"/api/v1/dossiers/{case.pk}/steps/{step}/", facts, format="json")


def told(answer):
    """(rule, articles) of every reason of a refusal."""
    assert answer.status_code == 409, answer.content
    return {reason["rule"]: reason["law"] for reason in answer.json()["reasons"]}


def decision():
    return {"decision_text": "清楚。", "pay_by": (clock.today() + timedelta(days=30)).isoformat()}


@pytest.mark.law("HY-18", "HY-19")
def test_measures_are_judged_by_the_same_form(cast, agreement, provider, calls):
    case = registered(cast, provider)
    client = calls(cast.clerk)
    for facts, field in (
        ({"measures": ["suspend_agreement"], "months": 4}, "months"),
        ({"measures": ["recover"]}, "amounts"),
        ({"measures": ["recover"], "amounts": {"recover": {"employee": "-1"}}}, "amounts"),
        ({"measures": ["recover"], "amounts": "all of it"}, "amounts"),
        ({"measures": ["recover"], "amounts": {"recover": 5}}, "amounts"),
        ({"measures": ["terminate_agreement"]}, "ground"),
    ):
        answer = take(client, case, "choose_measures", **facts)
        assert answer.status_code == 422, (facts, answer.content)
        assert field in answer.json()["errors"], facts
    right = {"measures": ["recover"], "amounts": {"recover": {"resident": "70000.00"}}, "fees_found": "70000"}
    assert take(client, case, "choose_measures", **right).status_code == 200
    assert str(BreachCase.objects.get().counted_amount) == "70000.00"


@pytest.mark.law("HY-21")
def test_no_decision_without_discussion_or_legal_review(cast, agreement, provider, calls):
    case = silent(cast, provider, recover("50000.00"))
    refused = told(take(calls(cast.agency_head), case, "decide", **decision()))
    assert {law for articles in refused.values() for law in _ids(articles)} >= {"HY-21"}
    assert "collective_discussion_carried_when_due" in refused
    ending = silent(cast, provider, terminating())
    assert "not_terminating" in told(take(calls(cast.agency_head), ending, "decide", **decision()))
    refused = told(take(calls(cast.city_agency_head), ending, "decide_termination", **decision()))
    assert {"review_of_round_passed", "bureau_consented"} <= set(refused)
    assert set(BreachCase.objects.values_list("state", flat=True)) == {"reexamined"}


def _ids(articles):
    return [one["id"] if isinstance(one, dict) else one for one in articles]


@pytest.mark.law("HY-22")
def test_no_decision_within_the_window_or_past_an_unanswered_statement(cast, agreement, provider, calls):
    case = served(cast, provider, days_ago=1)
    assert {"statement_window_closed"} <= set(told(take(calls(cast.agency_head), case, "decide", **decision())))
    said = {"made_on": clock.today().isoformat(), "made_by": "示例负责人", "text": "不同意。"}
    assert take(calls(cast.hospital), case, "make_statement", **said).status_code == 200
    refused = told(take(calls(cast.agency_head), case, "decide", **decision()))
    assert {"statement_window_closed", "statements_answered"} <= set(refused)
    assert take(calls(cast.twin_clerk), case, "record_statement", **said).status_code == 404


@pytest.mark.law("HY-22")
def test_the_system_alone_records_a_waiver(cast, agreement, provider, calls):
    case = served(cast, provider, days_ago=1)
    state_it(case, cast.hospital)
    for step in ("end_statement_period", "record_waiver"):
        assert take(calls(cast.clerk), case, step).status_code in (404, 409)
    assert BreachCase.objects.get().state == "in_statement"


@pytest.mark.law("HY-24")
def test_filing_waits_for_the_bureau(cast, agreement, provider, calls):
    case = executing(cast, provider)
    assert "agreed_in_review" in told(take(calls(cast.clerk), case, "file_with_city"))
    assert take(calls(cast.city_officer), case, "agree_to_decision").status_code == 409
    assert take(calls(cast.officer), case, "agree_to_decision").status_code == 200
    assert take(calls(cast.clerk), case, "file_with_city").status_code == 200


@pytest.mark.law("HY-20")
def test_no_application_under_the_bar(cast, agreement, provider, calls):
    terminated(cast, provider)
    answer = calls(cast.city_clerk).post("/api/v1/agreements/", {"provider": provider.code}, format="json")
    assert answer.status_code == 422
    assert "provider" in answer.json()["errors"]
    assert Agreement.objects.count() == 1


@pytest.mark.law("HY-16")
def test_no_signature_with_a_clause_group_missing(cast, provider, calls):
    waiting = negotiated(cast, provider, clauses=EVERY_CLAUSE[1:])
    assert set(told(take(calls(cast.city_agency_head), waiting, "sign"))) == {"clauses_complete"}
