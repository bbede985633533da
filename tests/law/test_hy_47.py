"""HY-47: refunds return to their fund's fiscal account, fines go to the treasury; totals never mix funds (HY-3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from agreements.models import BreachCase
from enforcement.models import EnforcementCase
from funds.models import Receipt, Receivable
from funds.selectors import receivables, surcharge_of, totals, totals_of
from funds.services import (
    MoneyRefused,
    agree_plan,
    cancel_receivable,
    open_receivable,
    pause_surcharge,
    record_receipt,
    reverse_receipt,
)
from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from supervision.records.verification import verify
from tests.breach_stage import ago, executing, recover
from tests.case_stage import close, performing

pytestmark = pytest.mark.law("HY-47", "HY-3")


@pytest.fixture
def owed(cast, agreement, provider):
    """1,000 yuan to be recovered for the employee fund."""
    return executing(cast, provider, recover("1000")).receivables.get()


def pay(owed, actor, amount="400", voucher="V1", route="fiscal", fund="employee", **more):
    given = {"paid_on": clock.today()} | more
    return record_receipt(owed, actor, amount=Decimal(amount), route=route, fund=fund, voucher=voucher, **given)


@transaction.atomic
def paid_without_money(owed):
    Receivable.objects.filter(pk=owed.pk).update(state="paid")
    settle()


def settle():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.law("RG-45")
@pytest.mark.parametrize(("route", "fund"), [("treasury", ""), ("fiscal", "resident"), ("fiscal", "")])
def test_a_receipt_to_the_wrong_route_or_fund_is_refused_by_service_and_database(owed, cast, route, fund):
    with pytest.raises(MoneyRefused) as refusal:
        pay(owed, cast.finance, route=route, fund=fund)
    assert "HY-47" in refusal.value.law
    with pytest.raises(DatabaseError, match="HY-47"), transaction.atomic():
        Receipt.objects.create(
            receivable=owed, amount=400, route=route, fund=fund, paid_on=clock.today(), voucher="V9",
            recorded_at=clock.now(),
        )  # fmt: skip


WRONG = [
    {"route": "treasury", "fund": ""},
    {"fund": "resident"},
    {"amount": "1000.01"},
    {"amount": "-400"},
    {"paid_on": "2999-01-01"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=[",".join(one) for one in WRONG])
def test_page_and_api_refuse_the_same_money(owed, cast, client, wrong):
    cache.clear()
    given = {"amount": "400", "route": "fiscal", "fund": "employee", "voucher": "V1", "paid_on": f"{clock.today()}"}
    page, api = reverse("funds:receipt", args=[owed.pk]), f"/api/v1/receivables/{owed.pk}/receipts/"
    client.force_login(cast.finance.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(page, given | wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {next(iter(wrong))}, "told beside the field that is wrong"
    assert client.post(api, given | wrong, content_type="application/json").status_code in (409, 422)
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(page, given).status_code == 404
    assert client.post(api, given, content_type="application/json").status_code in (403, 404, 409)
    client.force_login(cast.twin_clerk.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(page, given).status_code == 404
    assert client.post(api, given, content_type="application/json").status_code == 404
    owed.refresh_from_db()
    assert (owed.receipts.count(), owed.state) == (0, "open")


@pytest.mark.law("PP-52")
def test_the_head_who_decides_is_told_why_no_payment_is_recorded(store, cast, provider, client):
    case = performing(cast, provider)
    fine = case.receivables.get(kind="fine")
    client.force_login(cast.head.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("funds:receipt", args=[fine.pk]))
    assert page.status_code == 403
    assert "作出决定的负责人不得登记收款（《处罚程序规定》第五十二条）。" in page.content.decode()
    given = {"amount": "400", "route": "treasury", "fund": "", "voucher": "V1", "paid_on": f"{clock.today()}"}
    answer = client.post(f"/api/v1/receivables/{fine.pk}/receipts/", given, content_type="application/json")
    assert answer.status_code == 409
    assert "作出决定的负责人不得登记收款" in str(answer.json())
    assert [one["id"] for one in answer.json()["law"]] == ["PP-52"]


def test_kind_decides_route_and_fund_in_the_database(owed, cast, provider):
    base = {
        "dossier": owed.dossier,
        "debtor": provider,
        "amount": 5,
        "due_on": clock.today(),
        "law": [],
        "opened_on": clock.today(),
    }
    for wrong in (
        {"kind": "fine", "route": "fiscal", "fund": "employee"},
        {"kind": "fine", "route": "treasury", "fund": "employee"},
        {"kind": "refund", "route": "treasury", "fund": ""},
        {"kind": "refund", "route": "fiscal", "fund": ""},
    ):
        with pytest.raises(DatabaseError, match="receivable_kind_decides_route"), transaction.atomic():
            Receivable.objects.create(**base, **wrong)


def test_what_is_still_owed_is_told_as_money_is_written_everywhere(owed, cast):
    with pytest.raises(MoneyRefused, match=r"1,000\.00"):
        pay(owed, cast.finance, "1000.01")
    with pytest.raises(MoneyRefused, match=r"1,000\.00"):
        agree_plan(
            owed,
            cast.agency_head,
            instalments=[(clock.today() + timedelta(days=10), Decimal("300"))],
            reason="经济困难。",
        )


def test_more_than_is_owed_is_refused(owed, cast):
    pay(owed, cast.finance, "999.99")
    with pytest.raises(MoneyRefused, match=r"0\.01"):
        pay(owed, cast.finance, "0.02", voucher="V2")
    with pytest.raises(DatabaseError, match="would hold"), transaction.atomic():
        Receipt.objects.create(
            receivable=owed, amount=1, route="fiscal", fund="employee", paid_on=clock.today(), voucher="V9",
            recorded_at=clock.now(),
        )  # fmt: skip
    pay(owed, cast.finance, "0.01", voucher="V2")
    owed.refresh_from_db()
    assert (owed.state, owed.ended_on) == ("paid", clock.today())
    settle()


def test_the_same_voucher_counts_once(owed, cast):
    first = pay(owed, cast.finance)
    assert pay(owed, cast.finance) == first
    with pytest.raises(MoneyRefused):
        pay(owed, cast.finance, "500")
    assert owed.dossier.events.filter(verb="receipt_recorded").count() == 1


def test_a_receipt_is_corrected_by_a_counter_entry_never_changed(owed, cast):
    receipt = pay(owed, cast.finance, "1000")
    for change in (lambda: Receipt.objects.filter(pk=receipt.pk).update(amount=1), receipt.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(MoneyRefused):
        reverse_receipt(receipt, cast.finance, reason="  ")
    counter = reverse_receipt(receipt, cast.finance, reason="录入错误。")
    for again in (receipt, counter):
        with pytest.raises(MoneyRefused):
            reverse_receipt(again, cast.finance, reason="再次。")
    assert Receipt.objects.filter(receivable=owed).count() == 2
    owed.refresh_from_db()
    assert owed.state == "open"
    settle()


def test_a_receivable_never_changes_and_is_cancelled_only_without_money(owed, cast):
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Receivable.objects.filter(pk=owed.pk).update(amount=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Receivable.objects.filter(pk=owed.pk)._raw_delete(using="default")
    with pytest.raises(DatabaseError, match='is "paid" and holds 0'):
        paid_without_money(owed)
    receipt = pay(owed, cast.finance)
    ended = {
        "ground": "execution_ended",
        "document": "示例执〔2026〕7号",
        "document_of": clock.today(),
        "reason": "终结。",
    }
    with pytest.raises(MoneyRefused):
        cancel_receivable(owed, cast.agency_head, **ended)
    reverse_receipt(receipt, cast.finance, reason="退回。")
    assert cancel_receivable(owed, cast.agency_head, **ended).state == "cancelled"
    with pytest.raises(MoneyRefused):
        pay(owed, cast.finance, voucher="V3")


def test_money_is_kept_by_those_of_the_authority_only(owed, cast):
    for outsider in (cast.twin_clerk, cast.officer, cast.hospital, cast.admin, cast.agency_head):
        with pytest.raises(MoneyRefused):
            pay(owed, outsider)


def test_impossible_payments_are_refused(owed, cast):
    for wrong in ({"amount": "0"}, {"amount": "-1"}, {"paid_on": clock.today() + timedelta(days=1)}):
        with pytest.raises(MoneyRefused):
            pay(owed, cast.finance, **wrong)


def test_totals_never_mix_funds_and_stay_within_sight(owed, cast, django_assert_num_queries):
    open_receivable(
        owed.dossier, cast.clerk, debtor=owed.debtor, kind="refund", amount=Decimal("50"), due_on=clock.today(),
        fund="resident", law=["HY-23"],
    )  # fmt: skip
    fine(owed, cast)
    pay(owed, cast.finance)
    with django_assert_num_queries(1):
        lines = totals(receivables())
    assert [(line.fund, line.owed, line.received, line.outstanding) for line in lines] == [
        ("", Decimal(2000), Decimal(0), Decimal(2000)),
        ("employee", Decimal(1000), Decimal(400), Decimal(600)),
        ("resident", Decimal(50), Decimal(0), Decimal(50)),
    ]
    with django_assert_num_queries(2):
        assert totals_of(receivables(cast.city_officer)) == lines
    assert totals_of(receivables(cast.twin_clerk)) == []
    assert list(receivables(cast.twin_clerk)) == []
    assert receivables(cast.city_officer).count() == 3


def fine(owed, cast, days_late=0):
    return open_receivable(
        owed.dossier, cast.clerk, debtor=owed.debtor, kind="fine", amount=Decimal("2000"), law=["PP-52"],
        due_on=clock.today() - timedelta(days=days_late),
    )  # fmt: skip


@pytest.mark.law("PP-55", "PL-72")
@pytest.mark.parametrize(
    ("late", "amount", "capped"), [(0, 0, False), (1, 60, False), (33, 1980, False), (34, 2000, True)]
)
def test_the_surcharge_is_three_percent_a_day_up_to_the_principal(owed, cast, late, amount, capped):
    found = surcharge_of(fine(owed, cast, late), clock.today())
    assert (found.days, found.amount, found.capped) == (late if not capped else 34, Decimal(amount), capped)
    assert surcharge_of(owed, clock.today() + timedelta(days=90)).amount == 0


@pytest.fixture
def late(store, cast, provider):
    """A fine of 90,000 yuan, decided 40 days ago, and for how many days it is late: 2,700 yuan a day."""
    with ago(40):
        one = performing(cast, provider).receivables.get(kind="fine")
    return one, surcharge_of(one, clock.today()).days


@pytest.mark.law("PP-55")
def test_days_of_a_dispute_and_what_was_paid_do_not_count(late, cast):
    one, days = late
    first = clock.today() - timedelta(days=9)
    pause_surcharge(one, cast.head, first=first, last=first + timedelta(days=4), reason="行政复议。")
    assert surcharge_of(one, clock.today()).days == days - 5
    pay(one, cast.officer, "30000", route="treasury", fund="", paid_on=clock.today() - timedelta(days=1))
    one = Receivable.objects.get(pk=one.pk)
    assert surcharge_of(one, clock.today()).amount == Decimal(days - 7) * 2700 + Decimal("2") * 1800


@pytest.mark.law("PP-55")
def test_a_payment_that_was_taken_back_never_stopped_the_surcharge(late, cast):
    one, days = late
    wrong = pay(one, cast.officer, one.amount, route="treasury", fund="", paid_on=clock.today() - timedelta(days=8))
    assert surcharge_of(Receivable.objects.get(pk=one.pk), clock.today()).days == days - 9
    reverse_receipt(wrong, cast.officer, reason="他人的缴款，录错。")
    one = Receivable.objects.get(pk=one.pk)
    assert (one.state, surcharge_of(one, clock.today()).amount) == ("open", Decimal(days) * 2700)


@pytest.mark.law("PP-52", "PP-55", "PP-56")
@pytest.mark.parametrize("state", ["performing", "closed", "archived"])
def test_a_counter_entry_after_full_payment_reopens_the_term_to_pay(store, cast, provider, state):
    with ago(40):
        case = performing(cast, provider)
        for one in case.receivables.order_by("pk"):
            paid = pay(one, cast.officer, one.amount, f"V{one.pk}", one.route, one.fund)
        assert case.term_set.get(kind="payment").state == "met"
        case = EnforcementCase.objects.get(pk=case.pk)
        finish(case, cast, state)
        reverse_receipt(paid, cast.officer, reason="退票。")
        case = EnforcementCase.objects.get(pk=case.pk)
        term = case.term("payment")
        assert (case.state, case.closed_at, term.state, term.ended_on) == ("performing", None, "running", None)
    lapses.sweep()
    assert case.term_set.get(kind="payment").state == "overdue"
    pay(one, cast.officer, one.amount, "补缴", one.route, one.fund)
    assert case.term_set.get(kind="payment").state == "met"
    case = EnforcementCase.objects.get(pk=case.pk)
    finish(case, cast, state)
    assert (case.state, case.is_closed, verify().faults) == (state, state == "archived", [])


def finish(case, cast, state):
    """Published, closed and archived, as far as this state."""
    if state == "performing":
        return
    close(case, cast)
    if state == "archived":
        if not case.published_on:
            advance(case, "publish", cast.officer, published_on=clock.today(), digest="某医院重复收费被处罚")
        advance(case, "archive", cast.officer)


def take_back_by_service(receipt, cast, client):
    reverse_receipt(receipt, cast.finance, reason="退票。")


def take_back_on_the_page(receipt, cast, client):
    client.force_login(cast.finance.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("funds:take-back", args=[receipt.pk]), {"reason": "退票。"})
    assert answer.status_code == 302


def take_back_over_the_api(receipt, cast, client):
    client.force_login(cast.finance.user, backend="django.contrib.auth.backends.ModelBackend")
    at = f"/api/v1/receivables/{receipt.receivable_id}/receipts/{receipt.pk}/reversal/"
    answer = client.post(at, {"reason": "退票。"}, content_type="application/json")
    assert answer.status_code == 201


@pytest.mark.law("HY-23")
@pytest.mark.parametrize("take_back", [take_back_by_service, take_back_on_the_page, take_back_over_the_api])
def test_a_counter_entry_opens_a_closed_breach_again_until_it_is_paid(owed, cast, client, take_back):
    cache.clear()
    paid = pay(owed, cast.finance, owed.amount)
    breach = BreachCase.objects.get(pk=owed.dossier_id)
    advance(breach, "agree_to_decision", cast.officer)
    advance(breach, "file_with_city", cast.clerk)
    advance(breach, "close", cast.agency_head)
    assert breach.closed_at is not None
    take_back(paid, cast, client)
    breach.refresh_from_db()
    assert (breach.state, breach.closed_at) == ("executing", None)
    assert breach.events.latest("seq").verb == "await_payment_again"
    with pytest.raises(StepRefused) as refused:
        advance(breach, "close", cast.agency_head)
    assert [reason.name for reason in refused.value.reasons] == ["money_settled"]
    pay(owed, cast.finance, owed.amount, "补缴")
    advance(breach, "close", cast.agency_head)
    assert (breach.is_closed, verify().faults) == (True, [])


def test_a_breach_that_never_closed_is_left_as_it_was_by_a_counter_entry(owed, cast):
    reverse_receipt(pay(owed, cast.finance, owed.amount), cast.finance, reason="退票。")
    breach = BreachCase.objects.get(pk=owed.dossier_id)
    assert (breach.state, breach.events.latest("seq").verb) == ("executing", "receipt_reversed")


def test_a_voucher_is_one_payment_of_a_party_until_it_is_taken_back(owed, cast):
    other = fine(owed, cast)
    first = pay(owed, cast.finance, "400", "V1")
    for written in (" V1 ", "v1", "Ｖ１", "V 1"):
        with pytest.raises(MoneyRefused, match="V1") as refusal:
            pay(other, cast.finance, "400", written, "treasury", "")
        assert refusal.value.field == "voucher"
    for written in ("V1", "v1", "Ｖ１", "V 1", "V1　"):
        with pytest.raises(DatabaseError, match="recorded already"), transaction.atomic():
            Receipt.objects.create(
                receivable=other, amount=1, route="treasury", fund="", paid_on=clock.today(), voucher=written,
                recorded_at=clock.now(),
            )  # fmt: skip
    reverse_receipt(first, cast.finance, reason="录错了账户。")
    assert pay(other, cast.finance, "400", "V1", "treasury", "").receivable == other
    reverse_receipt(Receipt.objects.latest("pk"), cast.finance, reason="还是录错。")
    again = pay(owed, cast.finance, "400", "V1")
    assert (again.pk != first.pk, receivables().get(pk=owed.pk).received) == (True, Decimal(400))


def test_page_and_api_say_at_the_field_that_a_voucher_is_used_already(owed, cast, client):
    other = fine(owed, cast)
    pay(owed, cast.finance, "400", "V1")
    said = {"amount": "400", "route": "treasury", "fund": "", "voucher": "V1", "paid_on": f"{clock.today()}"}
    client.force_login(cast.finance.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("funds:receipt", args=[other.pk]), said)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["voucher"]
    answer = client.post(f"/api/v1/receivables/{other.pk}/receipts/", said, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["voucher"])


@pytest.mark.law("PP-53", "PL-66")
def test_instalments_make_up_what_is_outstanding(owed, cast):
    soon, later = clock.today() + timedelta(days=10), clock.today() + timedelta(days=40)
    with pytest.raises(MoneyRefused):
        agree_plan(owed, cast.agency_head, instalments=[(soon, Decimal("300"))], reason="经济困难。")
    with pytest.raises(MoneyRefused):
        agree_plan(owed, cast.finance, instalments=[(soon, Decimal("1000"))], reason="经济困难。")
    parts = [(soon, Decimal("400")), (later, Decimal("600"))]
    agree_plan(owed, cast.agency_head, instalments=parts, reason="经济困难。")
    owed.refresh_from_db()
    assert owed.due_on == later


def test_a_claim_is_opened_once(owed, cast):
    with ago(0):
        again = open_receivable(
            owed.dossier, cast.clerk, debtor=owed.debtor, kind="refund", amount=owed.amount, due_on=owed.due_on,
            fund="employee", law=["HY-23"],
        )  # fmt: skip
    assert again.pk == owed.pk
    with pytest.raises(MoneyRefused):
        open_receivable(
            owed.dossier, cast.clerk, debtor=owed.debtor, kind="refund", amount=Decimal("1"), due_on=owed.due_on,
            fund="employee", law=["HY-23"],
        )  # fmt: skip


@pytest.mark.law("PP-52")
def test_the_term_to_pay_ends_with_the_last_payment(store, cast, provider):
    case = performing(cast, provider)
    for owed in case.receivables.order_by("pk"):
        assert case.term("payment").is_open
        record_receipt(
            owed, cast.officer, amount=owed.amount, route=owed.route, fund=owed.fund, paid_on=clock.today(),
            voucher=f"凭-{owed.pk}",
        )  # fmt: skip
        case.refresh_from_db()
        case.__dict__.pop("running", None)
    assert (case.state, case.term("payment").state) == ("performing", "met")
    assert case.events.latest("seq").verb == "record_performance"
    close(case, cast)
