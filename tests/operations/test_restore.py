"""`manage.py restore`: the same system again, or nothing changed; it may be killed and run again at any moment."""

import hashlib
import io
import json
import os
import tarfile
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from supervision.operations.backups import backups, restore
from supervision.operations.pg import _candidates, _client
from supervision.parties.models import InsuredPerson
from supervision.records.verification import verify
from tests.operations.conftest import IDENTITY, KEY, System


@pytest.fixture
def backup(system):
    system.call("backup", verbosity=0)
    (made,) = backups(system.var / "backups")
    return made


def told(system: System):
    """What `records verify` says, and every row of the tables that matter."""
    out = io.StringIO()
    with system.here():
        call_command("records", "verify", json=True, stdout=out)
    tables = ("procedure_event", "records_paper", "records_evidence", "procedure_seal", "parties_insuredperson")
    rows = {table: system.ask(f"SELECT * FROM {table} ORDER BY 1") for table in tables}  # noqa: S608
    return out.getvalue(), rows, {name: body for name, body in system.files().items() if name != "restored"}


def identities(system: System):
    with system.here():
        return list(InsuredPerson.objects.order_by("code").values_list("id_number", flat=True))


def clients(*programs: str) -> list[str]:
    """Folders with PostgreSQL's programs, one a version at hand."""
    return sorted({str(path.parent) for program in programs for path in _candidates(program) if path.exists()})


@pytest.mark.parametrize("folder", clients("pg_restore"))
def test_a_new_machine_has_all_that_was_backed_up(system, backup, empty, folder):
    code, said = empty.manage("restore", backup, PATH=f"{folder}:/usr/bin:/bin")
    assert code == 0, said
    assert said.strip().endswith("1 dossiers, 5 events, 2 papers, 1 evidence: all as recorded")
    assert told(empty) == told(system)
    assert identities(empty) == [IDENTITY.format(number) for number in range(3)]


def test_what_is_not_empty_is_kept_unless_one_says_so(system, backup):
    before = told(system)
    with pytest.raises(CommandError, match="say --replace"):
        system.call("restore", backup)
    assert told(system) == before


def test_it_replaces_what_happened_since_and_what_was_lost(own, backup):
    before = told(own)
    with own.session() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM records_evidence_collectors; DELETE FROM records_custodyentry")
        cursor.execute("DELETE FROM records_evidence; CREATE TABLE of_a_later_version (id int)")
    for path in (own.var / "evidence").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"altered")
            path.chmod(0o400)
            # Whoever may not write to a file may still put another in its place.
            other_name = path.parents[3] / "restored"
            other_name.unlink(missing_ok=True)
            os.link(path, other_name)
    own.call("restore", backup, replace=True, stdout=io.StringIO())
    assert told(own) == before
    assert (own.var / "restored").read_bytes() == b"altered"
    assert own.ask("SELECT to_regclass('of_a_later_version')") == [(None,)]


def test_a_dump_that_cannot_be_read_changes_nothing(system, backup, tmp_path):
    before = told(system)
    dump = (backup / "database.dump").read_bytes()
    (backup / "database.dump").write_bytes(dump[: len(dump) * 2 // 3])
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["parts"]["database.dump"] = {
        "bytes": len(dump) * 2 // 3,
        "sha256": hashlib.sha256(dump[: len(dump) * 2 // 3]).hexdigest(),
    }
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CommandError, match="Not restored"):
        system.call("restore", backup, replace=True)
    assert told(system) == before


@pytest.mark.parametrize("name", ["../outside", "evidence/../../outside", "/outside", "way/outside"])
def test_no_file_is_written_outside_the_folder(system, backup, tmp_path, name):
    if name.startswith("/"):
        name = str(tmp_path / "outside")
    elsewhere = system.var.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    if not (system.var / "way").is_symlink():
        (system.var / "way").symlink_to(elsewhere)
    with tarfile.open(backup / "files.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 3
        archive.addfile(member, io.BytesIO(b"bad"))
    manifest = json.loads((backup / "manifest.json").read_text())
    packed = (backup / "files.tar").read_bytes()
    manifest["parts"]["files.tar"] = {"bytes": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CommandError, match="would lie outside"):
        system.call("restore", backup, replace=True)
    (system.var / "way").unlink()
    assert not [*system.var.parent.rglob("outside"), *tmp_path.rglob("outside")]


def test_a_backup_of_a_newer_version_is_refused(system, backup):
    before = told(system)
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["migrations"].append("records.9999_later")
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CommandError, match=r"newer version.*records\.9999_later"):
        system.call("restore", backup, replace=True)
    assert told(system) == before


def slow_client(system: System, folder: Path) -> Path:
    """A pg_restore that stops in the middle of the dump, beside the real psql."""
    with system.here():
        real = _client("pg_restore", newest=True)
    folder.mkdir()
    (folder / "psql").symlink_to(real.with_name("psql"))
    slow = folder / "pg_restore"
    slow.write_text(
        "#!/bin/sh\n"
        '[ "$1" = --version ] && { echo "pg_restore (PostgreSQL) 99.0"; exit; }\n'
        f'{real} "$@" | head -c 200000\n'
        "sleep 60\n"
    )
    slow.chmod(0o755)
    return folder


def test_killed_in_the_middle_the_former_data_stands_and_it_can_be_run_again(own, backup, killed, tmp_path):
    with own.session() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE parties_insuredperson SET gender = '2'")
    before = told(own)
    process = own.start("restore", "--replace", backup, PATH=f"{slow_client(own, tmp_path / 'slow')}:/usr/bin:/bin")
    killed.append(process)
    half_way = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        " WHERE d.datname = %s AND mode = 'AccessExclusiveLock'"
    )
    deadline = time.monotonic() + 40
    while own.ask(half_way, own.database)[0][0] < 100:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.kill()
    process.wait(20)
    assert told(own) == before

    own.call("restore", backup, replace=True, stdout=io.StringIO())
    with own.here():
        assert verify().holds
        assert not InsuredPerson.objects.filter(gender="2").exists()


def test_whoever_works_in_it_is_named_instead_of_waited_for_without_end(system, backup, monkeypatch):
    monkeypatch.setattr("supervision.operations.pg.LOCK_WAIT", "300ms")
    with system.session() as cursor:
        cursor.execute("SELECT * FROM procedure_dossier FOR UPDATE")
        with system.here(), pytest.raises(Exception, match="lock timeout"):
            restore(backup, replace=True)


def test_without_the_key_it_says_which_data_cannot_be_read(system, backup, empty):
    empty.keys = "another key"
    said = io.StringIO()
    empty.call("restore", backup, stderr=said, stdout=io.StringIO())
    assert "FIELD_KEYS lacks key" in said.getvalue()
    assert "InsuredPerson.id_number" in said.getvalue()
    assert KEY not in said.getvalue()
