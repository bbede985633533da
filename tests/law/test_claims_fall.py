"""HY-25: nobody drops a claim while the decision behind it stands; it falls with its reversal or on a ground of law."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.urls import reverse as address

from enforcement.models import EnforcementCase
from funds.models import Receivable
from funds.services import MoneyRefused, cancel_receivable
from supervision.procedure import clock
from tests.breach_stage import executing, recover
from tests.case_stage import performing
from tests.dispute_stage import dispute_ended, reverse

pytestmark = pytest.mark.law("HY-25", "PP-47", "PP-56")

NAMED = {"document": "示例法终〔2026〕9号", "document_of": clock.today}


def said(ground, **changed):
    given = {"ground": ground, "reason": "不再追缴。", **NAMED, **changed}
    return {name: value() if callable(value) else value for name, value in given.items()}


@pytest.fixture
def breach(cast, agreement, provider):
    return executing(cast, provider, recover("1000"))


@pytest.fixture
def fined(cast, provider):
    case = performing(cast, provider)
    return EnforcementCase.objects.get(pk=case.pk)


@pytest.mark.parametrize("ground", ["", "reversed", "revoked", "mercy"])
def test_a_breachs_claim_is_not_dropped_while_its_decision_stands(breach, cast, client, ground):
    owed = breach.receivables.get()
    with pytest.raises(MoneyRefused) as refusal:
        cancel_receivable(owed, cast.agency_head, **said(ground))
    assert refusal.value.law == ("HY-25",)
    cache.clear()
    client.force_login(cast.agency_head.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(address("funds:cancel", args=[owed.pk]), said(ground))
    assert page.status_code == 422
    assert "ground" in page.context["form"].errors
    for method, url in (("post", "cancel/"), ("patch", ""), ("delete", "")):
        answer = getattr(client, method)(f"/api/v1/receivables/{owed.pk}/{url}", said(ground), "application/json")
        assert answer.status_code in (404, 405)
    owed.refresh_from_db()
    assert (owed.state, owed.cancelled_on_ground) == ("open", "")
    assert not breach.events.filter(verb="receivable_cancelled").exists()


def test_it_falls_with_the_reversal(breach, cast):
    reverse(dispute_ended(breach, cast), cast)
    owed = breach.receivables.get()
    assert (owed.state, owed.cancelled_on_ground) == ("cancelled", "reversed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"document": " "},
        {"document_of": None},
        {"document_of": clock.today() + timedelta(days=1)},
        {"document_of": clock.today() - timedelta(days=400)},
        {"reason": " "},
    ],
    ids=str,
)
def test_a_ground_of_law_names_its_document(fined, cast, wrong):
    owed = fined.receivables.get(kind="fine")
    with pytest.raises(MoneyRefused):
        cancel_receivable(owed, cast.head, **said("revoked", **wrong))
    owed.refresh_from_db()
    assert owed.state == "open"


def test_only_the_head_of_the_matters_authority(fined, cast, client):
    owed = fined.receivables.get(kind="fine")
    cache.clear()
    for other in (cast.officer, cast.agency_head, cast.twin_officer, cast.city_head, cast.finance):
        with pytest.raises(MoneyRefused):
            cancel_receivable(owed, other, **said("revoked"))
        client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(address("funds:cancel", args=[owed.pk]), said("revoked")).status_code == 404


def test_what_a_court_revoked_falls_and_tells_why(fined, cast, client):
    owed = fined.receivables.get(kind="fine")
    cache.clear()
    client.force_login(cast.head.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address("funds:cancel", args=[owed.pk]), said("revoked")).status_code == 302
    owed.refresh_from_db()
    assert (owed.state, owed.cancelled_on_ground, owed.cancelled_by_document) == (
        "cancelled", "revoked", NAMED["document"],
    )  # fmt: skip
    event = fined.events.last()
    assert (event.verb, event.law, event.facts["document"]) == ("receivable_cancelled", ["HY-25"], NAMED["document"])
    page = client.get(address("funds:receivable", args=[owed.pk]))
    assert NAMED["document"] in page.content.decode()
    other = cancel_receivable(fined.receivables.get(kind="refund"), cast.head, **said("no_successor"))
    assert other.state == "cancelled"
    assert fined.events.filter(verb="receivable_cancelled").last().law == ["PP-47"]


def test_the_database_knows_no_cancelling_without_a_ground(fined):
    for wrong in ({}, {"cancelled_on_ground": "revoked"}):
        with pytest.raises(DatabaseError, match="receivable_cancelled_on_a_ground"), transaction.atomic():
            Receivable.objects.filter(dossier=fined.pk).update(state="cancelled", cancelled_because="免了", **wrong)
