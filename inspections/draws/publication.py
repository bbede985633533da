"""The published JSON of a draw: everything needed to compute it again, and the result claimed."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspections.draws.algorithm import (
    DrawError,
    Result,
    draw,
    inspector_roll,
    inspector_rows,
    read_targets,
    target_roll,
)


def publication(
    announcement: Mapping[str, Any],
    *,
    targets: bytes,
    inspectors: bytes,
    contributions: Sequence[str],
    public: str | None,
    result: Result,
    replacements: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "announcement": announcement,
        "targets": [list(row) for row in read_targets(targets)],
        "inspectors": [list(row) for row in inspector_rows(inspectors)],
        "contributions": list(contributions),
        "public": public,
        "result": {**result.as_json(), "unstaffed": list(result.unstaffed)},
        "replacements": list(replacements),
    }


def replay(document: Mapping[str, Any], *, reserve: int = 0) -> Result:
    """Draw again from a document with announcement, targets, inspectors, contributions and public.

    Raises DrawError when a part is missing or does not fit the announcement. A result in the document is
    not looked at: this computes, it does not compare.
    """
    try:
        announcement = document["announcement"]
        targets = target_roll(document["targets"])
        inspectors = inspector_roll(document["inspectors"])
        contributions = document["contributions"]
    except (KeyError, TypeError) as error:
        raise DrawError(f"the document lacks {error}") from error
    return draw(
        announcement,
        targets=targets,
        inspectors=inspectors,
        contributions=contributions,
        public=document.get("public"),
        reserve=reserve,
    )
