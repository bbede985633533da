"""`manage.py rotate_keys`: numbers stay readable before, during and after; it may be killed and run again."""

import io
import time

import pytest
from django.core.management import CommandError

from supervision.parties.crypto import Unreadable, encrypt, newest_key_id
from supervision.parties.models import InsuredPerson
from tests.operations.conftest import IDENTITY, KEY, PERSONS

NEW = "the second key"
MANY = 1500


def readable(system, keys):
    system.keys = keys
    with system.here():
        return list(InsuredPerson.objects.order_by("pk").values_list("id_number", flat=True))


def ids_in_use(system):
    rows = system.ask("SELECT split_part(id_number, ':', 1), count(*) FROM parties_insuredperson GROUP BY 1")
    return dict(rows)


def key_id(system, keys):
    system.keys = keys
    with system.here():
        return newest_key_id()


def test_readable_before_during_and_after(own):
    numbers = [IDENTITY.format(number) for number in range(PERSONS)]
    assert readable(own, KEY) == readable(own, f"{NEW},{KEY}") == numbers
    code, said = own.manage("rotate_keys")
    assert (code, said.splitlines()[-1].split(";")[0]) == (0, "All encrypted data is under the newest key")
    assert "parties.InsuredPerson.id_number: 3 rows written" in said
    assert readable(own, f"{NEW},{KEY}") == readable(own, NEW) == numbers
    assert all(isinstance(number, Unreadable) for number in readable(own, KEY))
    own.keys = NEW
    again = io.StringIO()
    own.call("rotate_keys", stdout=again)
    assert "parties.InsuredPerson.id_number: 0 rows written" in again.getvalue()


def test_a_key_taken_away_too_early_is_named_and_nothing_is_written(system):
    before = system.ask("SELECT id_number FROM parties_insuredperson ORDER BY 1")
    system.keys = NEW
    with pytest.raises(CommandError, match=r"InsuredPerson.id_number: no key \w+\. Add its key behind the newest"):
        system.call("rotate_keys")
    assert system.ask("SELECT id_number FROM parties_insuredperson ORDER BY 1") == before


def test_killed_in_the_middle_all_is_readable_and_it_can_be_run_again(own, killed):
    with own.here():
        stored = encrypt(IDENTITY.format(7))
    with own.session() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO parties_party (kind, code, name, sort_key, region_id, active)"
            " SELECT 'insured', 'M' || n, '示例', '', (SELECT min(id) FROM parties_region), true"
            " FROM generate_series(1, %s) n RETURNING id)"
            " INSERT INTO parties_insuredperson (party_ptr_id, id_number, id_index, gender)"
            " SELECT id, %s, '', '9' FROM made",
            [MANY, stored],
        )
    new = key_id(own, f"{NEW},{KEY}")
    process = own.start("rotate_keys")
    killed.append(process)
    while not ids_in_use(own).get(new):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.kill()
    process.wait(20)
    assert 0 < ids_in_use(own)[new] < MANY + PERSONS
    assert readable(own, f"{NEW},{KEY}")[PERSONS:] == [IDENTITY.format(7)] * MANY
    own.call("rotate_keys", stdout=io.StringIO())
    assert ids_in_use(own) == {new: MANY + PERSONS}
    assert len(readable(own, NEW)) == MANY + PERSONS


def test_what_is_written_meanwhile_is_neither_lost_nor_left_under_the_old_key(own, killed):
    old = key_id(own, KEY)
    with own.here():
        changed = encrypt(IDENTITY.format(99))
    new = key_id(own, f"{NEW},{KEY}")
    with own.session() as cursor:
        cursor.execute("SELECT min(party_ptr_id) FROM parties_insuredperson")
        first = cursor.fetchone()[0]
        cursor.execute("UPDATE parties_insuredperson SET id_number = %s WHERE party_ptr_id = %s", [changed, first])
        process = own.start("rotate_keys")
        killed.append(process)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        while not own.ask(waiting, own.database)[0][0]:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        assert ids_in_use(own) == {old: PERSONS}
    assert process.wait(20) == 0, process.communicate()
    assert ids_in_use(own) == {new: PERSONS}
    assert IDENTITY.format(99) in readable(own, NEW)
