"""A real worker is killed with SIGKILL in the middle of a transaction; nothing is lost, nothing is doubled."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction

from inspections.draws import scheduler
from inspections.draws.models import Draw, DrawInspector, DrawTarget, PlanPeriod, YearPlan
from inspections.draws.publication import replay
from inspections.draws.selectors import publication_of
from inspections.draws.tasks import tick
from inspections.verbs import PERIOD_OPENED
from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.chain import faults
from supervision.procedure.models import Event
from supervision.procedure.services import advance, record
from tests.draws.conftest import CONTRIBUTIONS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.law("HY-31", "DR-3")]
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


@pytest.fixture
def start_worker(tmp_path):
    """Starts Celery workers, in processes of their own, on this test's database and broker."""
    url = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}")),
        "TASK_VISIBILITY_SECONDS": "1",
        # What this process sealed the worker opens, whatever an earlier test left in the environment.
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "INDEX_KEY": settings.INDEX_KEY,
    }
    command = [sys.executable, "-m", "celery", "-A", "supervision", "worker", "--pool", "solo"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    running = []

    def start():
        log = (tmp_path / f"worker-{len(running)}.log").open("wb")
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
        running.append(worker)
        return worker

    yield start
    for worker in running:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


@contextmanager
def held_table(table):
    """Another session keeps writers out of a table, so that a worker stands still in mid-transaction."""
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    other = psycopg2.connect(**settings)
    try:
        other.cursor().execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield
    finally:
        other.rollback()
        other.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def kill_in(table, start_worker):
    """Kill a worker that stands still before this table, in the middle of what the tick told it to do."""
    with held_table(table):
        worker = standing(start_worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()


def standing(start_worker, attempts=3):
    """A worker in mid-transaction. One that takes up nothing within a minute is replaced, as its keeper would do."""
    for attempt in range(attempts):
        worker = start_worker()
        tick.delay()
        try:
            wait_for("the worker to stand in the middle", somebody_waits)
        except AssertionError:
            worker.kill()
            worker.wait()
            if attempt == attempts - 1:
                raise
        else:
            return worker
    raise AssertionError("no attempt was made")


def test_killed_while_a_period_is_opened(plan, timeline, start_worker):
    timeline.end()
    with transaction.atomic():
        YearPlan.objects.update(year=clock.today().year)
        PlanPeriod.objects.filter(number=2).update(opened_at="2025-08-31T00:00Z")
        record(plan, PERIOD_OPENED, Actor.system(), {})
    kill_in("inspections_drawwitness", start_worker)
    wait_for("the dead session to end", lambda: not somebody_waits())
    assert not Draw.objects.exists()
    assert PlanPeriod.objects.get(number=1).opened_at is None

    start_worker()
    tick.delay()
    tick.delay()
    draw = wait_for("the draw", Draw.objects.first)
    tick.delay()
    wait_for("its rolls", Draw.objects.filter(state=Draw.State.ROLLS_FROZEN).exists)
    assert Draw.objects.count() == 1
    assert draw.witnesses.count() == 2
    assert draw.number.endswith("1号")


def test_killed_while_the_lots_are_drawn(world, announced, start_worker):
    world.timeline.at(2025, 3, 10, 8, 58)
    advance(announced, "reveal", world.witnesses[1], contribution=CONTRIBUTIONS[1])
    world.timeline.end()
    kill_in("inspections_drawinspector", start_worker)
    wait_for("the dead session to end", lambda: not somebody_waits())
    announced.refresh_from_db()
    assert announced.state == Draw.State.REVEALED
    assert not DrawTarget.objects.exists()

    start_worker()
    tick.delay()
    wait_for("the result", lambda: Draw.objects.filter(state=Draw.State.PUBLISHED, tasks_opened=True).exists())
    announced.refresh_from_db()
    result = replay(publication_of(announced))
    assert [target.code for target in announced.targets.all()] == [item.ticket.code for item in result.selected]
    assert DrawInspector.objects.count() == sum(len(item.inspectors) for item in result.selected)
    events = list(Event.objects.filter(dossier=announced.pk).order_by("seq"))
    verbs = Counter(event.verb for event in events)
    assert verbs["open_contributions"] == verbs["draw_lots"] == verbs["publish"] == 1
    assert list(faults(announced, events)) == []
    assert scheduler.take_forward(announced.pk) == []
