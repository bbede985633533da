"""The embedded servers: made, stopped, killed, started again."""

import os
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from supervision.local.keys import read_or_make
from supervision.local.layout import Layout, server_account
from supervision.local.ports import Ports, is_free
from supervision.local.postgres import Postgres, ServerError
from supervision.local.valkey import Valkey

pytestmark = pytest.mark.runtime


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    with tempfile.TemporaryDirectory(prefix="fund-supervision-") as folder:
        Path(folder).chmod(0o755)
        made = Layout(Path(folder) / "var")
        made.create()
        yield made


@pytest.fixture(scope="module")
def postgres(layout: Layout) -> Iterator[Postgres]:
    server = Postgres(
        layout.var,
        account=server_account(),
        secrets=layout.secrets,
        log=layout.logs / "postgres.log",
        ports=Ports(layout.ports),
    )
    yield server
    server.stop()


@pytest.fixture
def valkey(layout: Layout) -> Iterator[Valkey]:
    server = Valkey(
        layout.var,
        account=server_account(),
        secrets=layout.secrets,
        log=layout.logs / "valkey.log",
        ports=Ports(layout.ports),
    )
    yield server
    server.stop()


def ask(url: str, sql: str) -> object:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_postgres_lives_through_stop_and_crash_with_its_data(postgres: Postgres, layout: Layout):
    url = postgres.start()
    assert ask(url, "SHOW data_directory_mode") == "0700"
    assert ask(url, "SELECT rolname FROM pg_roles WHERE rolcanlogin") == "supervision"
    ask(url, "CREATE EXTENSION pg_trgm; CREATE TABLE kept (line text); INSERT INTO kept VALUES ('中心医院')")
    assert ask(url, "SELECT cardinality(show_trgm(line)) > 0 FROM kept"), "trigrams must work for Chinese"
    port, first = postgres.port, postgres.child.process.pid

    postgres.stop()
    assert gone(first)
    assert not (postgres.data / "postmaster.pid").exists()

    assert postgres.start() == url
    assert postgres.port == port, "the port is remembered"
    killed = postgres.child.process
    killed.kill()
    killed.wait()
    assert (postgres.data / "postmaster.pid").exists(), "a crash leaves the lock file"

    assert ask(postgres.start(), "SELECT line FROM kept") == "中心医院"
    postgres.stop()


def test_a_lock_file_whose_number_went_to_somebody_else_does_not_stop_a_start(postgres: Postgres):
    postgres.start()
    process = postgres.child.process
    lock = (postgres.data / "postmaster.pid").read_text()
    postgres.stop()
    # A process of the servers' own account: PostgreSQL itself would take it for another server and refuse.
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **server_account().switch)
    try:
        (postgres.data / "postmaster.pid").write_text(lock.replace(str(process.pid), str(stranger.pid), 1))
        server_account().owns(postgres.data / "postmaster.pid")
        assert ask(postgres.start(), "SELECT 1") == 1
        assert stranger.poll() is None, "the stranger is left alone"
    finally:
        stranger.kill()
        stranger.wait()
        postgres.stop()


def test_a_server_left_running_is_stopped_before_its_data_is_opened_again(postgres: Postgres):
    postgres.start()
    left_behind = postgres.child.process
    assert ask(postgres.start(), "SELECT 1") == 1
    assert left_behind.poll() is not None
    postgres.stop()


def test_a_taken_port_is_left_to_its_owner(postgres: Postgres):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", postgres.port))
        other.listen()
        taken = postgres.port
        assert ask(postgres.start(), "SELECT 1") == 1
        assert postgres.port != taken
    postgres.stop()


def test_data_of_another_version_is_not_touched(postgres: Postgres):
    version = postgres.data / "PG_VERSION"
    right = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(ServerError, match=r"PostgreSQL 17.*operations\.md"):
            postgres.start()
    finally:
        version.write_text(right)


def test_the_queue_outlives_a_kill(valkey: Valkey):
    client = redis.Redis.from_url(valkey.start())
    client.rpush("celery", "a job")
    valkey.child.process.send_signal(signal.SIGKILL)
    valkey.child.process.wait()
    url = valkey.start()
    assert redis.Redis.from_url(url).lrange("celery", 0, -1) == [b"a job"]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()
    pid = valkey.child.process.pid
    valkey.stop()
    assert gone(pid)
    assert is_free(valkey.port)


def test_secrets_are_for_their_owner_only(layout: Layout):
    assert stat.S_IMODE(layout.secrets.stat().st_mode) == 0o700
    value = read_or_make(layout.secrets / "a_key")
    assert read_or_make(layout.secrets / "a_key") == value
    assert stat.S_IMODE((layout.secrets / "a_key").stat().st_mode) == 0o600
    assert len(value) >= 50


def test_ports_of_one_checkout_never_meet(tmp_path: Path):
    ports = Ports(tmp_path / "ports.json")
    chosen = {name: ports.choose(name) for name in ("postgres", "valkey", "web")}
    assert len(set(chosen.values())) == 3
    assert {name: Ports(tmp_path / "ports.json").choose(name) for name in chosen} == chosen
