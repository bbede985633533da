"""PL-54, HY-37: a loss established below the one the inspection confirmed is established with its reason."""

from decimal import Decimal

import pytest

from supervision.procedure.services import advance
from tests.case_stage import conduct, evidence, filed


@pytest.mark.law("PL-54", "HY-37")
def test_a_lower_loss_than_the_confirmed_one_has_its_reason(cast, provider, confirmed, doors):
    finding = confirmed.findings.filter(status="confirmed").exclude(act="").first()
    assert finding.amount > 0
    case = filed(cast, provider, origin=confirmed)
    said = {name: day.isoformat() for name, day in conduct().items()}
    said |= {"finding": finding.pk, "evidence": [evidence(case, cast).pk]}
    for amount in ("0.00", str(finding.amount - 1)):
        doors.mistake(case, "establish_fact", cast.officer, {**said, "amount": amount}, field="less_because")
    event = advance(case, "establish_fact", cast.officer, **said, amount="0.00", less_because="已在立案前全部退回")
    assert event.facts["less_because"] == "已在立案前全部退回"
    assert case.facts.get().amount == Decimal(0)
