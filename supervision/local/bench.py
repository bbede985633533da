"""`make bench`: run the files of `benchmarks/`, each printing its table, on servers of their own.

The data of a benchmark is thrown away, but its servers write to disk as in production: times compare with real ones.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .layout import ROOT
from .messages import compile_all
from .servers import throwaway


def main(files: Sequence[str]) -> int:
    """Run `files`, or all. A benchmark that breaks, or finds its bound broken, ends with a code other than 0."""
    chosen = [Path(file) for file in files] or sorted((ROOT / "benchmarks").glob("[!_]*.py"))
    compile_all(ROOT)
    failed = []
    with throwaway(durable=True) as made:
        environment = os.environ | made
        environment.setdefault("SECRET_KEY", "a key for benchmarks only, which guards nothing at all")
        environment.setdefault("DEBUG", "1")
        environment.setdefault("LOG_LEVEL", "WARNING")
        environment["DJANGO_SETTINGS_MODULE"] = "supervision.settings"
        environment["PYTHONPATH"] = str(ROOT)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
        )
        for file in chosen:
            print(f"\n== {file.stem}", flush=True)
            if subprocess.run([sys.executable, str(file)], cwd=ROOT, env=environment, check=False).returncode:
                failed.append(file.stem)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(f"\nLargest process: {peak:.0f} MiB")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0
