"""Signatures drawn on a screen: which of them a paper can show, and their bytes when it is typeset.

A paper's facts name such a picture by its SHA-256 under `picture`; the content lies in the store, kept as evidence.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from . import store, typeset

PNG = "image/png"
MOST_BYTES = 500_000  # what is drawn on a screen has a few thousand; a photo of a page is no signature to print


def drawn(kept: Mapping[str, Any] | None) -> str:
    """The SHA-256 of a kept upload (`intake.take_in`) that was drawn and can be printed; '' of anything else."""
    if not kept or kept["media_type"] != PNG or kept["size"] > MOST_BYTES:
        return ""
    return kept["sha256"] if typeset.shows(store.read(kept["sha256"])) else ""


def images_of(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The pictures these facts of a paper name, by SHA-256; raises `store.Missing`."""
    return {name: store.read(name) for name in sorted(set(_named(facts)))}


def _named(facts: Any) -> Iterator[str]:
    if isinstance(facts, Mapping):
        if facts.get("picture"):
            yield facts["picture"]
        facts = list(facts.values())
    if isinstance(facts, list):
        for value in facts:
            yield from _named(value)
