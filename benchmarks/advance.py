"""What a step costs beside a bare update, whether lists and records grow with the city, and what processes weigh.

``python -m supervision.local bench benchmarks/advance.py``

Steps per second are measured beside a bare `UPDATE` of the same row by the ORM in a transaction of its own, in turns.
Each page is measured beside the help page — the lightest of a signed-in person — in turns, with few matters and with
many; the two ratios may differ by no more than 1.5. The many are copies of the few with their whole histories, made
under the database's own triggers (`_city`). Memory is told of a web worker, a Celery worker and beat at rest.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supervision.settings")

import django

django.setup()

from _city import multiply, settle
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from enforcement.models import EnforcementCase
from supervision.demo import city, history
from supervision.parties.actors import actors_of
from supervision.parties.models import Post, User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.services import advance

BOUND = 1.5
LISTS = (
    "web:dossiers", "web:mine", "web:awaiting", "web:terms", "enforcement:cases", "agreements:agreements",
    "agreements:breaches", "inspections:leads", "inspections:tasks", "monitoring:alerts", "funds:receivables",
)  # fmt: skip
READERS = (("city", Role.BUREAU_HEAD), ("county", Role.BUREAU_OFFICER))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def steps(rounds: int) -> None:
    """`advance` with a step that asks one reason and changes no state, beside a bare update of the row."""
    case = EnforcementCase.objects.filter(state="investigating").select_related("authority").first()
    if case is None:
        raise SystemExit("the demo city has no case under investigation")
    head = Post.objects.filter(authority=case.authority, role=Role.BUREAU_HEAD).select_related("user").earliest("pk")
    actor = next(one for one in actors_of(head.user, clock.today()) if one.authority == case.authority)

    def step() -> None:
        name = "suspend" if case.state == "investigating" else "resume"
        facts = {"ground": "ruling", "reason": "等待裁判"} if name == "suspend" else {"reason": "裁判已作出"}
        advance(case, name, actor, **facts)

    def bare() -> None:
        with transaction.atomic():
            Dossier.objects.filter(pk=case.pk).update(title=case.title)

    step(), step(), bare()
    pairs = [(timed(step) + timed(step), timed(bare) + timed(bare)) for _ in range(rounds)]
    ratio = statistics.median(taken / floor for taken, floor in pairs)
    taken, floor = (statistics.median(side) / 2 for side in zip(*pairs, strict=True))
    print(
        f"a step {taken * 1000:.1f} ms ({1 / taken:.0f} a second; every second one issues its paper), "
        f"a bare update {floor * 1000:.1f} ms, ratio {ratio:.1f}"
    )


def reader(level: str, role: Role) -> User:
    return Post.objects.filter(authority__level=level, role=role).select_related("user").earliest("pk").user


def pages(rounds: int) -> dict[tuple[str, str], float]:
    """(who, page) → its time as a multiple of the help page's, both in turns, the median of the rounds."""
    ratios = {}
    for level, role in READERS:
        client = Client()
        user = reader(level, role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        own = actors_of(user, clock.today())[0].authority
        record = EnforcementCase.objects.filter(authority=own).earliest("pk") if own else None
        addresses = {name: reverse(name) for name in LISTS}
        if record is not None:
            addresses["the record of a case"] = reverse("web:dossier", args=[record.pk])
        for name, address in addresses.items():
            ratios[level, name] = statistics.median(_beside_help(client, address) for _ in range(rounds))
    return ratios


def _beside_help(client: Client, address: str) -> float:
    def get(path: str) -> Callable[[], None]:
        def fetch() -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")

        return fetch

    fetch, empty = get(address), get(reverse("web:help"))
    fetch(), empty()
    return timed(fetch) / timed(empty)


@contextmanager
def running(*command: str) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        time.sleep(12)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def memory() -> None:
    """Resident and proportional size of the processes of a small installation, at rest."""
    python = sys.executable
    schedule = str(Path(tempfile.mkdtemp()) / "schedule")
    for name, command in (
        ("web", (python, "-m", "gunicorn", "-c", "supervision/gunicorn.py", "supervision.wsgi")),
        ("celery worker", (python, "-m", "celery", "-A", "supervision", "worker", "-c", "1", "-l", "ERROR")),
        ("celery beat", (python, "-m", "celery", "-A", "supervision", "beat", "-l", "ERROR", "-s", schedule)),
    ):
        with running(*command) as pid:
            for place, one in enumerate((pid, *_children(pid))):
                sizes = _sizes(one)
                told = ", ".join(f"{what} {size / 1024:.0f} MiB" for what, size in sizes.items())
                print(f"{name}{' · child' if place else ''}: {told or 'ended'}")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in listed.read_text().split()] if listed.exists() else []


def _sizes(pid: int) -> dict[str, int]:
    """KiB of resident (RSS) and proportional (PSS) memory, as Linux tells them."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    lines = rollup.read_text().splitlines() if rollup.exists() else []
    return {line[:3].upper(): int(line.split()[1]) for line in lines if line.startswith(("Rss:", "Pss:"))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    history.play(city.found(seed=1, scale=0.03, password=secrets.token_urlsafe(), say=print), say=lambda _line: None)
    steps(asked.rounds * 5)
    settle()
    few, before = Dossier.objects.count(), pages(asked.rounds)
    began = time.perf_counter()
    many = multiply(asked.matters)
    settle()
    print(f"{few} matters made {many:,} in {time.perf_counter() - began:.0f} s")
    after = pages(asked.rounds)
    print(f"as multiples of the help page: at {few} and at {many:,} matters, and how they compare (≤ {BOUND})")
    grown = []
    for (level, name), ratio in before.items():
        growth = after[level, name] / ratio
        grown += [name] if growth > BOUND else []
        print(f"  {level:7} {name:24} {ratio:6.2f} {after[level, name]:6.2f} {growth:6.2f}")
    memory()
    if grown:
        raise SystemExit(f"grown with the number of matters: {', '.join(grown)}")


if __name__ == "__main__":
    main()
