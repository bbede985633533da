"""HY-47, HY-34: what is owed and paid is bound to the chain; whoever changes it in the shell is found."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from funds.models import Instalment, PaymentPlan, Receipt, Receivable, Repayment, SurchargePause
from funds.repayments import undo_claims
from funds.services import agree_plan, open_receivable, pause_surcharge, record_receipt, reverse_receipt
from supervision.procedure import clock
from supervision.records.rows import BY_MODEL
from supervision.records.verification import verify

pytestmark = pytest.mark.law("HY-47", "HY-34")
CHANGES = [
    (Receivable, {"amount": Decimal("1.00")}),
    (Receivable, {"due_on": clock.today() + timedelta(days=3650)}),
    (Receivable, {"state": "cancelled", "cancelled_on_ground": "revoked", "cancelled_by_document": "无",
                  "cancelled_because": "无"}),
    (Receivable, {"state": "paid"}),
    (Receipt, {"voucher": "他处"}),
    (PaymentPlan, {"reason": "改"}),
    (Instalment, {"amount": Decimal("1.00")}),
    (SurchargePause, {"reason": "改"}),
    (Repayment, {"amount": Decimal("1.00")}),
]  # fmt: skip


def faults():
    return [(fault.where.rsplit(" ", 1)[0], fault.what) for fault in verify().faults]


@pytest.fixture
def money(cast, provider, errand):
    """One claim paid, taken back and put off, its surcharge paused; another undone after it was paid."""
    later = clock.today() + timedelta(days=30)
    told = {"debtor": provider, "due_on": later, "law": ["HY-18"], "amount": Decimal("500.00")}
    paid = {"amount": Decimal("500.00"), "route": "fiscal", "paid_on": clock.today()}
    undone = open_receivable(errand, cast.clerk, kind="refund", fund="employee", **told)
    record_receipt(undone, cast.finance, fund="employee", voucher="示例-1", **paid)
    undo_claims(errand, reason="决定被撤销")
    owed = open_receivable(errand, cast.clerk, kind="refund", fund="resident", **told)
    wrong = record_receipt(owed, cast.finance, fund="resident", voucher="示例-2", **paid)
    reverse_receipt(wrong, cast.finance, reason="录错")
    agree_plan(owed, cast.agency_head, instalments=[(later, Decimal("500.00"))], reason="困难")
    pause_surcharge(owed, cast.agency_head, first=clock.today(), last=None, reason="行政复议")
    assert faults() == []
    return owed


@pytest.mark.parametrize(("model", "change"), CHANGES, ids=lambda value: getattr(value, "__name__", None))
def test_money_changed_beside_its_events_is_found(money, model, change):
    row = model.objects.latest("pk")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        model.objects.filter(pk=row.pk).update(**change)
        cursor.execute("SET session_replication_role = origin")
    assert faults() == [(BY_MODEL[model].kind, "row altered")]
