"""What is announced before a draw: the dictionary whose canonical JSON is committed to (DR, HY-31)."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspections.draws.algorithm import FORMAT, check_announcement, read_inspectors, sha256, strata_sizes


def announcement(
    *,
    draw: str,
    authority: str,
    at: str,
    targets: bytes,
    inspectors: bytes,
    take: Mapping[str, int],
    inspectors_each: int,
    witnesses: Sequence[tuple[str, str]],
    public_value: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Describe a draw from its frozen rolls.

    ``draw`` is its number and ``at`` an ISO 8601 moment with offset; ``take`` counts by stratum;
    ``witnesses`` are (role, hash of the contribution) in the order in which the contributions enter the
    seed; ``public_value`` names a source and the day it is due. Raises DrawError when the rolls are not
    canonical, a stratum is taken from that the roll lacks, or more is taken than there is.
    """
    read_inspectors(inspectors)
    sizes = strata_sizes(targets)
    described: dict[str, Any] = {
        "format": FORMAT,
        "draw": draw,
        "authority": authority,
        "at": at,
        "targets_sha256": sha256(targets),
        "inspectors_sha256": sha256(inspectors),
        "strata": [
            {"name": name, "size": sizes.get(name, 0), "take": take.get(name, 0)}
            for name in [*take, *(name for name in sizes if name not in take)]
        ],
        "inspectors_each": inspectors_each,
        "witnesses": [{"role": role, "sha256": hashed} for role, hashed in witnesses],
        "public_value": dict(public_value) if public_value else None,
    }
    check_announcement(described)
    return described
