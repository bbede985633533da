"""Pages of monitoring: who sees what, what they can do, and that nothing leaks across counties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import override

from inspections.leads.models import Lead
from monitoring.models import Alert, AlertEvent, AlertLine, ColumnMapping, ImportBatch, Rule, ScreeningRun
from monitoring.services import alerts as service
from monitoring.services import rules
from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Post, Provider, Region, User
from supervision.parties.roles import Role
from tests.busy_worker import busy_worker
from tests.monitoring.conftest import csv_text, rows_of

ALWAYS = DateRange(date(2020, 1, 1), None)


def bureau(region: Region, level: str) -> Authority:
    return Authority.objects.create(
        kind="authority",
        code=f"B{region.code}",
        name=f"{region.name}医保局",
        region=region,
        body="bureau",
        level=level,
        word="示医保",
    )


def officer(username: str, authority: Authority, role: Role = Role.BUREAU_OFFICER) -> User:
    user = User.objects.create_user(username, "某官", "correct horse battery")
    Post.objects.create(user=user, authority=authority, role=role, valid=ALWAYS)
    return user


@pytest.fixture
def places(db):
    cache.clear()
    city = Region.objects.create(code="990000", name="示例市", path="990000/")
    east = Region.objects.create(code="990002", name="东区", parent=city, path="990000/990002/")
    west = Region.objects.create(code="990003", name="西县", parent=city, path="990000/990003/")
    return {
        name: (region, bureau(region, level))
        for name, region, level in (("city", city, "city"), ("east", east, "county"), ("west", west, "county"))
    }


def provider(region: Region, code: str) -> Provider:
    return Provider.objects.create(
        kind="provider", code=code, name=f"示例{code}医院", region=region, sort="hospital", ownership="public"
    )


@pytest.fixture
def alert_at(catalogue, places):
    """Make an alert about a provider of a place."""

    def _alert(place: str, number: int = 1, amount: str = "90.00") -> Alert:
        region, authority = places[place]
        code = f"H{region.code}"
        about = Provider.objects.filter(code=code).first() or provider(region, code)
        run = ScreeningRun.objects.create(months=["202403"], authority=authority, state="done")
        rule = Rule.objects.get(slug="drug-sex")
        alert = Alert.objects.create(
            rule=rule,
            fingerprint=f"{place}{number}".ljust(64, "0"),
            provider=about,
            provider_code=code,
            person_code="PSN00000000123456",
            visit_code=f"V{number}",
            month="202403",
            amount=Decimal(amount),
            severity="medium",
            line_count=1,
            first_run=run,
            last_run=run,
        )
        AlertLine.objects.create(
            alert=alert, provider_code=code, visit_code=f"V{number}", line_code="L1", item_name="某药", flagged=amount
        )
        return alert

    return _alert


def signed_in(client, user):
    client.force_login(user)
    return client


PAGES = ("overview", "alerts", "imports", "upload", "rules", "library", "library-import", "runs", "start")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_empty_and_for_officers_only(client, places, name, claims_dir):
    address = reverse(f"monitoring:{name}")
    signed_in(client, officer("B1", places["city"][1]))
    assert client.get(address).status_code == 200
    client.logout()
    assert client.get(address).status_code == 302
    signed_in(client, officer("A1", places["city"][1], Role.SYSTEM_ADMIN))
    answer = client.get(address)
    assert answer.status_code in (200, 403)
    assert name not in ("upload", "library-import", "start") or answer.status_code == 403


def test_a_county_sees_its_own_alerts_and_the_city_all(client, places, alert_at):
    east, west = alert_at("east"), alert_at("west")
    signed_in(client, officer("E1", places["east"][1]))
    page = client.get(reverse("monitoring:alerts")).content.decode()
    assert east.provider.name in page
    assert west.provider.name not in page
    for name in ("alert", "alert-lines"):
        assert client.get(reverse(f"monitoring:{name}", args=[west.pk])).status_code == 404
    assert client.get(reverse("monitoring:decide", args=[west.pk, "confirm"])).status_code == 404
    assert client.get(reverse("monitoring:run", args=[west.first_run_id])).status_code == 404
    signed_in(client, officer("B1", places["city"][1]))
    page = client.get(reverse("monitoring:alerts")).content.decode()
    assert east.provider.name in page
    assert west.provider.name in page


def test_the_record_shows_proof_rule_and_law_and_masks_the_person(client, places, alert_at):
    alert = alert_at("east")
    signed_in(client, officer("E1", places["east"][1]))
    page = client.get(alert.get_absolute_url()).content.decode()
    assert "某药" in page
    assert alert.rule.explanation_zh in page
    assert "PSN00000000123456" not in page
    assert client.get(alert.rule.get_absolute_url()).status_code == 200
    assert "PSN00000000123456" not in client.post(reverse("monitoring:alerts"), {"export": "csv"}).getvalue().decode()


def test_a_dismissal_needs_a_reason_and_keeps_it(client, places, alert_at):
    alert = alert_at("east")
    signed_in(client, officer("E1", places["east"][1]))
    address = reverse("monitoring:decide", args=[alert.pk, "dismiss"])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "变性手术后"}).status_code == 302
    alert.refresh_from_db()
    assert (alert.state, alert.events.get().reason) == ("dismissed", "变性手术后")
    again = client.post(address, {"reason": "再次"})
    assert again.status_code == 422
    assert AlertEvent.objects.count() == 1


def test_only_one_of_two_decisions_counts(places, alert_at):
    one = alert_at("east")
    other = Alert.objects.get(pk=one.pk)
    actor = Actor(officer("E1", places["east"][1]), places["east"][1], None, frozenset({Role.BUREAU_OFFICER}))
    service.confirm(alert=one, actor=actor)
    with pytest.raises(service.NotPossible):
        service.confirm(alert=other, actor=actor)
    assert AlertEvent.objects.count() == 1


def test_an_upload_becomes_an_import_seen_by_its_authority(
    client, places, claims_dir, django_capture_on_commit_callbacks
):
    signed_in(client, officer("E1", places["east"][1]))
    file = SimpleUploadedFile(
        "MDTRT_D.csv", csv_text(rows_of("MDTRT_D", {}, {"mdtrt_id": "V2", "age": "900"})).encode()
    )
    with busy_worker():
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("monitoring:upload"), {"file": file})
        batch = ImportBatch.objects.get()
        assert answer.url == batch.get_absolute_url()
        assert 'hx-trigger="every 2s"' in client.get(answer.url).content.decode()
    page = client.get(answer.url).content.decode()
    assert "hx-trigger" not in page.split('id="live"')[1].split(">")[0]
    assert "age" in page
    bad = client.get(reverse("monitoring:bad-rows", args=[batch.pk]))
    assert "441602199001011234" not in bad.getvalue().decode()
    signed_in(client, officer("W1", places["west"][1]))
    assert client.get(batch.get_absolute_url()).status_code == 404
    assert client.post(reverse("monitoring:cancel-import", args=[batch.pk])).status_code == 404


def test_the_mappings_that_are_shipped_have_a_name_in_the_readers_language(client, places, catalogue):
    signed_in(client, officer("E1", places["east"][1]))
    page = client.get(reverse("monitoring:upload")).content.decode()
    assert "住院结算与参保人员" in page
    assert "inpatient claims" not in page
    with override("en"):
        assert "inpatient claims" in str(ColumnMapping.objects.get(slug="synpuf"))


def test_a_screening_is_started_from_the_page(client, places, alert_at, send_rows, django_capture_on_commit_callbacks):
    send_rows(MDTRT_D=rows_of("MDTRT_D", {}))
    signed_in(client, officer("B1", places["city"][1], Role.BUREAU_HEAD))
    rule = Rule.objects.get(slug="over-price")
    with busy_worker():
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("monitoring:start"), {"months": ["202403"], "rules": [rule.pk]})
        run = ScreeningRun.objects.latest("pk")
        assert answer.url == run.get_absolute_url()
        assert run.state == "queued"
    page = client.get(answer.url).content.decode()
    assert rule.name_zh in page
    run.refresh_from_db()
    assert run.state == "done"


def test_the_head_changes_numbers_and_gets_a_new_version(client, places, alert_at):
    rule = Rule.objects.get(slug="split-admission", active=True)
    address = reverse("monitoring:parameters", args=[rule.pk])
    signed_in(client, officer("E1", places["east"][1]))
    assert client.get(address).status_code == 403
    signed_in(client, officer("H1", places["city"][1], Role.BUREAU_HEAD))
    assert client.post(address, {"days": 0, "diagnosis_characters": 3}).status_code == 422
    assert client.post(address, {"days": 10, "diagnosis_characters": 3}).status_code == 302
    new = Rule.objects.get(slug="split-admission", active=True)
    assert (new.version, new.set_by.username) == (2, "H1")
    assert new.set_by.name in client.get(new.get_absolute_url()).content.decode()
    signed_in(client, officer("H2", places["east"][1], Role.BUREAU_HEAD))
    assert client.get(reverse("monitoring:parameters", args=[new.pk])).status_code == 403, "it would hold for the city"


def test_numbers_the_bureau_set_outlive_the_next_delivery_of_the_rules(client, places, alert_at):
    rule = Rule.objects.get(slug="split-admission", active=True)
    signed_in(client, officer("H1", places["city"][1], Role.BUREAU_HEAD))
    client.post(reverse("monitoring:parameters", args=[rule.pk]), {"days": 10, "diagnosis_characters": 3})
    assert rules.sync()["rules"] == 0
    kept = Rule.objects.get(slug="split-admission", active=True)
    assert (kept.version, kept.parameters["days"], kept.set_by.username) == (2, 10, "H1")
    Rule.objects.filter(pk=kept.pk).update(theme="旧专题")  # as an earlier delivery had it
    assert rules.sync()["rules"] == 1
    newer = Rule.objects.get(slug="split-admission", active=True)
    assert (newer.version, newer.theme, newer.parameters["days"]) == (3, rule.theme, 10)
    assert newer.set_by.username == "H1"


def test_the_library_is_the_citys_to_import(client, places):
    address = reverse("monitoring:library-import")
    for place, expected in (("city", 200), ("east", 403)):
        signed_in(client, officer(f"L{place}", places[place][1]))
        assert client.get(address).status_code == expected
        assert (address in client.get(reverse("monitoring:library")).content.decode()) is (expected == 200)


def test_the_list_of_alerts_costs_the_same_for_any_number(client, places, alert_at, django_assert_max_num_queries):
    signed_in(client, officer("B1", places["city"][1]))
    for number in range(3):
        alert_at("east", number)
    client.get(reverse("monitoring:alerts"))
    with django_assert_max_num_queries(14):
        client.get(reverse("monitoring:alerts"))
    for number in range(3, 30):
        alert_at("west", number)
    with django_assert_max_num_queries(14):
        client.get(reverse("monitoring:alerts"))


def test_one_lead_carries_the_alerts_of_a_rule_and_provider(client, places, alert_at):
    first = alert_at("east", 1)
    alert_at("east", 2, "10.00")
    other_provider = alert_at("west", 3)
    signed_in(client, officer("B1", places["city"][1]))
    address = reverse("monitoring:decide", args=[first.pk, "lead"])
    assert "together" in client.get(address).content.decode()
    answer = client.post(address, {"together": "on", "reason": "集中核查"})
    assert answer.status_code == 302
    first.refresh_from_db()
    lead = first.lead
    assert lead.subject_id == first.provider_id
    assert Alert.objects.filter(lead=lead, state="led").count() == 2
    assert Lead.objects.get(pk=lead.pk).suspected_amount == Decimal("100.00")
    other_provider.refresh_from_db()
    assert other_provider.state == "new"
    assert client.get(answer.url).status_code == 200
    assert lead.number in client.get(first.get_absolute_url()).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
