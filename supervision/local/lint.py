"""`make lint`: every check that needs no test, each told apart, all run even when one fails."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .layout import ROOT
from .messages import compile_all
from .servers import throwaway

IN_VENV = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]


def checks() -> dict[str, Sequence[str | Path]]:
    """Name → command line."""
    return {
        "style": [IN_VENV / "ruff", "check", "--quiet", "."],
        "format": [IN_VENV / "ruff", "format", "--check", "--quiet", "."],
        "floors": [IN_VENV / "lint-imports", "--no-cache"],
        "types": [IN_VENV / "mypy"],
        "templates": [IN_VENV / "djlint", "--lint", "--quiet", *_templates()],
        "system": [*MANAGE, "check", "--fail-level", "WARNING"],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "translations": [sys.executable, "-m", "supervision.local.translations"],
        "generated docs": [*MANAGE, "procedures", "--check"],
    }


def _templates() -> list[str]:
    tracked = subprocess.run(["git", "ls-files", "*.html"], capture_output=True, text=True, cwd=ROOT, check=False)
    if tracked.returncode == 0:
        return tracked.stdout.split()
    return [str(path) for path in ROOT.glob("**/templates/**/*.html") if ".venv" not in path.parts]


def main() -> int:
    """Exit code 0 when all checks pass."""
    compile_all(ROOT)
    failed = []
    with throwaway() as made:
        environment = os.environ | made
        environment.setdefault("SECRET_KEY", "a key for checks only, which guards nothing at all")
        environment.setdefault("DEBUG", "1")
        environment["DJANGO_SETTINGS_MODULE"] = "supervision.settings"
        for name, command in checks().items():
            if not _passes(name, command, environment):
                failed.append(name)
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: all checks passed")
    return 1 if failed else 0


def _passes(name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment, check=False
    )
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'}  {name}  ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        # mypy lists every overload that did not fit; the error itself is the line before.
        print("\n".join(line for line in done.stdout.splitlines() if ": note:" not in line), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
