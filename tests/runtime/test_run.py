"""`make run` as a whole: one command up, one signal down, nothing left running."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervision.local.layout import ROOT, Layout

pytestmark = pytest.mark.runtime
OURS = {
    "DATABASE_URL", "REDIS_URL", "CACHE_URL", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DEBUG", "PORT", "VAR_DIR",
    "PYTEST_XDIST_WORKER", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fund-supervision-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "var"
        command(Path(folder) / "var", "stop").wait(120)
        Layout(Path(folder) / "var").remove_server_home()


def command(var: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.Popen(
        [sys.executable, "-m", "supervision.local", *arguments],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(var), "DEMO": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def address(process: subprocess.Popen[str]) -> str:
    """Read on until the system says where it is."""
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"Open\s+(http://\S+)", line):
            return found[1]
    raise AssertionError("".join(said))


def left_running(var: Path) -> list[str]:
    """Command lines of processes that work in this folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
            inside = folder.joinpath("environ").read_bytes() if os.access(folder / "environ", os.R_OK) else b""
            if str(var) in line or f"VAR_DIR={var}".encode() in inside:
                found.append(line)
    return found


def wait_until_nothing_runs(var: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while left := left_running(var):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_one_command_starts_all_and_one_signal_stops_all(var: Path):
    first = command(var, "run")
    page = address(first)
    with urllib.request.urlopen(f"{page}readyz") as ready:  # noqa: S310  our own address
        assert ready.status == 200

    second = command(var, "run")
    assert "already running" in second.communicate(timeout=60)[0]
    assert second.returncode == 1

    managed = command(var, "manage", "migrate", "--check")
    said = managed.communicate(timeout=60)[0]
    assert managed.returncode == 0, said

    first.send_signal(signal.SIGINT)
    rest = first.communicate(timeout=90)[0]
    assert rest.rstrip().endswith("Stopped.")
    assert "terminate called" not in rest, "a worker that served pages aborts instead of ending"
    assert first.returncode == 0
    wait_until_nothing_runs(var)

    # Killed outright, it takes everything with it, and the next start finds its way.
    third = command(var, "run")
    assert address(third) == page
    third.kill()
    third.communicate()
    wait_until_nothing_runs(var)

    fourth = command(var, "run")
    assert address(fourth) == page
    assert command(var, "stop").wait(90) == 0
    assert fourth.wait(10) == 0
    fourth.stdout.close()
    wait_until_nothing_runs(var)
