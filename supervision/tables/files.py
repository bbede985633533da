"""An upload, whatever it is, becomes plain UTF-8 CSV files in a work directory — or a refusal that says why.

Names inside archives are never used as paths; sizes are counted while unpacking, never believed.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import IO, cast

from openpyxl import load_workbook

from .refusals import Refused

BLOCK = 4 * 1024 * 1024
LONGEST_ROW = 256 * 1024
LONG_ROW_MARK = b"\x1eLONG ROW\x1e"
_FREE_OF_RATIO = 8 * 1024 * 1024
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")


@dataclass(frozen=True)
class Limits:
    """What one upload may unpack to: bytes, bytes per packed byte, and files of an archive."""

    unpacked: int
    ratio: int
    members: int


@dataclass(frozen=True)
class Member:
    """One table-like file: the name the user knows, the UTF-8 CSV it became, the encoding it had."""

    name: str
    path: Path
    encoding: str


def unpack(
    source: Path, name: str, work: Path, beat: Callable[[], None] = lambda: None, *, limits: Limits
) -> list[Member]:
    """All tables of an upload as UTF-8 CSV under ``work``; ``beat`` is called between blocks.

    Raises :class:`Refused` for other file types, bombs, path tricks, nested archives, damage, unknown encodings.
    """
    work.mkdir(parents=True, exist_ok=True)
    budget = _Budget(name, source.stat().st_size, beat, limits)
    with source.open("rb") as stream:
        return list(_members(stream, name, work, budget, inside=False))


class _Budget:
    """Counts unpacked bytes of one upload against its limits."""

    def __init__(self, name: str, packed: int, beat: Callable[[], None], limits: Limits) -> None:
        self.name, self.packed, self.beat, self.limits, self.used = name, max(packed, 1), beat, limits, 0

    def spend(self, size: int) -> None:
        self.used += size
        self.beat()
        if self.used > self.limits.unpacked:
            raise Refused("too_large", file=self.name, limit=self.limits.unpacked)
        if self.used > _FREE_OF_RATIO and self.used > self.packed * self.limits.ratio:
            raise Refused("bomb", file=self.name, ratio=self.limits.ratio)


def _members(stream: IO[bytes], name: str, work: Path, budget: _Budget, *, inside: bool) -> Iterator[Member]:
    head = stream.read(8)
    stream.seek(0)
    index = len(list(work.glob("member-*.csv")))
    target = work / f"member-{index:04d}.csv"
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        yield from _zipped(stream, name, work, target, budget, inside=inside)
    elif head[:2] == b"\x1f\x8b":
        spool = work / "text.spool"
        try:
            with gzip.open(stream) as packed:
                _spool(cast("IO[bytes]", packed), spool, budget)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Refused("damaged", file=name, detail=error) from error
        with spool.open("rb") as unpacked:
            yield _text(unpacked, name.removesuffix(".gz"), target, budget)
        spool.unlink()
    elif (head and b"\x00" not in head[2:]) or head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if not inside:
            budget.spend(budget.packed)
        yield _text(stream, name, target, budget)
    else:
        raise Refused("empty" if not head else "wrong_type", file=name)


def _zipped(
    stream: IO[bytes], name: str, work: Path, target: Path, budget: _Budget, *, inside: bool
) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(stream)
    except zipfile.BadZipFile as error:
        raise Refused("damaged", file=name, detail=error) from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if any(entry.filename == "xl/workbook.xml" for entry in entries):
            for entry in entries:
                budget.spend(entry.file_size)
            yield from _sheets(stream, name, work, target, budget)
            return
        if inside:
            raise Refused("nested", member=name)
        if len(entries) > budget.limits.members:
            raise Refused("too_many", file=name, limit=budget.limits.members)
        for entry in entries:
            _refuse_path_tricks(entry)
        for entry in entries:
            if entry.filename.startswith("__MACOSX/"):
                continue
            yield from _zip_entry(archive, entry, work, budget)


def _zip_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, work: Path, budget: _Budget) -> Iterator[Member]:
    spool = work / "entry.spool"
    shown = PurePosixPath(_entry_name(entry)).name
    try:
        with archive.open(entry) as packed:
            _spool(packed, spool, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refused("damaged", file=shown, detail=error) from error
    with spool.open("rb") as stream:
        yield from _members(stream, shown, work, budget, inside=True)
    spool.unlink()


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as written: archives of Chinese Windows carry GBK without the UTF-8 flag."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _refuse_path_tricks(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename.replace("\\", "/")
    path = PurePosixPath(name)
    link = stat.S_ISLNK(entry.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or link or "\x00" in name or (len(name) > 1 and name[1] == ":"):
        raise Refused("path", member=name[:100])


def _sheets(stream: IO[bytes], name: str, work: Path, target: Path, budget: _Budget) -> Iterator[Member]:
    """Each visible sheet with rows becomes one CSV named after the sheet when there are several."""
    try:
        workbook = load_workbook(stream, read_only=True, data_only=True)
    except Exception as error:
        raise Refused("damaged", file=name, detail=type(error).__name__) from error
    full = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    for offset, sheet in enumerate(full):
        path = target.with_name(f"member-{int(target.stem.split('-')[1]) + offset:04d}.csv")
        rows = 0
        with path.open("w", newline="", encoding="utf-8") as output:
            writer = csv.writer(output)
            for row in sheet.iter_rows(values_only=True):
                cells = [_cell(value) for value in row]
                if any(cells) or rows:
                    writer.writerow(cells)
                    rows += 1
                    if rows % 10_000 == 0:
                        budget.beat()
        if rows > 1:
            yield Member(name if len(full) == 1 else f"{name}/{sheet.title}", path, "xlsx")
        elif len(full) == 1:
            raise Refused("empty", file=name)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text if len(text) <= LONGEST_ROW else LONG_ROW_MARK.decode()


def _spool(packed: IO[bytes], spool: Path, budget: _Budget) -> None:
    """Unpack into a file, counting while doing so; what is unpacked is read once for every encoding tried."""
    with spool.open("wb") as plain:
        while block := packed.read(BLOCK):
            budget.spend(len(block))
            plain.write(block)


def _text(plain: IO[bytes], name: str, target: Path, budget: _Budget) -> Member:
    """Decode to UTF-8, trying the encodings such files have; rows too long to be real are marked, not kept."""
    plain.seek(0)
    head = plain.read(BLOCK)
    if not head:
        raise Refused("empty", file=name)
    if _binary(head):
        raise Refused("wrong_type", file=name)
    for encoding in _candidates(plain):
        try:
            _transcode(plain, target, encoding, budget.beat)
        except UnicodeDecodeError:
            continue
        return Member(name, target, encoding)
    raise Refused("encoding", file=name)


def _binary(block: bytes) -> bool:
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return b"\x00" in block or block.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"\x89PNG"))


def _candidates(plain: IO[bytes]) -> tuple[str, ...]:
    plain.seek(0)
    head = plain.read(4 * BLOCK)
    if head.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("gb18030", "utf-8") if _gbk_in_disguise(head) else ("utf-8", "gb18030")


def _gbk_in_disguise(head: bytes) -> bool:
    """Short GBK words can pass for UTF-8 of two-byte letters, which such files never hold without a Han character."""
    foreign = codecs.getincrementaldecoder("utf-8")("ignore").decode(head)
    return not foreign.isascii() and _BEYOND_TWO_BYTES.search(foreign) is None


def _transcode(plain: IO[bytes], target: Path, encoding: str, beat: Callable[[], None]) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    rows = _RowGuard()
    plain.seek(0)
    with target.open("wb") as output:
        while True:
            block = plain.read(BLOCK)
            text = decoder.decode(block, final=not block)
            # What is UTF-8 already was decoded to be sure of it, and is taken as it came.
            rows.write(block if encoding == "utf-8" else text.encode(), output)
            beat()
            if not block:
                rows.close(output)
                return


class _RowGuard:
    """Copies bytes row by row, replacing any physical row longer than :data:`LONGEST_ROW` by a mark."""

    def __init__(self) -> None:
        self._tail = b""
        self._dropping = False

    def write(self, block: bytes, output: IO[bytes]) -> None:
        rows, begin, kept = self._tail + block, 0, 0
        self._tail = b""
        while True:
            if self._dropping:
                if (end := rows.find(b"\n", begin)) < 0:
                    return
                output.write(LONG_ROW_MARK)
                self._dropping, kept, begin = False, end, end + 1
            # The last line end within reach of a longest row: all rows before it are short enough, seen in one leap.
            elif (end := rows.rfind(b"\n", begin, begin + LONGEST_ROW + 1)) >= 0:
                begin = end + 1
            else:
                output.write(memoryview(rows)[kept:begin])
                self._dropping = len(rows) - begin > LONGEST_ROW
                if not self._dropping:
                    self._tail = rows[begin:]
                    return

    def close(self, output: IO[bytes]) -> None:
        output.write(LONG_ROW_MARK if self._dropping else self._tail)


def remove_tree(path: Path) -> None:
    """Delete a work directory; absence is fine."""
    shutil.rmtree(path, ignore_errors=True)
