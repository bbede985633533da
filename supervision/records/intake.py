"""What may come into the store: size, type by content, and the virus scan."""

import codecs
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from . import store

KEYS = ("sha256", "size", "media_type", "name")
HEAD_BYTES = 1 << 16
PLAIN = "text/plain"
ZIP = b"PK\x03\x04"
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Kinds the library knows by their ending alone.
UNNAMED = {".amr": "audio/amr", ".m4a": "audio/mp4"}


class ScanFailed(Exception):
    """The scanner could not be reached or did not answer; nothing is taken in unscanned."""


def media_type(file: UploadedFile) -> str:
    """The type of a file by what it holds, whatever it is called; '' when it is none of those that are taken."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head.startswith(ZIP):
        return _office_type(file)
    try:
        found = [match for match in puremagic.magic_string(head) if match.byte_match]
    except puremagic.PureError:
        found = []
    if not found:
        return PLAIN if _is_text(head) else ""
    for match in sorted(found, key=lambda match: -match.confidence):
        kind = UNNAMED.get(match.extension) or match.mime_type
        if kind in settings.EVIDENCE_TYPES:
            return str(kind)
    return ""


def _office_type(file: UploadedFile) -> str:
    """A text document or a spreadsheet, told by its parts; any other archive is not taken."""
    try:
        with ZipFile(file) as archive:
            names = set(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        names = set()
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for part, kind in OFFICE.items() if part in names), "")


def _is_text(head: bytes) -> bool:
    """Text in UTF-8 or in the national encoding, without control characters; it may end amid a character."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return True
    return False


def take_in(file: UploadedFile) -> dict[str, Any]:
    """Check an upload and store it; returns sha256, size in bytes, media_type and a harmless name.

    Raises ValidationError: empty, too large, of a type that is not taken, infected, or the scanner is away.
    """
    size = file.size or 0
    if not size:
        raise ValidationError(_("The file is empty."))
    if size > settings.EVIDENCE_MAX_BYTES:
        message = _("The file is larger than %(most)s.") % {"most": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
        raise ValidationError(message)
    sniffed = media_type(file)
    if sniffed not in settings.EVIDENCE_TYPES:
        raise ValidationError(_("Files of this type are not taken: picture, sound, film, PDF, office files or text."))
    _scan(file)
    file.seek(0)
    stored = store.put_file(file)
    return {"sha256": stored.sha256, "size": stored.size, "media_type": sniffed, "name": harmless(file.name or "")}


def harmless(name: str) -> str:
    """A file name without path or control characters, at most 255 characters, its ending kept."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(char for char in bare if char.isprintable()).strip(" .") or "file"
    ending = PurePosixPath(clean).suffix[:20]
    return clean if len(clean) <= 255 else f"{clean[: 255 - len(ending)]}{ending}"


def _scan(file: UploadedFile) -> None:
    if not settings.EVIDENCE_SCANNER:
        return
    file.seek(0)
    try:
        virus = import_string(settings.EVIDENCE_SCANNER)(file)
    except ScanFailed as error:
        raise ValidationError(_("The virus scanner does not answer; try again later.")) from error
    if virus:
        raise ValidationError(_("The file carries a virus: %(virus)s.") % {"virus": virus})


__all__ = ["KEYS", "ScanFailed", "harmless", "media_type", "take_in"]
