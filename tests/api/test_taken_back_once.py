"""A receipt is taken back once: by service, page and API, of two at once by the first alone (HY-47)."""

import pytest
from django.test import Client
from django.urls import reverse

from funds.models import Receipt
from funds.services import MoneyRefused, record_receipt, reverse_receipt
from supervision.procedure import clock
from tests.api.test_money_api import owed  # noqa: F401
from tests.procedure.test_concurrency import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.law("HY-47")]


@pytest.fixture
def receipt(cast, owed):  # noqa: F811
    day = clock.today()
    return record_receipt(
        owed, cast.finance, amount=owed.amount, route="fiscal", fund="resident", paid_on=day, voucher="示例-77"
    )


def test_the_second_is_refused_by_page_and_api(calls, cast, owed, receipt):  # noqa: F811
    page = Client()
    page.force_login(cast.finance.user)
    take_back = reverse("funds:take-back", args=[receipt.pk])
    shown = page.get(take_back).content.decode()
    assert "示例-77" in shown
    assert "500.00" in shown
    assert page.post(take_back, {"reason": "录错"}).status_code == 302
    again = page.post(take_back, {"reason": "再次"})
    assert again.status_code == 422
    assert "已被冲销" in again.content.decode()
    assert page.get(take_back, follow=True).redirect_chain == [(reverse("funds:receivable", args=[owed.pk]), 302)]
    claim = page.get(reverse("funds:receivable", args=[owed.pk])).content.decode()
    assert "的凭证 示例-77" in claim

    at = f"/api/v1/receivables/{owed.pk}/receipts/{receipt.pk}/reversal/"
    refused = calls(cast.finance).post(at, {"reason": "再次"}, format="json")
    assert refused.status_code == 409
    assert "已被冲销" in refused.json()["title"]
    assert Receipt.objects.filter(receivable=owed).count() == 2


def test_of_two_at_once_one_is_refused(cast, owed, receipt):  # noqa: F811
    def act(n):
        return reverse_receipt(receipt, cast.finance, reason=f"第{n}人")

    answers = together(2, act)
    assert sorted(type(one).__name__ for one in answers) == ["MoneyRefused", "Receipt"]
    assert Receipt.objects.filter(reverses=receipt).count() == 1
    owed.refresh_from_db()
    assert owed.state == "open"


def test_money_from_before_the_decision_is_explained(cast, owed):  # noqa: F811
    early = clock.today().replace(year=clock.today().year - 1)
    record_receipt(
        owed, cast.finance, amount=owed.amount, route="fiscal", fund="resident", paid_on=early, voucher="示例-78"
    )
    page = Client()
    page.force_login(cast.finance.user)
    text = page.get(reverse("funds:receivable", args=[owed.pk])).content.decode()
    assert "作出决定前退回" in text
    assert "主动退回" in text


def test_a_counter_entry_is_not_taken_back(cast, receipt):
    counter = reverse_receipt(receipt, cast.finance, reason="录错")
    with pytest.raises(MoneyRefused):
        reverse_receipt(counter, cast.finance, reason="再次")
