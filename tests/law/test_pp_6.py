"""PP-6, PL-36: conduct discovered after the limitation is not punished; longer where life or health was harmed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse

from enforcement.models import EnforcementCase
from supervision.law.services import set_value
from supervision.procedure import clock
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from tests.case_stage import evidence, fact, filed, ordered, proposed, report
from tests.doors import attempts

pytestmark = pytest.mark.law("PP-6", "PL-36")

TODAY = clock.today()
YEARS_2, YEARS_5 = relativedelta(years=2), relativedelta(years=5)
ONE_DAY = timedelta(days=1)


def ended(day, **given):
    return lambda cast, provider: proposed(cast, provider, conduct_ended_on=day, **given)


barred = ended(TODAY - YEARS_2 - ONE_DAY)
barred_though_harmful = ended(TODAY - YEARS_5 - ONE_DAY, harms_health=True)


@attempts(
    (barred, "file", "head", {}, "filed_within_limitation"),
    (barred_though_harmful, "file", "head", {}, "filed_within_limitation"),
)
def test_what_is_barred_is_not_filed(attempt, doors, store, cast, provider):
    attempt.refused(doors, attempt.stage(cast, provider), cast)


def test_what_is_barred_can_only_be_left_unfiled(store, cast, provider):
    case = barred(cast, provider)
    advance(case, "refuse_filing", cast.head, reason="超过处罚时效")
    assert case.state == "not_filed"


@pytest.mark.parametrize(
    ("day", "harm"),
    [(TODAY - YEARS_2, False), (TODAY - YEARS_2 - ONE_DAY, True), (TODAY - YEARS_5, True), (None, False)],
)
def test_the_last_day_is_in_time_and_harm_to_health_lengthens_it(store, cast, provider, day, harm):
    case = proposed(cast, provider, conduct_ended_on=day, harms_health=harm)
    advance(case, "file", cast.head)
    assert case.state == "investigating"


def test_the_days_run_to_the_discovery_not_to_the_filing(store, cast, provider):
    """Found in time, proposed in the days to decide: what passes meanwhile does not help the party."""
    found = TODAY - timedelta(days=10)
    case = proposed(cast, provider, discovered_on=found, conduct_ended_on=found - YEARS_2)
    advance(case, "file", cast.head)
    assert case.state == "investigating"


FACT = {"act": "RG-38.3", "description": "重复收费", "fund": "employee", "amount": "5000"}


def period(last):
    return {"period_from": (last - ONE_DAY).isoformat(), "period_to": last.isoformat()}


def test_a_fact_beyond_the_limitation_is_not_established(store, cast, provider, doors):
    case = filed(cast, provider)
    proof = {"evidence": [evidence(case, cast).pk]}
    late = period(TODAY - YEARS_2 - ONE_DAY)
    doors.mistake(case, "establish_fact", cast.officer, {**FACT, **proof, **late}, field="period_to")
    advance(case, "establish_fact", cast.officer, data={**FACT, **proof, **late, "harms_health": "on"})
    assert case.facts.get().harms_health


def shorten(land, months):
    set_value(
        scope=land.city_bureau.code, key="PP-6/limitation", value=Decimal(months), effective_from=date(2020, 1, 1),
        article_note="示例", reason="示例", set_by="示例",
    )  # fmt: skip


def test_the_length_is_a_setting_of_its_time(store, cast, provider, land):
    shorten(land, 12)
    case = proposed(cast, provider, conduct_ended_on=TODAY - relativedelta(years=1) - ONE_DAY)
    with pytest.raises(StepRefused):
        advance(case, "file", cast.head)


def test_a_fact_that_is_barred_after_all_stops_the_report(store, cast, provider, land):
    case = filed(cast, provider)
    fact(case, cast)
    ordered(case, cast)
    shorten(land, 1)
    with pytest.raises(StepRefused) as refusal:
        report(case, cast)
    assert {reason.name for reason in refusal.value.reasons} == {"facts_within_limitation"}


def test_the_page_and_the_api_ask_when_the_conduct_ended(store, cast, provider):
    client = Client()
    client.force_login(cast.officer.user)
    shown = client.get(reverse("enforcement:propose"))
    assert {"conduct_ended_on", "harms_health"} <= set(shown.context["form"].fields)
    said = {
        "title": "示例案", "subject": provider.code, "cause": "检查发现", "discovered_on": TODAY.isoformat(),
        "officers": [cast.officer.user.pk, cast.second_officer.user.pk], "conduct_ended_on": "2099-01-01",
    }  # fmt: skip
    ahead = client.post("/api/v1/cases/", said, content_type="application/json")
    assert ahead.status_code == 422
    assert "conduct_ended_on" in ahead.content.decode()
    made = client.post(
        "/api/v1/cases/", {**said, "conduct_ended_on": "2026-01-05", "harms_health": True},
        content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    case = EnforcementCase.objects.get()
    assert (case.conduct_ended_on, case.harms_health) == (date(2026, 1, 5), True)
