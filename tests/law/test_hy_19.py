"""HY-19: one to three months, serious three to six; a pause ends by itself when nothing is found."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from agreements.designation.services import follow_calendar
from agreements.models import Agreement
from supervision.law.services import set_value
from supervision.parties.models import SettlementHold
from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid
from supervision.procedure.services import advance
from supervision.workdays import Period, Unit, calendar_end
from tests.breach_stage import ago, decide, discuss, executing, registered, serve, served, silent

pytestmark = pytest.mark.law("HY-19")


def suspension(months, serious=False):
    return {"measures": ["suspend_agreement"], "months": str(months), "serious": serious}


@pytest.mark.parametrize(
    ("months", "serious", "lawful"),
    [
        (0, False, False), (1, False, True), (3, False, True), (4, False, False),
        (2, True, False), (3, True, True), (6, True, True), (7, True, False),
    ],
)  # fmt: skip
def test_the_length_of_a_suspension(cast, agreement, provider, months, serious, lawful):
    if lawful:
        assert registered(cast, provider, suspension(months, serious)).planned[0].months == months
        return
    with pytest.raises(StepInvalid) as invalid:
        registered(cast, provider, suspension(months, serious))
    assert set(invalid.value.form.errors) == {"months"}


def test_the_agreement_and_settlement_stop_for_whole_months_by_the_calendar(cast, agreement, provider):
    case = executing(cast, provider, suspension(2))
    held = SettlementHold.objects.get(party=provider)
    end = calendar_end(clock.today(), Period(2, Unit.MONTHS))
    assert (held.reason, held.days.lower, held.days.upper, held.matter) == (
        "suspension", clock.today(), end, case.number,
    )  # fmt: skip
    assert Agreement.objects.get(pk=agreement.pk).state == "suspended"
    assert follow_calendar() == 0


def test_the_agreement_is_restored_by_itself_when_the_time_is_over(cast, agreement, provider):
    with ago(45):
        case = served(cast, provider, suspension(1), days_ago=48)
        advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
        discuss(case, "deliberate", cast.agency_head)
        decide(case, cast)
        serve(case, "serve_decision", cast.clerk)
    assert Agreement.objects.get(pk=agreement.pk).state == "suspended"
    assert follow_calendar() == 1
    assert follow_calendar() == 0
    restored = Agreement.objects.get(pk=agreement.pk)
    assert (restored.state, restored.suspensions.get().ended_on) == ("signed", clock.today())


def test_a_department_alone_is_suspended(cast, agreement, provider, department):
    executing(cast, provider, {"measures": ["suspend_department"], "months": "3", "departments": [department.pk]})
    held = SettlementHold.objects.get(party=provider)
    assert held.department == department
    assert Agreement.objects.get(pk=agreement.pk).state == "signed"


def test_a_pause_during_the_investigation_ends_with_nothing_found_and_the_day_is_recorded(cast, agreement, provider):
    with ago(10):
        case = registered(cast, provider)
        advance(case, "pause_settlement", cast.agency_head, reason="调查需要。")
    held = SettlementHold.objects.get(party=provider)
    assert held.days.upper is None
    advance(case, "dismiss", cast.agency_head, reason="未发现违约。")
    held.refresh_from_db()
    assert (held.days.lower, held.days.upper) == (clock.today() - timedelta(days=10), clock.today())
    told = case.events.get(verb="settlement_restored")
    assert told.facts["restored_on"] == clock.today().isoformat()


def test_a_pause_ends_with_the_decision_unless_it_is_the_measure(cast, agreement, provider):
    case = silent(cast, provider, {"measures": ["remind"]})
    advance(case, "pause_settlement", cast.agency_head, reason="调查需要。")
    decide(case, cast)
    serve(case, "serve_decision", cast.clerk)
    assert SettlementHold.objects.get(party=provider).days.upper is not None
    other = silent(cast, provider, {"measures": ["pause_settlement"]})
    decide(other, cast)
    serve(other, "serve_decision", cast.clerk)
    assert SettlementHold.objects.get(matter=other.number).days.upper is None
    advance(other, "restore_settlement", cast.agency_head, reason="已整改。")
    assert SettlementHold.objects.get(matter=other.number).days.upper is not None


def test_the_limits_are_the_authoritys_dated_setting(cast, agreement, provider, land):
    set_value(
        scope=land.city_bureau.code, key="HY-19/suspension_max", value=Decimal(2), effective_from=date(2026, 1, 1),
        article_note="试行", reason="试行", set_by="示例",
    )  # fmt: skip
    with pytest.raises(StepInvalid):
        registered(cast, provider, suspension(3))
