"""What a step costs beside a bare update, whether lists and records grow with the city, and what processes weigh.

``python -m supervision.local bench benchmarks/advance.py``

Steps per second are measured beside a bare `UPDATE` of the same row by the ORM in a transaction of its own, in turns.
Each page is measured beside the help page — the lightest of a signed-in person — in turns, with few matters and with
many, in two databases of one server; the two ratios may differ by no more than 1.5. The many are copies of the few with
their whole histories, made under the database's own triggers (`_city`). Memory is told of a web worker, a Celery worker
and beat at rest.
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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supervision.settings")

import django

django.setup()

from _city import multiply, settle
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.test import Client
from django.urls import resolve, reverse

from enforcement.models import EnforcementCase
from supervision.demo import city, history
from supervision.parties.actors import actors_of
from supervision.parties.models import Authority, Party, Post, User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import advance
from supervision.web.lists import ListView

BOUND = 1.5
PATIENCE = 6
LISTS = (
    "web:desk", "web:dossiers", "web:mine", "web:awaiting", "web:terms", "enforcement:cases", "agreements:agreements",
    "agreements:breaches", "inspections:leads", "inspections:tasks", "monitoring:alerts", "funds:receivables",
)  # fmt: skip
LISTS_OF_PROVIDERS = ("web:desk", "web:dossiers", "web:awaiting")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def steps(rounds: int) -> None:
    """`advance` with a step that asks one reason and changes no state, beside a bare update of its party.

    A row of the matter itself would be refused without an event.
    """
    case = EnforcementCase.objects.filter(state="investigating").select_related("authority").first()
    if case is None:
        raise SystemExit("the demo city has no case under investigation")
    head = Post.objects.filter(authority=case.authority, role=Role.BUREAU_HEAD).select_related("user").earliest("pk")
    actor = next(one for one in actors_of(head.user, clock.today()) if one.authority == case.authority)
    party = Party.objects.get(pk=case.subject_id)

    def step() -> None:
        name = "suspend" if case.state == "investigating" else "resume"
        facts = {"ground": "ruling", "reason": "等待裁判"} if name == "suspend" else {"reason": "裁判已作出"}
        advance(case, name, actor, **facts)

    def bare() -> None:
        with transaction.atomic():
            Party.objects.filter(pk=party.pk).update(name=party.name)

    step(), step(), bare()
    pairs = [(timed(step) + timed(step), timed(bare) + timed(bare)) for _ in range(rounds)]
    ratio = statistics.median(taken / floor for taken, floor in pairs)
    taken, floor = (statistics.median(side) / 2 for side in zip(*pairs, strict=True))
    print(
        f"a step {taken * 1000:.1f} ms ({1 / taken:.0f} a second; every second one issues its paper), "
        f"a bare update {floor * 1000:.1f} ms, ratio {ratio:.1f}"
    )


@dataclass(frozen=True)
class Reader:
    """A person whose pages are measured: who they are in the table, and the pages by their names in it."""

    name: str
    client: Client
    pages: Mapping[str, str]

    def get(self, address: str) -> None:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def readers() -> list[Reader]:
    """The head of the city's bureau, an officer of a county's, and the provider with the most matters."""
    found = []
    for name, level, role in (
        ("head", Authority.Level.CITY, Role.BUREAU_HEAD),
        ("officer", Authority.Level.COUNTY, Role.BUREAU_OFFICER),
    ):
        user = Post.objects.filter(authority__level=level, role=role).select_related("user").earliest("pk").user
        own = actors_of(user, clock.today())[0].authority
        record = EnforcementCase.objects.filter(authority=own).earliest("pk")
        found.append(Reader(name, _signed_in(user), _addresses(LISTS, record)))
    concerned = Q(provider__dossiers__open_to_subject=True)
    posts = Post.objects.filter(role=Role.PROVIDER_REP).annotate(n=Count("provider__dossiers", filter=concerned))
    post = posts.select_related("user").latest("n", "-pk")
    record = visible_to(actors_of(post.user, clock.today())[0]).earliest("pk")
    return [*found, Reader("provider", _signed_in(post.user), _addresses(LISTS_OF_PROVIDERS, record))]


def _addresses(lists: Iterable[str], record: Dossier) -> dict[str, str]:
    return {name: reverse(name) for name in lists} | {"a record": reverse("web:dossier", args=[record.pk])}


@contextmanager
def database(name: str) -> Iterator[None]:
    """The application reads and writes this database of the same server while the block runs."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@contextmanager
def copied() -> Iterator[str]:
    """A second database of the server, equal to the one in use, while the block runs."""
    source = connection.settings_dict["NAME"]
    copy = f"{source}_of_many"
    with database("postgres"), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')
    try:
        yield copy
    finally:
        with database("postgres"), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


def pages(read: Iterable[Reader], few: str, many: str, rounds: int) -> Iterator[tuple[str, float, float]]:
    """Page, and its time with few and with many matters as multiples of the help page's.

    All are taken in turns, of each the fastest of the rounds: whatever else a machine does only makes them slower, so
    what seems too slow is taken some rounds more.
    A list is held to as many rows as the few fill: drawing a fuller page is not reading from a longer list.
    """
    for reader in read:
        for name, address in reader.pages.items():
            view = getattr(resolve(address).func, "view_class", None)
            if view is not None and issubclass(view, ListView):
                shown = reader.client.get(address).content.count(b"<tr>") - 1  # less its head
                view.page_length = max(shown, 1)
            times = {few: [], many: [], "help": []}
            for turn in range(rounds * PATIENCE):
                if turn >= rounds and min(times[many]) <= BOUND * min(times[few]):
                    break
                for place in (few, many):
                    with database(place):
                        reader.get(address)
                        times[place].append(timed(lambda: reader.get(address)))  # noqa: B023 - called at once
                        times["help"].append(timed(lambda: reader.get(reverse("web:help"))))  # noqa: B023
            if view is not None and issubclass(view, ListView):
                view.page_length = ListView.page_length
            floor = min(times["help"])
            yield f"{reader.name:9} {name}", min(times[few]) / floor, min(times[many]) / floor


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
        ("web", (python, "-m", "gunicorn", "-c", "supervision/gunicorn.py", "-b", "127.0.0.1:0", "supervision.wsgi")),
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
    """KiB of resident (RSS) and proportional (PSS) memory, as Linux tells them; empty for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {line[:3].upper(): int(line.split()[1]) for line in lines if line.startswith(("Rss:", "Pss:"))}


def compare(matters: int, rounds: int) -> list[str]:
    """Print every page with few and with many matters; returns those that grow beyond the bound."""
    people, few, own = readers(), Dossier.objects.count(), connection.settings_dict["NAME"]
    grown = []
    with copied() as copy:
        began = time.perf_counter()
        with database(copy):
            many = multiply(matters)
            settle()
        print(f"{few} matters made {many:,} in {time.perf_counter() - began:.0f} s")
        print(f"as multiples of the help page: at {few} and at {many:,} matters, and how they compare (≤ {BOUND})")
        for page, before, after in pages(people, own, copy, rounds):
            over = after / before > BOUND
            grown += [page] if over else []
            print(f"  {page:34} {before:6.2f} {after:6.2f} {after / before:6.2f}{'  over' if over else ''}", flush=True)
    return grown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    history.play(city.found(seed=1, scale=0.03, password=secrets.token_urlsafe(), say=print), say=lambda _line: None)
    steps(asked.rounds * 5)
    settle()
    grown = compare(asked.matters, asked.rounds)
    memory()
    if grown:
        raise SystemExit(f"grown with the number of matters: {', '.join(grown)}")


if __name__ == "__main__":
    main()
