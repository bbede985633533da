"""Which characters the paper's fonts can print, and what stands for those they cannot.

PDF/A refuses a missing glyph, and a paper must not fail on a rare name or a pasted emoji: such a character prints as
〓, the compositor's mark for a sort that is not at hand, to be written in by hand.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

FONTS_PACKAGE = "pylopdf_fonts_zh_cn"
STAND_IN = "〓"
KEPT_CONTROLS = frozenset("\n\t")


def font_files() -> tuple[Path, ...]:
    """The fonts of the wheel, serif first."""
    package = import_module(FONTS_PACKAGE)
    return package.serif_path(), package.sans_path()


def has_glyph(char: str) -> bool:
    """Whether one of the fonts can print the character."""
    code = ord(char)
    for starts, ends in _coverage():
        place = bisect_right(starts, code) - 1
        if place >= 0 and code <= ends[place]:
            return True
    return False


@cache
def _coverage() -> tuple[tuple[list[int], list[int]], ...]:
    """Per font: first and last code points of the runs it has glyphs for, ascending."""
    return tuple(_runs(file) for file in font_files())


def _runs(file: Path) -> tuple[list[int], list[int]]:
    """The full Unicode table of an OpenType font (cmap, format 12); raises ValueError without one."""
    with file.open("rb") as font:
        tables = struct.unpack(">4xH6x", font.read(12))[0]
        records = struct.iter_unpack(">4s4xII", font.read(16 * tables))
        offset, length = next((offset, length) for tag, offset, length in records if tag == b"cmap")
        font.seek(offset)
        cmap = font.read(length)
    for i in range(struct.unpack_from(">H", cmap, 2)[0]):
        (at,) = struct.unpack_from(">I", cmap, 8 + 8 * i)
        if struct.unpack_from(">H", cmap, at)[0] == 12:
            (groups,) = struct.unpack_from(">I", cmap, at + 12)
            runs = list(struct.iter_unpack(">III", cmap[at + 16 : at + 16 + 12 * groups]))
            return [first for first, _last, _glyph in runs], [last for _first, last, _glyph in runs]
    raise ValueError(f"{file.name} has no full Unicode table")


def missing(value: Any) -> list[str]:
    """The characters among facts that would print as the stand-in, each once, in order of appearance."""
    found: dict[str, None] = {}
    for text in _texts(value):
        found.update(dict.fromkeys(char for char in text if not has_glyph(char) and char.isprintable()))
    return list(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def in_print(value: Any) -> Any:
    """The same facts with every text as it can be printed: stand-ins for what has no glyph, no control characters."""
    if isinstance(value, str):
        return "".join(_in_print(char) for char in value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {name: in_print(item) for name, item in value.items()}
    return [in_print(item) for item in value] if isinstance(value, (list, tuple)) else value


def _in_print(char: str) -> str:
    if char in KEPT_CONTROLS or has_glyph(char):
        return char
    return STAND_IN if char.isprintable() else ""
