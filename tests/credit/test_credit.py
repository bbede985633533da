"""Credit: every point traces to a matter on record, and corrections are entries of their own."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from credit.models import CreditEvent, IndicatorPoints
from credit.scheme import UnknownIndicator
from credit.selectors import eligibility, grades, history, standing, year_points
from credit.services import CreditRefused, correct_credit, evaluate, record_points, tell_credit
from credit.tasks import evaluate_parties
from supervision.procedure import clock
from tests.breach_stage import executing, recover, registered, terminated

YEAR = clock.today().year


@pytest.mark.law("CE-1", "HY-11")
def test_a_decided_breach_counts_once_and_every_point_is_explained(cast, agreement, provider):
    case = executing(cast, provider, recover("60000"))
    tell_credit(provider, "fees_recovered", case, cast.clerk, effective_on=clock.today())
    found = evaluate(provider, YEAR, cast.city_officer)
    assert (found.score, found.grade) == (Decimal("95"), "A")
    (line,) = found.lines
    assert (line["matter"], line["points"], line["indicator"]) == (case.number, "5.00", "fees_recovered")
    assert evaluate(provider, YEAR, cast.city_officer) == found
    assert case.events.filter(verb="credit_told").count() == 1


@pytest.mark.law("CE-1", "RG-33")
@pytest.mark.parametrize(
    ("points", "grade"), [("10", "A"), ("10.01", "B"), ("20", "B"), ("20.5", "C"), ("35", "C"), ("35.01", "D")]
)
def test_grades_by_the_settings(cast, agreement, provider, land, points, grade):
    IndicatorPoints.objects.create(
        scope=land.county_bureau.code, party_kind="provider", code="breach_handled", points=Decimal(points),
        valid=DateRange(date(2026, 1, 1), None), basis="试行",
    )  # fmt: skip
    case = registered(cast, provider)
    tell_credit(provider, "breach_handled", case, cast.clerk, effective_on=clock.today())
    assert standing(provider).grade == grade
    assert evaluate(provider, YEAR, cast.system).grade == grade


@pytest.mark.law("CE-2")
def test_the_seriously_dishonest_go_straight_to_the_lowest_grade(cast, agreement, provider):
    terminated(cast, provider)
    now = standing(provider)
    assert (now.grade, now.gravest, now.points) == ("D", True, Decimal("60"))
    evaluate(provider, YEAR, cast.system)
    assert grades([provider.pk], YEAR) == {provider.pk: "D"}


@pytest.mark.law("CE-4", "HY-25")
def test_a_correction_is_an_entry_and_changes_the_next_evaluation(cast, agreement, provider):
    executing(cast, provider, recover("60000"))
    before = evaluate(provider, YEAR, cast.system)
    event = CreditEvent.objects.get()
    with pytest.raises(CreditRefused):
        correct_credit(event, cast.clerk, reason=" ")
    first = correct_credit(event, cast.clerk, reason="决定被撤销。")
    assert correct_credit(event, cast.clerk, reason="再次。") == first
    after = evaluate(provider, YEAR, cast.system)
    assert (before.score, after.score, after.number) == (Decimal("95"), Decimal("100"), 2)
    for change in (
        lambda: CreditEvent.objects.update(points=0),
        lambda: CreditEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_history_falls_with_each_event(cast, agreement, provider):
    executing(cast, provider, recover("60000"))
    executing(cast, provider, recover("10"))
    assert [point.score for point in history(provider, YEAR)] == [Decimal(100), Decimal(95), Decimal(92)]


@pytest.mark.law("RG-33")
def test_an_indicator_the_scheme_does_not_know_is_refused(cast, agreement, provider):
    with pytest.raises(UnknownIndicator):
        tell_credit(provider, "handsome", registered(cast, provider), cast.clerk, effective_on=clock.today())


@pytest.mark.law("EL-1", "EL-2", "EL-4")
def test_demerit_points_follow_the_band_the_institution_and_the_act(cast, agreement, provider, physician):
    given = {"act": "重复收费", "responsibility": "main", "band": "serious", "points": 8}
    with pytest.raises(CreditRefused) as refused:
        record_points(physician, registered(cast, provider), cast.clerk, **given)
    assert refused.value.law == ("EL-4",)
    case = executing(cast, provider, recover("100"))
    for points in (6, 10):
        with pytest.raises(CreditRefused):
            record_points(physician, case, cast.clerk, **given | {"points": points})
    record_points(physician, case, cast.clerk, **given)
    with pytest.raises(CreditRefused) as refused:
        record_points(physician, case, cast.clerk, **given)
    assert refused.value.law == ("EL-4",)
    assert eligibility(physician, clock.today()) == ""
    record_points(physician, case, cast.clerk, act="分解住院", responsibility="general", band="minor", points=1)
    assert (year_points(physician, YEAR), eligibility(physician, clock.today())) == (9, "suspend")
    record_points(physician, case, cast.clerk, act="串换项目", responsibility="general", band="minor", points=3)
    assert eligibility(physician, clock.today()) == "terminate"


@pytest.mark.law("CE-1")
def test_the_daily_run_evaluates_whoever_has_events_once(cast, agreement, provider):
    executing(cast, provider, recover("60000"))
    assert evaluate_parties() == 1
    assert evaluate_parties() == 0
    assert grades([provider.pk], YEAR) == {provider.pk: "A"}
