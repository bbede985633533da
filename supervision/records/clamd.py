"""The virus scanner over ClamAV's own protocol (INSTREAM): bytes go over a socket, nothing is written anywhere."""

import socket
import struct

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from .intake import ScanFailed

PIECE = 1 << 16
SECONDS = 60
LONGEST_REPLY = 4096


def scan(file: UploadedFile) -> str:
    """The name of the virus a file carries, '' when it is clean.

    The daemon is at `CLAMD_ADDRESS`: host:port, or the path of its socket. Raises `ScanFailed` when it is away,
    gives up on the file, or answers anything it should not.
    """
    try:
        with _connected(settings.CLAMD_ADDRESS) as line:
            line.sendall(b"zINSTREAM\0")
            for piece in file.chunks(PIECE):
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            reply = _reply(line)
    except OSError as error:
        raise ScanFailed(str(error)) from error
    verdict = reply.removeprefix("stream:").strip()
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScanFailed(reply)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _reply(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST_REPLY:
        piece = line.recv(LONGEST_REPLY)
        if not piece:
            break
        said += piece
    return said.split(b"\0")[0].decode(errors="replace")
