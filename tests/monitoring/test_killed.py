"""A worker killed with SIGKILL in the middle of an import or a screening: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import duckdb
import pytest
from django.db import connection

from monitoring.claims.layout import TABLES
from monitoring.claims.store import relation
from monitoring.models import Alert, AlertLine, ClaimsFile, ImportBatch, RuleItem, RunPart, ScreeningRun
from monitoring.selectors.claims import current_files
from monitoring.services import imports, library, rules, screening
from tests.monitoring.conftest import csv_text, rows_of

ROWS = 200_000
CHILD = """
import os, django
django.setup()
from django.conf import settings
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_DATABASE"]
settings.CLAIMS_DIR = os.environ["CLAIMS_DIR"]
from monitoring.services import imports, screening
{call}
"""


@pytest.fixture
def child(claims_dir):
    """Start a process doing one call on the test's own database and store."""
    started = []

    def _child(call: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "supervision.settings",
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "CLAIMS_DIR": str(claims_dir),
        }
        process = subprocess.Popen([sys.executable, "-c", CHILD.format(call=call)], env=environment)  # noqa: S603
        started.append(process)
        return process

    yield _child
    for process in started:
        process.kill()
        process.wait()


def kill_when(process: subprocess.Popen[bytes], reached) -> None:
    """SIGKILL as soon as ``reached()``; fails if the process ends first."""
    deadline = time.monotonic() + 90
    while not reached():
        assert process.poll() is None, "the work was over before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["checking", "storing"])
def test_a_killed_import_is_taken_up_and_counts_once(claims_dir, child, settings, stage):
    first = csv_text(rows_of("FEE_LIST_D", {"bkkp_sn": "L0"}, {"bkkp_sn": "OLD"}))
    batch, _created = imports.receive(name="FEE_LIST_D.csv", blocks=[first.encode()])
    imports.run(batch_id=batch.pk)
    head, row = csv_text(rows_of("FEE_LIST_D", {"bkkp_sn": "LX"})).splitlines()
    text = "\n".join([head, *(row.replace("LX", f"L{n}", 1) for n in range(ROWS))])
    batch, _created = imports.receive(name="FEE_LIST_D.csv", blocks=[text.encode()])
    process = child(f"imports.run(batch_id={batch.pk})")
    kill_when(process, lambda: ImportBatch.objects.filter(pk=batch.pk, stage=stage).exists())
    assert ClaimsFile.objects.filter(removed_by__isnull=True).count() == 1
    assert imports.run(batch_id=batch.pk) is False
    settings.CLAIMS_STALE_SECONDS = 0
    assert imports.stalled() == [batch.pk]
    assert imports.run(batch_id=batch.pk) is True
    batch.refresh_from_db()
    assert (batch.state, batch.rows_stored, batch.rows_replaced) == ("done", ROWS, 1)
    paths = [path for _month, path in current_files()["fee_lines"]]
    stored = relation(TABLES["fee_lines"], paths)
    assert duckdb.sql(f"SELECT count(*), count(DISTINCT bkkp_sn) FROM ({stored})").fetchone() == (ROWS + 1, ROWS + 1)
    assert not list((claims_dir / "work").glob("*"))


@pytest.mark.django_db(transaction=True)
def test_a_killed_screening_goes_on_and_finds_each_thing_once(claims_dir, child, settings):
    rules.sync()
    file = library.LibraryFile.objects.create(name="test", sha256="1" * 64)
    RuleItem.objects.create(file=file, sheet="s", row=2, rule_class="drug_sex", code="XA01", name="某药", sex="2")
    visits = rows_of("MDTRT_D", *({"mdtrt_id": f"V{n}"} for n in range(50)))
    lines = rows_of("FEE_LIST_D", *({"bkkp_sn": f"L{n}", "mdtrt_id": f"V{n}"} for n in range(50)))
    for kind, rows in (("MDTRT_D", visits), ("FEE_LIST_D", lines)):
        batch, _created = imports.receive(name=f"{kind}.csv", blocks=[csv_text(rows).encode()])
        imports.run(batch_id=batch.pk)
    run = screening.start()
    process = child(f"screening.work_on(run_id={run.pk})")
    kill_when(process, lambda: RunPart.objects.filter(run=run, state="done").count() >= 2)
    settings.CLAIMS_STALE_SECONDS = 0
    assert screening.stalled() == [run.pk]
    screening.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "done"
    assert set(run.parts.values_list("state", flat=True)) == {"done"}
    assert Alert.objects.count() == AlertLine.objects.count() == 50
    assert sum(run.parts.values_list("alerts_new", flat=True)) == 50
    assert ScreeningRun.objects.count() == 1
