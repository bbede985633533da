"""Two years of the city's matters, played through the real steps."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from supervision.procedure import seals

from . import agreements, breaches, cases, claims, draws, inspections
from .city import City, Say


def play(city: City, *, say: Say) -> None:
    """Agreements, then everything that arose from them, and a seal over it all; says how long each part took."""
    for name, build in (
        ("agreements", agreements.build),
        ("claims alerts", claims.build),
        ("inspections", inspections.build),
        ("breaches", breaches.build),
        ("enforcement cases", cases.build),
        ("draws", draws.build),
    ):
        _timed(name, say, partial(build, city))
    seals.seal()


def _timed(name: str, say: Say, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    count = f"{len(done)} " if hasattr(done, "__len__") else ""
    say(f"{count}{name} in {time.perf_counter() - began:.0f} s")
    return done
