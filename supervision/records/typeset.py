"""From facts to the bytes of a PDF/A-2b: typst with the fonts of a wheel, and nothing of the machine's.

The same facts, moment and template give the same bytes. Facts reach the template as one JSON text and are only ever
shown, never read as markup.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

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
    template: Path, facts: Mapping[str, Any], moment: datetime, images: Mapping[str, bytes] | None = None
) -> bytes:
    """Typeset a template with its facts as PDF; `moment` is the time it says it was made.

    `images`: pictures the template shows, by the SHA-256 its facts name them by. Raises `Unprintable`.
    """
    return _made(template, facts, moment, images or {}, format="pdf", pdf_standards=["a-2b"], pdf_tags=True)[0]


def pictures(
    template: Path, facts: Mapping[str, Any], moment: datetime, images: Mapping[str, bytes] | None = None
) -> list[bytes]:
    """The same as a picture (PNG) of every page."""
    return _made(template, facts, moment, images or {}, format="png", ppi=110.0)


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


def _made(
    template: Path, facts: Mapping[str, Any], moment: datetime, images: Mapping[str, bytes], **options: Any
) -> list[bytes]:
    said = json.dumps(in_print(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    inputs = {"paper": said, **(_shown(images) if images else {})}
    try:
        made = _compiler().compile(input=str(template), sys_inputs=inputs, timestamp=int(moment.timestamp()), **options)
    except typst.TypstError as error:
        raise Unprintable(str(error)) from error
    return made if isinstance(made, list) else [bytes(made or b"")]


@cache
def layout_digest(template: Path) -> str:
    """Hex SHA-256 over the template, its folder's shared parts and the layout.

    Papers of one digest can be compared byte for byte.
    """
    digest = hashlib.sha256((Path(settings.BASE_DIR) / LAYOUT).read_bytes())
    for part in (*sorted(template.parent.glob("_*.typ")), template):
        digest.update(part.read_bytes())
    return digest.hexdigest()
