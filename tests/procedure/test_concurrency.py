"""Many hands at once on real PostgreSQL: no gap, no double, nothing lost when a process is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.procedure import clock, lapses, seals
from supervision.procedure.chain import faults
from supervision.procedure.models import Dossier, Event, Seal, SealLeaf, Term
from supervision.procedure.numbering import next_number
from supervision.procedure.refusals import StepRefused
from supervision.procedure.selectors import history
from supervision.procedure.services import advance, open_dossier
from tests.toy.models import Errand

pytestmark = pytest.mark.django_db(transaction=True)


def together(count, act):
    """Run `act(n)` in `count` threads that start at once; returns what each returned or raised."""
    start, answers = threading.Barrier(count), [None] * count

    def run(n):
        start.wait()
        try:
            answers[n] = act(n)
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def open_errand(cast, land, provider, n=0):
    return open_dossier(
        Errand, cast.clerk, authority=land.county_agency, title=f"试{n}", subject=provider, estimate=100
    )


def test_fifty_parallel_numbers_leave_no_gap(land):
    def take(n):
        with transaction.atomic():
            last, _ = next_number(land.county_agency, "并", 2026)
            if n % 7 == 0:
                raise RuntimeError("this one fails and gives its number back")
            return last

    taken = [last for last in together(50, take) if isinstance(last, int)]
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert len(taken) == 42


def test_two_officers_doing_the_same_step_leave_one_event(cast, land, provider):
    errand = open_errand(cast, land, provider)
    answers = together(
        4, lambda n: advance(Errand.objects.get(pk=errand.pk), "tell", cast.clerk, told_on=clock.today())
    )
    assert sum(isinstance(answer, Event) for answer in answers) == 1
    assert sum(isinstance(answer, StepRefused) for answer in answers) == 3
    assert errand.events.filter(verb="tell").count() == 1


def test_the_same_key_at_once_acts_once(cast, land, provider):
    errand = open_errand(cast, land, provider)
    answers = together(
        4, lambda n: advance(Errand.objects.get(pk=errand.pk), "tell", cast.clerk, key="one", told_on=clock.today())
    )
    assert len({answer.pk for answer in answers}) == 1


def test_writers_of_different_dossiers_do_not_wait_for_each_other(cast, land, provider):
    first, second = open_errand(cast, land, provider), open_errand(cast, land, provider, 1)
    with transaction.atomic():
        Dossier.objects.select_for_update().get(pk=first.pk)
        began = time.monotonic()
        (answer,) = together(
            1, lambda n: advance(Errand.objects.get(pk=second.pk), "tell", cast.clerk, told_on=clock.today())
        )
        assert isinstance(answer, Event)
        assert time.monotonic() - began < 5


SWEEP = """
import django; django.setup()
from supervision.procedure import lapses
print("sweeping", flush=True)
lapses.sweep()
"""


def sweeping_process():
    """A worker of its own that sweeps the terms of the test database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SWEEP],
        env=os.environ | {"DATABASE_URL": urlunsplit(url), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
    )


def test_a_sweep_killed_in_the_middle_loses_and_doubles_nothing(cast, land, provider):
    errands = []
    for n in range(40):
        errand = open_errand(cast, land, provider, n)
        advance(errand, "tell", cast.clerk, told_on=clock.today() - timedelta(days=40))
        errands.append(errand)
    worker = sweeping_process()
    deadline = time.monotonic() + 60
    while not (done := Event.objects.filter(verb="lapse").count()) and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert 0 < done < 40, "the worker was to be killed in the middle"
    lapses.sweep()
    assert lapses.sweep() == 0
    for errand in errands:
        events = list(history(errand))
        assert [event.verb for event in events] == ["opened", "tell", "lapse"]
        assert not list(faults(Dossier.objects.get(pk=errand.pk), events))
    assert set(Term.objects.filter(kind="answer").values_list("state", flat=True)) == {"lapsed"}


def test_sweepers_at_once_settle_each_term_once(cast, land, provider):
    for n in range(12):
        advance(open_errand(cast, land, provider, n), "tell", cast.clerk, told_on=clock.today() - timedelta(days=40))
    assert sum(together(4, lambda n: lapses.sweep())) == 12
    assert Event.objects.filter(verb="lapse").count() == 12


def test_a_term_without_a_step_becomes_overdue_and_is_recorded(cast, land, provider):
    moment = clock.now() - timedelta(days=30)
    with clock.stopped_at(moment):
        errand = open_errand(cast, land, provider)
    assert lapses.sweep() == 1
    assert Errand.objects.get(pk=errand.pk).term("telling").state == Term.State.OVERDUE
    assert errand.events.filter(verb="term_overdue").exists()


def test_seals_chain_and_find_what_was_altered(cast, land, provider):
    errand = open_errand(cast, land, provider)
    first = seals.seal()
    assert seals.seal() is None
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    second = seals.seal()
    assert (second.number, second.previous) == (2, first.hash)
    assert list(seals.faults()) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procedure_event DISABLE TRIGGER procedure_event_guard")
        try:
            cursor.execute("UPDATE procedure_event SET hash = repeat('0', 64) WHERE verb = 'tell'")
        finally:
            cursor.execute("ALTER TABLE procedure_event ENABLE TRIGGER procedure_event_guard")
    assert any("not what was sealed" in fault for fault in seals.faults())
    for act in (
        lambda: SealLeaf.objects.all()._raw_delete(using="default"),
        lambda: Seal.objects.update(root="1" * 64),
    ):
        with pytest.raises(DatabaseError, match="are kept"):
            act()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Seal.objects.filter(number=1).update(root="1" * 64)
        assert any("seal 1" in fault for fault in seals.faults())
        second.sealed.all()._raw_delete(using="default")
        Seal.objects.filter(pk=second.pk)._raw_delete(using="default")
        cursor.execute("SET session_replication_role = origin")
    assert f"seals of dossier {errand.pk}: the one that took its event 2 is not there" in list(seals.faults())


def test_a_person_whose_post_ended_acts_no_more(cast, land, provider):
    errand = open_errand(cast, land, provider)
    Post.objects.filter(user=cast.clerk.user).update(role=Role.FINANCE)
    from supervision.parties.actors import actors_of

    (actor,) = actors_of(cast.clerk.user, clock.today())
    with pytest.raises(StepRefused):
        advance(errand, "tell", actor, told_on=clock.today())
