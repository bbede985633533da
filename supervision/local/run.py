"""`make run`: the whole system in one terminal, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType

from .child import Child
from .layout import ROOT, Layout
from .ports import Ports
from .postgres import Postgres
from .servers import running

WEB_START_SECONDS = 60
TASK_SECONDS = 30


class StoppedError(Exception):
    """A signal asked us to end."""


class ChildEndedError(RuntimeError):
    """A process that should run on has ended."""


def run(layout: Layout) -> None:
    """Start everything, say where it is, and keep it running until a signal comes or a process ends."""
    with stopping_on_signals():
        _say("Starting the database and the queue …")
        with running(layout) as (found, postgres), ExitStack() as stack:
            port = int(os.environ.get("PORT") or Ports(layout.ports).choose("web", preferred=8000))
            environment = _local_settings(found, port)
            _prepare(layout, environment, postgres)
            commands = _commands(layout, port, environment["LOG_LEVEL"].lower())
            children: list[Child] = []
            stack.callback(_stop_together, children)
            # The pages first: three programs loading at once would keep the reader waiting for all of them.
            for name, command in commands.items():
                children.append(
                    Child(name, command, env=environment, cwd=ROOT, output=subprocess.PIPE, grace=TASK_SECONDS)
                )
                if name == "web":
                    _wait_for_page(port, children)
            for child in children:
                _echo(child)
            _welcome(layout, port)
            while True:
                _check(children)
                time.sleep(0.5)


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into an orderly end; further ones do not disturb it."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        _say("\nStopping …")
        raise StoppedError

    before = {each: signal.signal(each, end) for each in signals}
    try:
        yield
    except StoppedError:
        _say("Stopped.")
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _local_settings(environment: Mapping[str, str], port: int) -> dict[str, str]:
    """Production settings but for what only a network needs: no HTTPS in front of a local address."""
    local = dict(environment)
    local.setdefault("DEBUG", "0")
    local.setdefault("SECOND_FACTOR_ROLES", "")
    local.setdefault("SECURE", "0")
    local.setdefault("CSRF_TRUSTED_ORIGINS", f"http://localhost:{port},http://127.0.0.1:{port}")
    local["DJANGO_SETTINGS_MODULE"] = "supervision.settings"
    local.setdefault("LOG_FORMAT", "text")
    # The terminal shows where to go and what is wrong; `LOG_LEVEL=INFO make run` shows every request and job too.
    local.setdefault("LOG_LEVEL", "WARNING")
    local["PYTHONUNBUFFERED"] = "1"
    # As root on one's own machine the worker warns of messages in pickle; ours are JSON.
    local.setdefault("PYTHONWARNINGS", "ignore:You're running the worker")
    return local


def _prepare(layout: Layout, environment: Mapping[str, str], postgres: Postgres | None) -> None:
    if layout.demo_unfinished.exists():
        if postgres is None:
            raise ChildEndedError(
                "The last loading of the demo city was cut short. Empty the database at DATABASE_URL, "
                f"remove {layout.demo_unfinished}, and start again."
            )
        _say("The last loading of the demo city was cut short: starting over with an empty database.")
        postgres.recreate_database()
        layout.demo_unfinished.unlink()
    child = Child(
        "prepare", [sys.executable, "-m", "supervision.local.prepare"], env=environment, cwd=ROOT, grace=TASK_SECONDS
    )
    try:
        code = child.process.wait()
    finally:
        child.stop()
    if code:
        raise ChildEndedError("The database could not be prepared; the reason is above.")


def _commands(layout: Layout, port: int, level: str) -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    host = os.environ.get("HOST", "127.0.0.1")
    celery = [*python, "celery", "-A", "supervision", "--quiet"]
    return {
        "web": [*python, "gunicorn", "-c", "python:supervision.gunicorn", "--bind", f"{host}:{port}",
                "--workers", "2", "--log-level", level, "supervision.wsgi"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", level,
                   "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", level, "--pidfile=", "--schedule", str(layout.var / "beat-schedule")],
    }  # fmt: skip


def _wait_for_page(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + WEB_START_SECONDS
    while time.monotonic() < deadline:
        _check(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ChildEndedError(f"The web server did not answer on port {port} in {WEB_START_SECONDS} s.")


def _check(children: list[Child]) -> None:
    for child in children:
        if child.exit_code is not None:
            _echo(child)
            time.sleep(0.5)  # its last lines are still on their way to the terminal
            raise ChildEndedError(
                f"The process '{child.name}' ended with code {child.exit_code}; its last lines are above."
            )


def _echo(child: Child) -> None:
    child.echo(f"{child.name:6} │ ", sys.stdout)


def _stop_together(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()


def _welcome(layout: Layout, port: int) -> None:
    lines = ["", f"  Open  http://127.0.0.1:{port}/", ""]
    if layout.sign_ins.exists():
        lines += [f"  {line}" for line in layout.sign_ins.read_text().splitlines()]
    else:
        lines.append("  No demo sign-ins here: make one with  make manage cmd='createsuperuser'")
    lines += ["", "  Ctrl-C stops everything.", ""]
    _say("\n".join(lines))


def _say(text: str) -> None:
    print(text, flush=True)
