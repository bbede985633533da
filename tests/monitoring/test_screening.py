"""Screening finds every planted violation, no decoy, and never the same thing twice."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings

from monitoring import demo
from monitoring.models import Alert, AlertLine, ClaimsFile, ImportBatch, Rule, RuleItem, ScreeningRun
from monitoring.rules import EXPRESSIONS
from monitoring.services import imports, library, rules, screening
from supervision.parties.models import Practitioner, Provider, Region
from supervision.parties.served import served_by_server
from supervision.records.verification import verify
from tests.monitoring.conftest import settlement_hold

FIRST = date(2024, 3, 1)


def cast_of(persons: int = 1600):
    """Providers with staff and persons of all ages, by invented codes."""
    places = [
        demo.DemoProvider(f"H44990000{n:03d}", f"示例第{n}医院", "3" if n < 3 else "2", False, (f"D{n}1", f"D{n}2"))
        for n in range(1, 5)
    ]
    places += [demo.DemoProvider(f"H44990001{n:03d}", f"示例{n}诊所", "9", False, (f"D9{n}",)) for n in range(1, 4)]
    places += [demo.DemoProvider(f"P44990000{n:03d}", f"示例{n}药房", "9", True, (f"D8{n}",)) for n in range(1, 6)]
    people = [
        demo.DemoPerson(f"PSN{n:08d}", "1" if n % 2 else "2", date(1930 + n % 90, n % 12 + 1, n % 28 + 1))
        for n in range(persons)
    ]
    return places, people


@pytest.fixture(scope="module")
def stored_city(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two months of an invented city imported once: the store's folder, its manifest, and what was planted."""
    folder = tmp_path_factory.mktemp("city")
    places, people = cast_of()
    files, planted = demo.generate(
        folder / "files",
        seed=7,
        providers=places,
        persons=people,
        suspensions=[demo.Suspension("D11", date(2024, 3, 5), date(2024, 4, 20))],
        first_month=FIRST,
        months=2,
        scale=0.5,
    )
    with django_db_blocker.unblock(), override_settings(CLAIMS_DIR=folder / "claims"), transaction.atomic():
        for path in files:
            batch, _created = imports.receive(name=path.name, blocks=[path.read_bytes()])
            imports.run(batch_id=batch.pk)
            batch.refresh_from_db()
            assert (batch.state, batch.rows_bad) == ("done", 0), batch.refusal_text
        manifest = list(ClaimsFile.objects.values("table", "month", "path", "sha256", "rows", "size"))
        transaction.set_rollback(True)
    return folder / "claims", manifest, planted


@served_by_server
def registered():
    """The invented city's providers, and the physician who is to be suspended."""
    region = Region.objects.create(code="449900", name="示例市", path="449900/")
    for place in cast_of()[0]:
        Provider.objects.create(
            kind="provider", code=place.code, name=place.name, region=region, sort="hospital", ownership="public"
        )
    return Practitioner.objects.create(
        kind="practitioner", code="D11", name="示例医师", region=region, profession="physician"
    )


@pytest.fixture
def city(db, settings, stored_city, catalogue, tmp_path):
    """The invented city in the store, its library and its suspended physician in the registry."""
    settings.CLAIMS_DIR, manifest, planted = stored_city
    batch = ImportBatch.objects.create(name="city", sha256="0" * 64, size=1, state="done")
    ClaimsFile.objects.bulk_create(ClaimsFile(added_by=batch, **entry) for entry in manifest)
    for path in demo.write_library(tmp_path / "library"):
        assert library.import_library(path=path).errors == []
    doctor = registered()
    settlement_hold(party=doctor, reason="eligibility", days=(date(2024, 3, 5), date(2024, 4, 21)), matter="示例")
    return planted


