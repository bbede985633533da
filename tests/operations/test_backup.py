"""`manage.py backup`, `backup --verify`: what a backup holds, what it never holds, how it proves itself whole."""

import json
import os
import signal
import tarfile
import time

import pytest
from django.core.management import CommandError

from supervision.operations.backups import backups, prune
from tests.operations.conftest import IDENTITY, KEY


@pytest.fixture
def backup(system):
    system.call("backup", verbosity=0)
    (made,) = backups(system.var / "backups")
    return made


def test_as_a_program_it_makes_one_and_says_where(system):
    code, said = system.manage("backup")
    (made,) = backups(system.var / "backups")
    assert (code, said.strip()) == (0, f"Backed up to {made}")
    assert sorted(path.name for path in made.iterdir()) == ["database.dump", "files.tar", "manifest.json"]
    assert made.stat().st_mode & 0o077 == 0
    code, said = system.manage("backup", "--verify", made)
    assert (code, said.startswith("Whole: made 20")) == (0, True)


def test_it_holds_the_files_and_neither_keys_nor_what_they_guard(system, backup):
    with tarfile.open(backup / "files.tar") as archive:
        held = {member.name for member in archive.getmembers()}
    assert held == {name for name in system.files() if not name.startswith("secrets")}
    assert "claims/month.parquet" in held
    everything = b"".join(path.read_bytes() for path in backup.iterdir())
    assert KEY.encode() not in everything
    assert IDENTITY.format(0).encode() not in everything


def test_what_is_still_being_written_stays_out(system):
    (system.var / "evidence" / ".half").write_bytes(b"x")
    earlier = system.var / "evidence" / "mine" / "20260101T000000Z"
    earlier.mkdir(parents=True)
    (earlier / "manifest.json").write_text("{}")
    system.call("backup", to=system.var / "evidence" / "mine", verbosity=0)
    made = backups(system.var / "evidence" / "mine")
    assert made[0] == earlier
    with tarfile.open(made[-1] / "files.tar") as archive:
        assert not [name for name in archive.getnames() if "half" in name or "mine" in name]


def change(name):
    def act(backup):
        part = backup / name
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)

    return act


def lose(name):
    return lambda backup: (backup / name).unlink()


def rewrite(**given):
    def act(backup):
        manifest = json.loads((backup / "manifest.json").read_text())
        (backup / "manifest.json").write_text(json.dumps(manifest | given))

    return act


DAMAGE = [
    change("database.dump"),
    change("files.tar"),
    lose("database.dump"),
    lose("files.tar"),
    lose("manifest.json"),
    rewrite(parts={}),
    rewrite(parts=["database.dump"]),
    lambda backup: (backup / "manifest.json").write_text("[]"),
    lambda backup: (backup / "manifest.json").write_text('{"made": '),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named_and_nothing_is_restored(system, backup, damage):
    damage(backup)
    before = system.ask("SELECT number, head FROM procedure_dossier"), system.files()
    for command in (("backup",), ("restore", backup)):
        options = {"verify": backup} if command == ("backup",) else {"replace": True}
        with pytest.raises(CommandError, match=r"not a whole backup|not what the manifest says"):
            system.call(*command, **options)
    assert (system.ask("SELECT number, head FROM procedure_dossier"), system.files()) == before


def test_a_failed_one_leaves_nothing(system):
    (system.var / "backups").write_text("a file where the folder belongs")
    with pytest.raises(CommandError, match="No backup was made"):
        system.call("backup")
    system.database = "no such database"
    with pytest.raises(CommandError, match="No backup was made"):
        system.call("backup", to=system.var / "elsewhere")
    assert list((system.var / "elsewhere").iterdir()) == []


def test_only_the_newest_are_kept_and_what_a_killed_one_left_goes(tmp_path):
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
    unfinished = [tmp_path / ".20260101T010000Z.partial", tmp_path / ".20260103T010000Z.partial"]
    for folder in unfinished:
        folder.mkdir()
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(unfinished[0], (long_ago, long_ago))
    prune(tmp_path, keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        unfinished[1].name, "20260102T000000Z", "20260103T000000Z",
    ]  # fmt: skip


def test_it_goes_on_every_so_often_until_told_to_stop(system, killed):
    process = system.start("backup", "--every", "0.0004", "--keep", "1", PYTHONUNBUFFERED="1")
    killed.append(process)
    assert process.stdout.readline().startswith("Backed up to")
    while not process.stdout.readline().startswith("Removed"):
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert len(backups(system.var / "backups")) == 1
