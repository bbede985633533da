"""HY-20: thirteen grounds; three years without an agreement, refused by page, service and database alike."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.designation.selectors import bar_on
from agreements.designation.selectors import terminated as public_list
from agreements.designation.services import lift_bar
from agreements.models import Agreement, Bar, Suspension
from supervision.law.catalogue import cite
from supervision.parties.models import SettlementHold
from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from supervision.workdays import Period, Unit, calendar_end
from tests.breach_stage import applied, negotiated, registered, signed, terminated, terminating
from tests.cast import a_provider
from tests.dispute_stage import dispute_ended, reverse

pytestmark = pytest.mark.law("HY-20")


def settle():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_termination_bars_the_provider_for_three_years_and_stops_settlement(cast, agreement, provider):
    case = terminated(cast, provider)
    bar = Bar.objects.get()
    assert (bar.days.lower, bar.days.upper) == (clock.today(), calendar_end(clock.today(), Period(36, Unit.MONTHS)))
    ended = Agreement.objects.get(pk=agreement.pk)
    assert (ended.state, ended.termination_ground, ended.in_force.upper) == ("terminated", 12, clock.today())
    hold = SettlementHold.objects.get(reason="termination")
    assert (hold.matter, hold.days.upper) == (case.number, None)
    assert [one.provider for one in public_list(clock.today())] == [provider]
    settle()


def test_an_application_under_the_bar_is_refused_with_the_sentence(cast, agreement, provider):
    terminated(cast, provider)
    with pytest.raises(StepInvalid) as invalid:
        applied(cast, provider)
    assert cite("HY-20") in str(invalid.value.form.errors["provider"])
    last = bar_on(provider, clock.today()).days.upper - timedelta(days=1)
    assert last.isoformat() in str(invalid.value.form.errors["provider"])


def test_the_database_refuses_an_application_under_the_bar(cast, agreement, provider):
    terminated(cast, provider)
    other = registered(cast, provider)
    columns = "dossier_ptr_id, provider_id, applied_on, completion_missing, staff, panel, evaluation_opinion, objection"
    insert = (
        f"INSERT INTO agreements_agreement ({columns}, objection_answer, clauses, terms_text, ended_because)"  # noqa: S608
        " VALUES (%s, %s, %s, '', '{}', '', '', '', '', '{}', '', '')"
    )
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="HY-20"), transaction.atomic():
        cursor.execute(insert, [other.pk, provider.pk, clock.today()])


def test_signing_under_the_bar_is_refused_by_rule_and_by_database(cast, provider, twin_provider):
    waiting = negotiated(cast, provider)
    ended = signed(cast, twin_provider)
    Bar.objects.create(
        provider=provider, agreement=ended, days=DateRange(clock.today(), clock.today() + timedelta(days=1000))
    )
    with pytest.raises(StepRefused) as refusal:
        advance(waiting, "sign", cast.city_agency_head, signed_on=clock.today())
    assert {reason.name for reason in refusal.value.reasons} == {"not_barred"}
    with pytest.raises(DatabaseError, match="HY-20"), transaction.atomic():
        Agreement.objects.filter(pk=waiting.pk).update(signed_on=clock.today())


@pytest.fixture
def twin_provider(land):
    return a_provider("H99012200001", "示例·乙县中医院", land.twin_region)


def test_the_bar_ends_after_three_years_to_the_day(cast, agreement, provider):
    terminated(cast, provider)
    bar = Bar.objects.get()
    assert bar_on(provider, bar.days.upper - timedelta(days=1)) == bar
    assert bar_on(provider, bar.days.upper) is None


def test_a_bar_is_never_removed_or_shortened_only_lifted_with_a_reason(cast, agreement, provider):
    case = terminated(cast, provider)
    bar = Bar.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Bar.objects.filter(pk=bar.pk).update(days=DateRange(date(2020, 1, 1), date(2020, 1, 2)))
    with pytest.raises(DatabaseError), transaction.atomic():
        Bar.objects.filter(pk=bar.pk)._raw_delete(using="default")
    with pytest.raises(ValueError, match="reason"):
        lift_bar(bar, cast.city_agency_head, reason=" ")
    with pytest.raises(DatabaseError, match="HY-20"):
        lifted_by_hand(bar, cast)
    reverse(dispute_ended(case, cast), cast, "reverse_termination", cast.city_agency_head)
    assert bar_on(provider, clock.today()) is None
    assert list(public_list(clock.today())) == []
    applied(cast, provider)


@transaction.atomic
def lifted_by_hand(bar, cast):
    """While the agreement stays terminated."""
    lift_bar(bar, cast.city_agency_head, reason="说情。")
    settle()


def test_the_first_ground_is_checked_against_what_the_system_knows(cast, agreement, provider):
    case = registered(cast, provider, terminating(1) | {"not_corrected": "on"})
    with pytest.raises(StepRefused) as refusal:
        advance(case, "issue_notice", cast.clerk)
    assert {reason.name for reason in refusal.value.reasons} == {"ground_holds"}
    for month in (1, 4):
        Suspension.objects.create(
            agreement=agreement, ordered_by=case, ended_on=date(2026, month + 1, 1),
            days=DateRange(date(2026, month, 1), date(2026, month + 1, 1)),
        )  # fmt: skip
    case.refresh_from_db()
    advance(case, "issue_notice", cast.clerk)
    assert case.state == "notice_issued"


def test_an_agreement_is_terminated_only_by_a_served_case_against_it(cast, agreement, provider):
    with pytest.raises(StepRefused):
        advance(agreement, "terminate", cast.city_agency_head, order=1, ended_on=clock.today(), ground=12)
    case = registered(cast, provider, terminating())
    with pytest.raises(StepInvalid) as invalid:
        advance(agreement, "terminate", cast.system, order=case.pk, ended_on=clock.today(), ground=12)
    assert "order" in invalid.value.form.errors


def test_two_agreements_of_one_provider_never_bind_on_one_day(cast, agreement, provider):
    second = negotiated(cast, provider)
    with pytest.raises(StepRefused) as refusal:
        advance(second, "sign", cast.city_agency_head, signed_on=clock.today())
    assert {reason.name for reason in refusal.value.reasons} == {"no_other_agreement"}
    with pytest.raises(DatabaseError, match="one_agreement_in_force_per_provider"), transaction.atomic():
        Agreement.objects.filter(pk=second.pk).update(
            signed_on=clock.today(), in_force=DateRange(clock.today(), clock.today() + timedelta(days=9))
        )
