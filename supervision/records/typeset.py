"""From facts to the bytes of a PDF/A-2b: typst with the fonts of a wheel, and nothing of the machine's.

The same facts, moment and template give the same bytes. Facts reach the template as one JSON text and are only ever
shown, never read as markup.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

from .glyphs import font_files, in_print

LAYOUT = "supervision/records/papers/official.typ"

ONE_IMAGE = b'#image(bytes(json(bytes(sys.inputs.at("images"))).at("one")))'

_local = threading.local()


class Unprintable(ValueError):
    """The template does not compile with these facts; the message is typst's own."""


@cache
def _fonts() -> typst.Fonts:
    folders = sorted({str(file.parent) for file in font_files()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _compiler() -> typst.Compiler:
    """One per thread, so that fonts and parsed templates stay warm."""
    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(
            root=str(settings.BASE_DIR), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={}
        )
    compiler: typst.Compiler = _local.compiler
    return compiler


def render(
    template: Path,
    facts: Mapping[str, Any],
    moment: datetime,
    images: Mapping[str, bytes] | None = None,
    *,
    anew: bool = False,
) -> bytes:
    """Typeset a template with its facts as PDF; `moment` is the time it says it was made.

    `images`: pictures the template shows, by the SHA-256 its facts name them by. `anew`: though the same was typeset a
    moment ago. Raises `Unprintable`.
    """
    return _made("pdf", template, facts, moment, images or {}, anew=anew)[0]


def pictures(
    template: Path, facts: Mapping[str, Any], moment: datetime, images: Mapping[str, bytes] | None = None
) -> list[bytes]:
    """The same as a picture (PNG) of every page."""
    return _made("png", template, facts, moment, images or {})


def shows(image: bytes) -> bool:
    """Whether a paper can show this picture."""
    try:
        _compiler().compile(input=ONE_IMAGE, sys_inputs=_shown({"one": image}), format="png", ppi=10.0)
    except typst.TypstError:
        return False
    return True


def _shown(images: Mapping[str, bytes]) -> dict[str, str]:
    """Pictures as a template takes them: their bytes as numbers, since only text goes in."""
    return {"images": json.dumps({name: list(image) for name, image in sorted(images.items())}, separators=(",", ":"))}


# What is tried, one after the other, to keep the last page from holding a few lines alone: lines a little closer, as
# an office does (GB/T 9704), then the last page begun earlier, then lines a little wider.
LEAST = 100.0  # mm the last page of several is to be filled
HOLDS = (
    [{"ease": -step} for step in range(1, 4)],
    [{"turn": place} for place in range(1, 13)],
    [{"ease": step} for step in range(1, 4)],
)


# How a paper is put out, by its format.
Format = Literal["pdf", "png"]
OUT: Mapping[Format, Mapping[str, Any]] = {"pdf": {"pdf_standards": ["a-2b"], "pdf_tags": True}, "png": {"ppi": 110.0}}


def _made(
    out: Format,
    template: Path,
    facts: Mapping[str, Any],
    moment: datetime,
    images: Mapping[str, bytes],
    *,
    anew: bool = False,
) -> list[bytes]:
    said = json.dumps(in_print(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    inputs = {"paper": said, **(_shown(images) if images else {})}
    typeset = _typeset if anew or images else _typeset_once  # pictures are too large to be kept
    return list(typeset(out, template, tuple(inputs.items()), int(moment.timestamp())))


def _typeset(out: Format, template: Path, inputs: tuple[tuple[str, str], ...], moment: int) -> tuple[bytes, ...]:
    def made(**hold: int) -> Any:
        told = dict(inputs) | {name: str(value) for name, value in hold.items()}
        return _compiler().compile(input=str(template), sys_inputs=told, timestamp=moment, format=out, **OUT[out])

    try:
        paper = _held(made)
    except (typst.TypstError, RuntimeError) as error:  # `query` raises the latter
        raise Unprintable(str(error)) from error
    return tuple(paper) if isinstance(paper, list) else (bytes(paper or b""),)


# What was typeset a moment ago is not typeset again: a draft is looked at more than once before it is signed.
_typeset_once = lru_cache(maxsize=64)(_typeset)


def _held(made: Callable[..., Any]) -> Any:
    """The paper as it comes out, or with what makes it one page less or fills its last page, where something does."""
    paper = made()
    pages, filled = _end()
    if pages > 1 and filled < LEAST:
        for way in HOLDS:
            for hold in way:
                tried = made(**hold)
                now, full = _end()
                if now < pages or (now == pages and full >= LEAST):
                    return tried
                if now > pages:  # and so it is with more of the same
                    break
    return paper


def _end() -> tuple[int, float]:
    """Of what was compiled last: how many pages there are and how far the last is filled (mm).

    Of a template with a frame of its own, one page.
    """
    found = json.loads(_compiler().query("<end>", field="value"))
    return (found[-1]["page"], found[-1]["filled"]) if found else (1, LEAST)


@cache
def layout_digest(template: Path) -> str:
    """Hex SHA-256 over the template, its folder's shared parts and the layout.

    Papers of one digest can be compared byte for byte.
    """
    digest = hashlib.sha256((Path(settings.BASE_DIR) / LAYOUT).read_bytes())
    for part in (*sorted(template.parent.glob("_*.typ")), template):
        digest.update(part.read_bytes())
    return digest.hexdigest()
