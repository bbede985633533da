"""A child process that is stopped the way it wants to be, and that does not outlive us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


class Child:
    """One running program, in a session of its own so that a Ctrl-C reaches only its keeper.

    stop_signal: what makes the program end in good order. PostgreSQL needs SIGINT: on SIGTERM it waits for its clients.
    grace: seconds it may take for that, after which its whole process group is killed.
    On Linux the kernel sends `stop_signal` as well should the keeper itself be killed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: float = 20,
        env: Mapping[str, str] | None = None,
        cwd: Path | str = "/",
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        output: int | IO[bytes] | None = None,
        **switch: Any,
    ):
        self.name = name
        self.stop_signal = stop_signal
        self.grace = grace
        self._echo: threading.Thread | None = None
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=self._follow_our_death,  # noqa: PLW1509  no thread of ours runs when children are started
            **switch,
        )

    def _follow_our_death(self) -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(self.stop_signal), 0, 0, 0)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        """Send the stop signal; returns at once."""
        if self.exit_code is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Stop it and wait until it and its process group are gone."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.grace)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def echo(self, prefix: str, to: IO[str]) -> None:
        """Copy its output to `to`, each line after `prefix`; goes on draining when nobody reads any more."""
        if self._echo is None:
            self._echo = threading.Thread(target=self._copy, args=(prefix, to), daemon=True)
            self._echo.start()

    def _copy(self, prefix: str, to: IO[str]) -> None:
        assert self.process.stdout is not None  # noqa: S101  echo() is for children started with a pipe
        for line in self.process.stdout:
            with contextlib.suppress(OSError, ValueError):
                to.write(f"{prefix}{line.decode(errors='replace')}")
                to.flush()


def command_line(pid: int) -> str:
    """The command line of a running process, empty when there is none of that id."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.parent.joinpath("self").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
