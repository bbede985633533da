"""Free ports, remembered per checkout so that the address stays the same from start to start."""

import json
import socket
from pathlib import Path


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free(host: str = "127.0.0.1") -> int:
    """A port the system says is free."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Ports:
    """The ports of one checkout, by the name of their server."""

    def __init__(self, file: Path):
        self.file = file

    def choose(self, name: str, preferred: int | None = None) -> int:
        """The remembered port of `name` if it is free, else `preferred`, else any; the choice is remembered."""
        remembered = self.remembered()
        for port in (remembered.get(name), preferred):
            if port and port not in _others(remembered, name) and is_free(port):
                break
        else:
            port = any_free()
        remembered[name] = port
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(remembered, indent=1) + "\n")
        draft.replace(self.file)
        return port

    def remembered(self) -> dict[str, int]:
        """Port by server name, as last chosen."""
        try:
            return json.loads(self.file.read_text())
        except (FileNotFoundError, ValueError):
            return {}


def _others(remembered: dict[str, int], name: str) -> set[int]:
    return {port for other, port in remembered.items() if other != name}
