"""What may come into the store: size, type by content, and the virus scan."""

from pathlib import PurePosixPath
from typing import Any

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


class ScanFailed(Exception):
    """The scanner could not be reached or did not answer; nothing is taken in unscanned."""


def media_type(file: UploadedFile) -> str:
    """The type of a file by what it holds, whatever it is called; '' when nothing is recognised."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    try:
        found = puremagic.magic_string(head, file.name)
    except puremagic.PureError:
        found = []
    allowed = [match for match in found if match.mime_type in settings.EVIDENCE_TYPES and match.byte_match]
    if allowed:
        return str(max(allowed, key=lambda match: match.confidence).mime_type)
    return PLAIN if not found and _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head[: HEAD_BYTES - 4].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < min(len(head), HEAD_BYTES) - 8:
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
