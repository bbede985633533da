"""HY-42: five circumstances make a penalty heavier; the repeat within a year is found in the records, never ticked."""

import pytest
from dateutil.relativedelta import relativedelta

from supervision.procedure import clock
from tests.case_stage import fact, filed, ordered, performing, report

pytestmark = [pytest.mark.law("HY-42"), pytest.mark.usefixtures("store")]

HEAVIER = {"nature": "重复收费", "opinion": "处罚", "tier": "heavier", "fine": "110000.00", "lenient": []}


def to_be_reported(cast, provider):
    case = filed(cast, provider)
    fact(case, cast)
    ordered(case, cast)
    return case


def test_nobody_ticks_a_repeat_the_records_do_not_show(doors, cast, provider):
    case = to_be_reported(cast, provider)
    doors.mistake(case, "submit_report", cast.officer, {**HEAVIER, "aggravating": ["repeated"]}, field="aggravating")


def test_a_repeat_on_record_counts_though_nobody_ticks_it(doors, cast, provider):
    earlier = performing(cast, provider)
    case = to_be_reported(cast, provider)
    milder = {**HEAVIER, "tier": "ordinary", "fine": "90000.00", "aggravating": []}
    doors.mistake(case, "submit_report", cast.officer, milder, field="tier")
    report(case, cast, tier="heavier", fine="110000.00")
    assert (case.heavier_factors, case.repeated_case.pk) == (["repeated"], earlier.pk)


def test_after_the_year_it_is_no_repeat(cast, provider):
    now = clock.now()
    with clock.stopped_at(now - relativedelta(months=13)):
        performing(cast, provider)
    case = to_be_reported(cast, provider)
    report(case, cast)
    assert (case.heavier_factors, case.repeated_case) == ([], None)