def test_everything_planted_is_found_and_nothing_else(city):
    run = screening.start()
    screening.work_on(run_id=run.pk)
    run.refresh_from_db()
    faults = [(part.rule.slug, part.fault) for part in run.parts.filter(state="failed")]
    assert run.state == "done", faults
    found = set(Alert.objects.values_list("rule__slug", "visit_code"))
    wanted = {(item.rule, item.visit) for item in city if not item.decoy}
    decoys = {(item.rule, item.visit) for item in city if item.decoy}
    assert wanted - found == set()
    assert decoys & found == set()
    strangers = found - wanted
    assert len(strangers) <= len(wanted) * 0.05, sorted(strangers)
    assert len({rule for rule, _visit in wanted}) == 20


def test_alerts_carry_provider_amount_and_lines(city):
    run = screening.start(chosen=["202403"])
    screening.work_on(run_id=run.pk)
    alert = Alert.objects.filter(rule__slug="item-frequency").first()
    assert alert.provider.code == alert.provider_code
    assert alert.line_count == alert.lines.count() == 1
    assert (alert.amount, alert.lines.get().amount) == (36, 60)
    overlap = Alert.objects.filter(rule__slug="overlapping-stays").first()
    assert [line.line_code for line in overlap.lines.all()] == ["", ""]
    assert {line.flagged > 0 for line in overlap.lines.all()} == {True, False}
    assert len({line.provider_code for line in overlap.lines.all()}) == 2
    assert verify().faults == []


def test_screening_again_finds_the_same_alerts(city):
    first = screening.start()
    screening.work_on(run_id=first.pk)
    alerts, lines = Alert.objects.count(), AlertLine.objects.count()
    second = screening.start()
    screening.work_on(run_id=second.pk)
    assert (Alert.objects.count(), AlertLine.objects.count()) == (alerts, lines)
    assert sum(part.alerts_new for part in second.parts.all()) == 0
    assert sum(part.alerts_known for part in second.parts.all()) == alerts
    assert set(Alert.objects.values_list("last_run", flat=True)) == {second.pk}


def test_other_parameters_are_another_version_with_its_own_alerts(city):
    old = Rule.objects.get(slug="split-admission")
    new = rules.change_parameters(rule=old, parameters={"days": 2, "diagnosis_characters": 3})
    old.refresh_from_db()
    assert (new.version, old.active, new.active) == (2, False, True)
    run = screening.start(rules=[new])
    screening.work_on(run_id=run.pk)
    assert not Alert.objects.exists()
    with pytest.raises(ValueError, match="days"):
        rules.change_parameters(rule=new, parameters={"days": 0, "diagnosis_characters": 3})


def test_a_cancelled_run_stops_and_says_so(city):
    run = screening.start()
    screening.ask_to_cancel(run=run)
    screening.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Alert.objects.exists()


def test_nothing_to_screen_is_said(db, claims_dir, catalogue):
    with pytest.raises(screening.NothingToScreen):
        screening.start()
    assert not ScreeningRun.objects.exists()


def test_a_rule_that_fails_does_not_stop_the_others(city, monkeypatch):
    monkeypatch.setitem(EXPRESSIONS, "over_price", lambda scope: scope.lines.no_such_column)
    chosen = Rule.objects.filter(slug__in=["over-price", "drug-sex"])
    run = screening.start(rules=chosen)
    screening.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert {part.state for part in run.parts.filter(rule__slug="drug-sex")} == {"done"}
    assert "no_such_column" in run.parts.filter(rule__slug="over-price").first().fault


def test_the_files_are_the_same_for_the_same_seed(tmp_path):
    places, people = cast_of()
    made = [
        demo.generate(
            tmp_path / str(n), seed=3, providers=places, persons=people, first_month=FIRST, months=1, scale=0.1
        )
        for n in range(2)
    ]
    assert [path.read_bytes() for path in made[0][0]] == [path.read_bytes() for path in made[1][0]]
    assert made[0][1] == made[1][1]


def test_a_library_point_that_is_gone_changes_nothing_else(city):
    RuleItem.objects.filter(rule_class="drug_sex").delete()
    run = screening.start(chosen=["202403"])
    screening.work_on(run_id=run.pk)
    assert not Alert.objects.filter(rule__slug="drug-sex").exists()
    assert Alert.objects.filter(rule__slug="item-sex").exists()
