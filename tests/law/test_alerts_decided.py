"""HY-14, HY-48: no door moves an alert, or a screening run, without saying who decided it and why."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from monitoring.models import Alert, AlertEvent, AlertLine, Rule, RunPart, ScreeningRun
from monitoring.services import alerts, rules, screening
from monitoring.services.screening import fingerprint
from supervision.records.verification import verify

pytestmark = pytest.mark.law("HY-14", "HY-48")


@pytest.fixture
def alert(db, land, provider):
    rules.sync()
    rule = Rule.objects.get(slug="drug-sex")
    run = ScreeningRun.objects.create(months=["202403"], authority=land.county_bureau)
    mark = fingerprint(rule, rule.parameters, provider.code, "V1", [("V1", "L1", Decimal("90.00"))])
    with transaction.atomic():
        made = Alert.objects.create(
            rule=rule, parameters=rule.parameters, fingerprint=mark, provider=provider, provider_code=provider.code,
            person_code="PSN00000000123456", visit_code="V1", month="202403", amount=Decimal("90.00"),
            severity="medium", line_count=1, first_run=run, last_run=run,
        )  # fmt: skip
        AlertLine.objects.create(
            alert=made, provider_code=provider.code, visit_code="V1", line_code="L1", flagged=Decimal("90.00")
        )
    assert verify().faults == []
    return made


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def settle():
    sql("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@transaction.atomic
def settled(act):
    act()
    settle()


def refused(act):
    with pytest.raises(DatabaseError):
        settled(act)


def saved(alert):
    alert.state = "dismissed"
    alert.save()


ALTERED = [
    lambda alert: Alert.objects.filter(pk=alert.pk).update(state="dismissed"),
    saved,
    lambda alert: Alert.objects.bulk_update([alert], ["state"]) if setattr(alert, "state", "confirmed") is None else 0,
    lambda alert: sql("UPDATE monitoring_alert SET state = 'confirmed' WHERE id = %s", alert.pk),
    lambda alert: Alert.objects.filter(pk=alert.pk).update(amount=1),
    lambda alert: Alert.objects.filter(pk=alert.pk).update(provider=None),
    lambda alert: Alert.objects.filter(pk=alert.pk)._raw_delete(using="default"),
    lambda alert: alert.lines.update(flagged=1),
    lambda alert: alert.lines.all()._raw_delete(using="default"),
    lambda alert: sql("SET LOCAL supervision.allow_truncate = 'off'; TRUNCATE monitoring_alertline"),
    lambda alert: AlertEvent.objects.create(alert=alert, verb="dismiss", source="new", target="dismissed", reason="无"),
]


@pytest.mark.parametrize("alter", ALTERED)
def test_the_database_refuses_an_alert_changed_by_hand(alert, alter):
    refused(lambda: alter(alert))
    assert verify().faults == []


def test_a_decision_says_who_and_why_and_is_never_altered(alert, cast):
    given = {"alert": alert, "verb": "dismiss", "source": "new", "target": "dismissed"}
    for missing in ({"by": cast.officer.user}, {"reason": "核对无误"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlertEvent.objects.create(**given, **missing)
    alerts.dismiss(alert=alert, actor=cast.officer, reason="核对无误")
    settle()
    decided = alert.events.get()
    assert (decided.source, decided.target, decided.by, decided.reason) == (
        "new", "dismissed", cast.officer.user, "核对无误",
    )  # fmt: skip
    for act in (
        lambda: alert.events.update(reason="改"),
        lambda: alert.events.all()._raw_delete(using="default"),
        lambda: AlertEvent.objects.create(**given, by=cast.officer.user, reason="再"),
        lambda: Alert.objects.filter(pk=alert.pk).update(state="new"),
        lambda: AlertLine.objects.create(alert=alert, provider_code="1", visit_code="V1", flagged=1),
    ):
        refused(act)
    alerts.confirm(alert=alert, actor=cast.officer)
    lead = alerts.make_lead(alert=alert, actor=cast.officer)
    settle()
    assert list(alert.events.values_list("source", "target")) == [
        ("new", "dismissed"), ("dismissed", "confirmed"), ("confirmed", "led"),
    ]  # fmt: skip
    assert (alert.lead_id, verify().faults) == (lead.pk, [])


BELOW = [
    lambda alert: Alert.objects.filter(pk=alert.pk).update(state="confirmed"),
    lambda alert: Alert.objects.filter(pk=alert.pk).update(amount=1),
    lambda alert: alert.lines.update(flagged=1),
    lambda alert: alert.lines.all()._raw_delete(using="default"),
    lambda alert: AlertLine.objects.create(alert=alert, provider_code="1", visit_code="V1", line_code="L2", flagged=1),
    lambda alert: Alert.objects.filter(pk=alert.pk).update(visit_code="V2"),
]


@pytest.mark.parametrize("alter", BELOW)
def test_what_was_altered_below_the_triggers_is_found(alert, alter):
    settle()
    sql("SET session_replication_role = replica")
    alter(alert)
    sql("SET session_replication_role = origin")
    assert {fault.where for fault in verify().faults} == {f"alert {alert.pk}"}


def test_a_run_ends_with_its_parts_and_stays_as_it_was_asked_for(alert, cast):
    run = alert.first_run
    part = RunPart.objects.create(run=run, rule=alert.rule, month="202403")
    for act in (
        lambda: ScreeningRun.objects.filter(pk=run.pk).update(state="done"),
        lambda: ScreeningRun.objects.filter(pk=run.pk).update(months=["202404"]),
        lambda: ScreeningRun.objects.filter(pk=run.pk).update(by=cast.officer.user),
        lambda: RunPart.objects.filter(pk=part.pk).update(state="done"),
        lambda: RunPart.objects.filter(pk=part.pk)._raw_delete(using="default"),
        lambda: ScreeningRun.objects.filter(pk=run.pk)._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    screening.ask_to_cancel(run=run)
    run.refresh_from_db()
    assert run.state == "cancelled"
    screening.ask_to_cancel(run=run)
    for row in (ScreeningRun.objects.filter(pk=run.pk), RunPart.objects.filter(pk=part.pk)):
        with pytest.raises(DatabaseError, match="is over"), transaction.atomic():
            row.update(state="running")
