"""Command line of the local system: `python -m supervision.local run | stop | manage … | bench | …`."""

import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time

from .bench import main as bench
from .layout import ROOT, Layout
from .lock import AlreadyRunningError, holder
from .messages import compile_all
from .postgres import ServerError
from .run import ChildEndedError, run
from .servers import environment_of_running, running

STOP_SECONDS = 120


def main() -> int:
    """Exit code 0 when the command did what it was asked to."""
    parser = argparse.ArgumentParser(prog="supervision.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything until Ctrl-C")
    commands.add_parser("stop", help="stop what `run` of this checkout started")
    commands.add_parser("messages", help="compile translations")
    commands.add_parser("clean", help="stop, and remove the servers' data where it is not under var/")
    commands.add_parser("bench", help="run benchmarks").add_argument("files", nargs="*")
    manage = commands.add_parser("manage", help="a Django command with the servers of this checkout")
    manage.add_argument("--line", help="the command as one line, its words quoted as for a shell")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    layout = Layout.of_environment()
    try:
        if given.command == "run":
            run(layout)
        elif given.command == "stop":
            _stop(layout)
        elif given.command == "manage":
            return _manage(layout, given.arguments if given.line is None else shlex.split(given.line))
        elif given.command == "bench":
            return bench(given.files)
        elif given.command == "clean":
            _stop(layout)
            layout.remove_server_home()
        else:
            compile_all(ROOT)
    except AlreadyRunningError as error:
        print(f"This checkout is already running (process {error}). `make stop` stops it.", file=sys.stderr)
        return 1
    except (ServerError, ChildEndedError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _stop(layout: Layout) -> None:
    pid = holder(layout.lock) if layout.lock.exists() else None
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while holder(layout.lock) == pid:
        if time.monotonic() > deadline:
            raise ServerError(f"Process {pid} has not stopped in {STOP_SECONDS} s.")
        time.sleep(0.2)


def _manage(layout: Layout, arguments: list[str]) -> int:
    """Run `manage.py` against the running system, or start its servers for as long as the command takes."""
    compile_all(ROOT)  # what a command writes is in Chinese on a fresh checkout too
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    with contextlib.ExitStack() as stack:
        try:
            environment, _ = stack.enter_context(running(layout))
        except AlreadyRunningError:
            environment = environment_of_running(layout)
        environment.setdefault("SECURE", "0")
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
