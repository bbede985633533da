"""Two years of the city's matters, played through the real steps."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from credit.services import evaluate_changed
from supervision.procedure import seals

from . import agreements, breaches, cases, claims, disputes, draws, inspections
from .city import City, Say


def play(city: City, *, say: Say) -> None:
    """Agreements, then all that arose from them, this year's credit, and a seal over it; says how long each took."""
    for name, build in (
        ("agreements", agreements.build),
        ("claims alerts", claims.build),
        ("inspections", inspections.build),
        ("breaches", breaches.build),
        ("disputes", disputes.build),
        ("enforcement cases", cases.build),
        ("draws", draws.build),
    ):
        _timed(name, say, partial(build, city))
    say(f"{evaluate_changed()} credit evaluations")
    seals.seal()


def _timed(name: str, say: Say, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    count = f"{len(done)} " if hasattr(done, "__len__") else ""
    say(f"{count}{name} in {time.perf_counter() - began:.0f} s")
    return done
