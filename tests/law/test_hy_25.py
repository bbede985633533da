"""HY-25: a decision that did not hold is reversed by its steps and undone everywhere, by corrections on record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import Agreement, BreachCase, Dispute
from credit.models import CreditEvent
from credit.selectors import standing
from credit.services import record_points
from funds.models import Receivable, Repayment
from funds.repayments import pay_back, undo_claims
from funds.services import MoneyRefused, record_receipt
from supervision.parties.models import SettlementHold
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.breach_stage import (
    SMALL,
    ago,
    applied,
    decide,
    discuss,
    executing,
    recover,
    serve,
    served,
    silent,
    terminated,
)
from tests.dispute_stage import dispute, dispute_ended, reverse, suspension
from tests.doors import attempts

pytestmark = pytest.mark.law("HY-25")


def revoked(cast, provider, measures=None):
    case = executing(cast, provider, measures or recover("1000"))
    return dispute_ended(case, cast)


def pay(case, cast, amount, fund="employee"):
    owed = case.receivables.get(fund=fund)
    record_receipt(
        owed, cast.finance, amount=Decimal(amount), route="fiscal", fund=fund, paid_on=clock.today(), voucher=f"V{fund}"
    )
    return owed


# --- undone everywhere -----------------------------------------------------------------------------------------------


def test_claims_are_cancelled_and_what_was_paid_is_paid_back(cast, agreement, provider):
    measures = {"measures": ["recover"], "amounts": {"recover": {"employee": "1000", "resident": "500"}},
                "fees_found": "1500"}  # fmt: skip
    case = executing(cast, provider, measures)
    pay(case, cast, "400")
    dispute_ended(case, cast)
    reverse(case, cast)
    assert set(case.receivables.values_list("state", flat=True)) == {"cancelled"}
    due = Repayment.objects.get()
    assert (due.amount, due.receivable.fund, due.receivable.route) == (Decimal("400.00"), "employee", "fiscal")
    assert list(case.receivables.get(fund="employee").receipts.values_list("amount", flat=True)) == [400, -400]
    serve(case, "serve_reversal", cast.clerk)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "close_reversed", cast.agency_head)
    assert {reason.name for reason in refusal.value.reasons} == {"money_settled"}
    advance(case, "record_repayment", cast.finance, repayment=due.pk, paid_on=clock.today(), voucher="R1")
    advance(case, "close_reversed", cast.agency_head)
    due.refresh_from_db()
    assert (due.paid_on, due.voucher, due.paid_by, case.is_closed) == (clock.today(), "R1", cast.finance.user, True)
    told = list(case.events.values_list("verb", flat=True))
    assert {"receipt_reversed", "receivable_cancelled", "repayment_due", "repayment_paid"} <= set(told)


def test_a_suspension_and_the_settlement_it_stopped_are_undone_as_of_a_day(cast, agreement, provider):
    with ago(15):
        case = served(cast, provider, suspension(2), days_ago=20)
        advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
        discuss(case, "deliberate", cast.agency_head)
        decide(case, cast)
        serve(case, "serve_decision", cast.clerk)
    dispute_ended(case, cast)
    day = clock.today() - timedelta(days=5)
    reverse(case, cast, effective_on=day)
    held = SettlementHold.objects.get(party=provider)
    assert (held.days.lower, held.days.upper) == (clock.today() - timedelta(days=15), day)
    restored = Agreement.objects.get(pk=agreement.pk)
    assert restored.state == "signed"
    ended = restored.suspensions.get()
    assert (ended.ended_on, ended.reversed_on, ended.reversed_because) == (clock.today(), clock.today(), "复议撤销。")
    fact = case.events.filter(verb="settlement_restored").last().facts
    assert fact["restored_on"] == day.isoformat()


def test_undone_from_the_beginning_it_held_on_no_day(cast, agreement, provider, department):
    measures = {"measures": ["suspend_department"], "months": "3", "departments": [department.pk]}
    with ago(10):
        case = served(cast, provider, measures, days_ago=12)
        advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
        discuss(case, "deliberate", cast.agency_head)
        decide(case, cast)
        serve(case, "serve_decision", cast.clerk)
    dispute_ended(case, cast)
    reverse(case, cast)
    for back in (0, 5, 9, 10):
        day = clock.today() - timedelta(days=back)
        assert not SettlementHold.objects.filter(party=provider, days__contains=day).exists()
    assert SettlementHold.objects.get(party=provider).ended_because


def test_a_suspension_that_was_over_counts_no_longer_towards_a_termination(cast, agreement, provider):
    with ago(40):
        case = served(cast, provider, suspension(1), days_ago=48)
        advance(case, "waive_statement", cast.clerk, declared_by="示例负责人", declared_on=clock.today(), on_paper=True)
        discuss(case, "deliberate", cast.agency_head)
        decide(case, cast)
        serve(case, "serve_decision", cast.clerk)
    advance(Agreement.objects.get(pk=agreement.pk), "restore", cast.system)
    assert BreachCase.objects.get(pk=case.pk).earlier_suspensions == 1
    dispute_ended(case, cast)
    reverse(case, cast)
    assert BreachCase.objects.get(pk=case.pk).earlier_suspensions == 0
    assert Agreement.objects.get(pk=agreement.pk).state == "signed"


def test_a_terminated_agreement_binds_again_and_the_bar_is_lifted(cast, agreement, provider):
    case = terminated(cast, provider)
    with pytest.raises(StepInvalid):
        applied(cast, provider)
    dispute_ended(case, cast)
    with pytest.raises(StepRefused):
        reverse(case, cast)
    reverse(case, cast, "reverse_termination", cast.city_agency_head)
    again = Agreement.objects.get(pk=agreement.pk)
    assert (again.state, again.termination_ground, again.closed_at) == ("signed", None, None)
    assert clock.today() in again.in_force
    assert again.in_force.upper == again.last_day + timedelta(days=1)
    bar = again.own_bars.get()
    assert (bar.lifted_on, bar.lifted_because) == (clock.today(), "复议撤销。")
    assert not SettlementHold.objects.filter(party=provider, days__contains=clock.today()).exists()
    assert {"terminate", "reinstate", "bar_lifted"} <= set(again.events.values_list("verb", flat=True))


def test_credit_counts_no_longer_for_provider_and_person(cast, agreement, provider, physician):
    measures = {"measures": ["suspend_person"], "months": "2", "practitioners": [physician.pk]}
    case = executing(cast, provider, measures)
    record_points(physician, case, cast.clerk, act="示例行为", responsibility="main", band="minor", points=2)
    before = standing(provider).points
    dispute_ended(case, cast)
    reverse(case, cast)
    assert standing(provider).points > before
    assert CreditEvent.objects.filter(dossier=case.pk, correction__isnull=True).count() == 0
    assert physician.point_records.get().corrected_because == "复议撤销。"
    assert not SettlementHold.objects.filter(party=physician.pk, days__contains=clock.today()).exists()
    assert {"credit_corrected", "points_corrected"} <= set(case.events.values_list("verb", flat=True))


def test_the_papers_tell_the_reversal_and_void_the_decision(cast, agreement, provider):
    case = revoked(cast, provider)
    decision = case.papers.get(type="breach_decision")
    reverse(case, cast)
    decision.refresh_from_db()
    assert not decision.is_in_force
    notice = case.papers.get(type="reversal_notice")
    assert notice.facts["decision_number"] == decision.number
    assert notice.facts["reference"] == "示例复〔2026〕3号"


def test_a_changed_decision_goes_its_way_again_and_never_heavier(cast, agreement, provider):
    case = executing(cast, provider, recover("60000"))
    pay(case, cast, "60000")
    dispute_ended(case, cast, outcome="changed")
    reverse(case, cast)
    serve(case, "serve_reversal", cast.clerk)
    with pytest.raises(StepRefused) as refusal:
        advance(case, "take_up_anew", cast.agency_head)
    assert {reason.name for reason in refusal.value.reasons} == {"money_settled"}
    due = Repayment.objects.get()
    advance(case, "record_repayment", cast.finance, repayment=due.pk, paid_on=clock.today(), voucher="R1")
    advance(case, "take_up_anew", cast.agency_head)
    assert (case.state, case.decided_on) == ("reexamined", None)
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert {reason.name for reason in refusal.value.reasons} == {"collective_discussion_carried_when_due"}
    with pytest.raises(StepRefused):
        advance(case, "lighten_measures", cast.clerk, **recover("60000.01"))
    advance(case, "lighten_measures", cast.clerk, **recover("55000"))
    discuss(case, "deliberate", cast.agency_head)
    decide(case, cast)
    serve(case, "serve_decision", cast.clerk)
    owed = case.receivables.exclude(state="cancelled").get()
    assert owed.amount == Decimal("55000.00")
    counting = CreditEvent.objects.filter(party=provider, correction__isnull=True)
    assert [(event.indicator, event.again) for event in counting] == [("fees_recovered", 1)]
    advance(case, "raise_dispute", cast.clerk, route="negotiation", raised_by="示例院长", claim="请求核减。")


# --- and by no other way ---------------------------------------------------------------------------------------------


def in_dispute(cast, provider):
    return dispute(executing(cast, provider, recover("1000")), cast)


def upheld(cast, provider):
    return dispute_ended(executing(cast, provider, recover("1000")), cast, outcome="upheld")


def decided(cast, provider):
    case = silent(cast, provider, SMALL)
    decide(case, cast)
    return case


def negotiated_large(cast, provider):
    case = executing(cast, provider, recover("60000"))
    return dispute_ended(case, cast, route="negotiation")


def negotiated_and_voted_down(cast, provider):
    case = negotiated_large(cast, provider)
    discuss(case, "deliberate_reversal", cast.agency_head, against=1)
    return case


def reversed_case(cast, provider):
    case = revoked(cast, provider)
    reverse(case, cast)
    return case


def reversed_and_told(cast, provider):
    case = reversed_case(cast, provider)
    serve(case, "serve_reversal", cast.clerk)
    return case


def termination_revoked(cast, provider):
    return dispute_ended(terminated(cast, provider), cast)


def claim():
    return {"route": "litigation", "raised_by": "示例院长", "claim": "请求撤销。", "body": "示例人民法院"}


def reversal():
    return {"effective_on": clock.today().isoformat(), "reason": "撤销。"}


def too_early():
    return {"effective_on": (clock.today() - timedelta(days=1)).isoformat(), "reason": "撤销。"}


def outcome(**given):
    return {"outcome": "revoked", "result": "撤销原决定。"} | given


@attempts(
    (decided, "raise_dispute", "clerk", claim, "state"),
    (in_dispute, "raise_dispute", "clerk", claim, "no_dispute_runs"),
    (in_dispute, "raise_dispute", "officer", claim, "role"),
    (in_dispute, "record_outcome", "agency_head", outcome, "role"),
    (upheld, "record_outcome", "clerk", outcome, "dispute_elsewhere"),
    (executing, "reverse_decision", "agency_head", reversal, "reversal_due"),
    (in_dispute, "reverse_decision", "agency_head", reversal, "reversal_due"),
    (upheld, "reverse_decision", "agency_head", reversal, "reversal_due"),
    (revoked, "reverse_decision", "clerk", reversal, "role"),
    (revoked, "reverse_decision", "head", reversal, "role"),
    (revoked, "reverse_termination", "city_agency_head", reversal, "terminating"),
    (termination_revoked, "reverse_decision", "agency_head", reversal, "not_terminating"),
    (termination_revoked, "reverse_termination", "agency_head", reversal, "role"),
    (negotiated_large, "reverse_decision", "agency_head", reversal, "reversal_discussed_when_due"),
    (negotiated_and_voted_down, "reverse_decision", "agency_head", reversal, "reversal_discussed_when_due"),
    (reversed_case, "reverse_decision", "agency_head", reversal, "state"),
    (reversed_case, "close_reversed", "agency_head", {}, "paper_served"),
    (reversed_and_told, "take_up_anew", "agency_head", {}, "to_be_changed"),
    (reversed_and_told, "record_repayment", "finance", {}, "repayment_due"),
    (reversed_and_told, "serve_reversal", "clerk", {}, "reversal_not_served"),
)
def test_no_reversal_by_any_other_way(cast, agreement, provider, doors, attempt):
    case = attempt.stage(cast, provider)
    attempt.refused(doors, case, cast)


@attempts(
    (executing, "raise_dispute", "clerk", {**claim(), "body": ""}, "body"),
    (executing, "raise_dispute", "clerk", {**claim(), "route": "prayer"}, "route"),
    (executing, "raise_dispute", "clerk", {**claim(), "raised_on": "2020-01-01"}, "raised_on"),
    (in_dispute, "record_outcome", "clerk", outcome, "reference"),
    (in_dispute, "record_outcome", "clerk", outcome(outcome="failed"), "outcome"),
    (in_dispute, "record_outcome", "clerk", outcome(outcome="declined"), "outcome"),
    (revoked, "reverse_decision", "agency_head", too_early, "effective_on"),
    (revoked, "reverse_decision", "agency_head", {"reason": ""}, "reason"),
)
def test_a_dispute_names_what_it_rests_on(cast, agreement, provider, doors, attempt):
    case = attempt.stage(cast, provider)
    attempt.mistaken(doors, case, cast)


def test_another_countys_agency_finds_no_dispute(cast, agreement, provider, doors):
    doors.hide(revoked(cast, provider), "reverse_decision", cast.twin_clerk, reversal())


def test_only_a_reversed_case_undoes_what_an_agreement_suffered(cast, agreement, provider, doors):
    case = executing(cast, provider, suspension(2))
    held = Agreement.objects.get(pk=agreement.pk)
    doors.keep_out(held, "reinstate", cast.city_clerk)
    with pytest.raises(StepInvalid) as invalid:
        advance(held, "reinstate", cast.system, order=case.pk, reason="撤销。")
    assert set(invalid.value.form.errors) == {"order"}


@transaction.atomic
def reversed_by_hand(case):
    Dossier.objects.filter(pk=case.pk).update(state="reversed")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_keeps_disputes_and_repayments(cast, agreement, provider):
    case = executing(cast, provider, recover("1000"))
    with pytest.raises(DatabaseError):
        reversed_by_hand(case)
    pay(case, cast, "1000")
    dispute_ended(case, cast)
    reverse(case, cast)
    due = Repayment.objects.get()
    for change in (
        lambda: Repayment.objects.filter(pk=due.pk).update(amount=1),
        lambda: Repayment.objects.filter(pk=due.pk)._raw_delete("default"),
        lambda: Repayment.objects.filter(pk=due.pk).update(paid_on=clock.today()),
        lambda: Dispute.objects.update(outcome="upheld"),
        lambda: Dispute.objects.all()._raw_delete("default"),
        lambda: Receivable.objects.update(state="open"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_money_is_paid_back_once_by_those_who_keep_it(cast, agreement, provider):
    case = executing(cast, provider, recover("1000"))
    pay(case, cast, "1000")
    dispute_ended(case, cast)
    reverse(case, cast)
    due = Repayment.objects.get()
    assert undo_claims(case, reason="再次。") == []
    for actor, day, voucher in (
        (cast.agency_head, clock.today(), "R1"),
        (cast.twin_clerk, clock.today(), "R1"),
        (cast.finance, clock.today() + timedelta(days=1), "R1"),
        (cast.finance, clock.today() - timedelta(days=1), "R1"),
        (cast.finance, clock.today(), " "),
    ):
        with pytest.raises(MoneyRefused):
            pay_back(due, actor, paid_on=day, voucher=voucher)
    pay_back(due, cast.finance, paid_on=clock.today(), voucher="R1")
    assert pay_back(due, cast.finance, paid_on=clock.today(), voucher="R1").voucher == "R1"
    with pytest.raises(MoneyRefused):
        pay_back(due, cast.finance, paid_on=clock.today(), voucher="R2")
    assert case.events.filter(verb="repayment_paid").count() == 1
