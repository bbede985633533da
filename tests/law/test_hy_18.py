"""HY-18: each measure with its object; persons only the measures meant for them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agreements.breaches.models import Measure
from agreements.breaches.services import register_breach
from supervision.parties.models import SettlementHold
from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.below import below_the_triggers
from tests.breach_stage import decide, discuss, executing, recover, registered, serve, silent
from tests.reading import words

pytestmark = pytest.mark.law("HY-18")


def errors(invalid):
    return set(invalid.value.form.errors)


@pytest.mark.parametrize(
    ("measures", "field"),
    [
        ({"measures": []}, "measures"),
        ({"measures": ["recover"]}, "amounts"),
        ({"measures": ["recover"], "amounts": {"recover": {"employee": "-5"}}}, "amounts"),
        ({"measures": ["recover"], "amounts": {"recover": {"employee": "99999999999999.99"}}}, "amounts"),
        ({"measures": ["recover"], "amounts": {"recover": {"no_such_fund": "5"}}}, "amounts"),
        ({"measures": ["recover"], "amounts": {"recover": {"employee": "5.001"}}}, "amounts"),
        ({"measures": ["remind"], "amounts": {"recover": {"employee": "5"}}}, "measures"),
        ({"measures": ["suspend_department"], "months": "1"}, "departments"),
        ({"measures": ["suspend_person"], "months": "1"}, "practitioners"),
        ({"measures": ["terminate_agreement"]}, "ground"),
        ({"measures": ["terminate_agreement", "suspend_agreement"], "months": "1", "ground": "4"}, "measures"),
        ({"measures": ["remind"], "months": "2"}, "months"),
    ],
)
def test_a_measure_names_what_it_is_about(cast, agreement, provider, measures, field):
    with pytest.raises(StepInvalid) as invalid:
        registered(cast, provider, measures)
    assert field in errors(invalid)


def test_the_database_refuses_money_without_its_fund(cast, agreement, provider):
    case = registered(cast, provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.create(case=case, kind="recover", amount=Decimal("10"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.create(case=case, kind="suspend_department", months=1)


def test_a_practitioner_is_only_interviewed_suspended_or_cancelled(cast, agreement, provider, physician):
    with pytest.raises(StepInvalid) as invalid:
        registered(cast, provider, recover("10"), practitioner=physician)
    assert errors(invalid) == {"measures"}


def test_a_suspended_physician_is_not_paid_for_and_loses_credit(cast, agreement, provider, physician):
    measures = {"measures": ["suspend_person"], "months": "2", "practitioners": [physician.pk]}
    executing(cast, provider, measures)
    hold = SettlementHold.objects.get(party=physician.pk)
    assert (hold.reason, hold.days.lower) == ("eligibility", clock.today())
    assert physician.credit_events.get().indicator == "eligibility_suspended"


def test_what_is_to_be_paid_becomes_receivables_of_its_funds(cast, agreement, provider):
    measures = {
        "measures": ["recover", "refuse", "damages", "withhold"],
        "amounts": {
            "recover": {"employee": "100", "resident": "50"},
            "refuse": {"employee": "30"},
            "damages": {"employee": "10"},
            "withhold": {"maternity": "5"},
        },
        "fees_found": "180",
    }
    case = executing(cast, provider, measures)
    owed = case.receivables.values_list("kind", "fund", "route", "amount")
    assert set(owed) == {
        ("refund", "employee", "fiscal", Decimal("100.00")),
        ("refund", "resident", "fiscal", Decimal("50.00")),
        ("damages", "employee", "fiscal", Decimal("10.00")),
    }


def test_no_more_is_refused_and_recovered_than_was_found(cast, agreement, provider, doors):
    case = register_breach(
        cast.clerk, provider=provider, title="示例违约", facts_text="多收取检查费用。", basis="服务协议第三十条。"
    )
    amounts = {"recover": {"employee": "1000"}, "refuse": {"resident": "200.01"}}
    said = {"measures": ["recover", "refuse"], "amounts": amounts}
    doors.mistake(case, "choose_measures", cast.clerk, said, field="fees_found")
    doors.mistake(case, "choose_measures", cast.clerk, said | {"fees_found": "1200.00"}, field="amounts")
    doors.mistake(case, "choose_measures", cast.clerk, said | {"fees_found": "-1"}, field="fees_found")
    advance(case, "choose_measures", cast.clerk, **said, fees_found="1200.01")
    with below_the_triggers() as cursor:  # as a case registered before there was such a figure
        cursor.execute("UPDATE agreements_breachcase SET fees_found = NULL")
    case.refresh_from_db()
    doors.refuse(case, "issue_notice", cast.clerk, {}, by="within_fees_found")


@pytest.mark.law("HY-23")
def test_fees_whose_payment_is_refused_are_not_paid_out_and_nobody_owes_them(cast, agreement, provider):
    refused = {"measures": ["refuse"], "amounts": {"refuse": {"employee": "1200"}}, "fees_found": "1200"}
    case = silent(cast, provider, refused)
    advance(case, "decide", cast.agency_head, decided_on=clock.today(), decision_text="违约事实清楚。")
    said = words(case.papers.filter(type="breach_decision").last())
    assert "不予支付违规费用" in said
    assert "1,200.00" in said
    assert "财政专户" not in said
    serve(case, "serve_decision", cast.clerk)
    assert not case.receivables.exists()
    advance(case, "agree_to_decision", cast.officer)
    advance(case, "file_with_city", cast.clerk)
    advance(case, "close", cast.agency_head)
    assert case.is_closed


def test_a_reminder_is_carried_out_before_the_case_is_closed(cast, agreement, provider):
    case = silent(cast, provider, {"measures": ["remind", "interview"]})
    decide(case, cast)
    serve(case, "serve_decision", cast.clerk)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "close", cast.agency_head)
    assert {reason.name for reason in refusal.value.reasons} == {"measures_carried_out", "filed_when_due"}
    for measure in ("remind", "interview"):
        advance(case, "carry_out", cast.clerk, measure=measure, record="已完成。")
    advance(case, "agree_to_decision", cast.officer)
    advance(case, "file_with_city", cast.clerk)
    advance(case, "close", cast.agency_head)
    assert case.is_closed


def test_only_the_agency_registers_and_only_about_its_own_providers(cast, agreement, provider):
    for outsider in (cast.officer, cast.hospital, cast.admin, cast.twin_clerk):
        with pytest.raises((StepInvalid, StepRefused)):
            register_breach(outsider, provider=provider, title="示例", facts_text="事实", basis="依据")


def test_a_discussion_is_offered_but_not_needed_for_a_reminder(cast, agreement, provider):
    case = silent(cast, provider, {"measures": ["remind"]})
    discuss(case, "deliberate", cast.agency_head)
    decide(case, cast)
