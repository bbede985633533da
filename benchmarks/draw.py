"""The draw of 6,000 and 1,000,000 targets against hashing the same bytes once.

python benchmarks/draw.py

Both sides run in turns in one process of their own per size. *Hashing once* feeds the message of every
ticket (seed, word, stratum, code) to SHA-256 in the plainest loop and keeps nothing; the draw checks both
rolls against the announcement, computes every ticket, keeps the smallest of each stratum and staffs them.
Processor time is compared: neither side waits for anything, and the machine may be busy with other things.
Peak memory is the growth of the process's resident peak over its size when the rolls lay ready.
"""

import hashlib
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inspections.draws.algorithm import (
    commitment,
    contribution_hash,
    draw,
    inspector_roll,
    seed,
    strata_sizes,
    target_roll,
)
from inspections.draws.announcement import announcement

ROUNDS = 5
RATES_PER_MILLE = {"low": 10, "medium": 20, "medium-high": 100, "high": 300}
SHARES = [("low", 70), ("medium", 20), ("medium-high", 8), ("high", 2)]
CONTRIBUTIONS = ["first witness of the bench", "second witness of the bench"]


def write_rolls(size: int, folder: Path) -> None:
    """Risk classes in the usual shares, 2,000 targets to an area, one inspector to 100 targets."""
    strata = [name for name, share in SHARES for _ in range(share)]
    areas = max(size // 2000, 1)
    targets = target_roll(
        (strata[number % len(strata)], f"H{number:011}", f"{440000 + number % areas}") for number in range(size)
    )
    inspectors = inspector_roll(
        (f"YP{number:06}", f"{440000 + number % areas}", "") for number in range(max(size // 100, 24))
    )
    (folder / "targets").write_bytes(targets)
    (folder / "inspectors").write_bytes(inspectors)


def timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(folder: Path) -> None:
    targets, inspectors = (folder / "targets").read_bytes(), (folder / "inspectors").read_bytes()
    sizes = strata_sizes(targets)
    take = {name: -(-size * RATES_PER_MILLE[name] // 1000) for name, size in sizes.items()}
    described = announcement(
        draw="bench",
        authority="bench",
        at="2026-01-01T09:00:00+08:00",
        targets=targets,
        inspectors=inspectors,
        take=take,
        inspectors_each=2,
        witnesses=[("witness", contribution_hash(text)) for text in CONTRIBUTIONS],
    )
    prefix = f"{seed(commitment(described), CONTRIBUTIONS)}\ntarget\n".encode()

    def hash_once() -> None:
        for line in targets.splitlines():
            stratum, code, _ = line.split(b"\t")
            hashlib.sha256(prefix + stratum + b"\n" + code).digest()

    def draw_all() -> None:
        draw(described, targets=targets, inspectors=inspectors, contributions=CONTRIBUTIONS)

    ready = peak_kib()
    draw_all()
    peak = peak_kib()
    pairs = [(timed(hash_once), timed(draw_all)) for _ in range(ROUNDS)]
    ratios = sorted(drawing / hashing for hashing, drawing in pairs)
    hashing, drawing = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{sum(sizes.values()):>9,} targets, {sum(take.values()):>6,} drawn: draw {drawing * 1000:.1f} ms, "
        f"hashing once {hashing * 1000:.1f} ms, ratio {statistics.median(ratios):.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}), rolls {(len(targets) + len(inspectors)) / 2**20:.1f} MiB, "
        f"peak memory {peak / 1024:.0f} MiB, {(peak - ready) / 1024:.1f} of it the draw's"
    )


def main() -> None:
    for size in (6_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            in_own_process(write_rolls, size, Path(folder))
            in_own_process(measure, Path(folder))


def in_own_process(work: Callable[..., None], *arguments: object) -> None:
    """So that neither the other size nor the making of the rolls counts as memory of the draw."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()


if __name__ == "__main__":
    main()
