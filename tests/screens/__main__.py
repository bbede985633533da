"""Take the pictures anew: `make screens`, or `ONLY="case draw" make screens` for some.

The system must be running here with its demo city (`make run`). Each page is opened by the person it is for, in a real
Chromium, at a desk's width and at a phone's; docs/screens/README.md is written with them.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from supervision.local.layout import ROOT, Layout
from supervision.local.ports import Ports
from supervision.local.servers import environment_of_running

FOLDER = ROOT / "docs" / "screens"


def main(only: list[str]) -> int:
    """Exit code 0 when every picture asked for was taken and no page was at fault."""
    layout = Layout.of_environment()
    if not layout.sign_ins.exists():
        print("There is no demo city here to be shown. `make run` starts it; keep it running.", file=sys.stderr)
        return 1
    os.environ |= environment_of_running(layout)
    os.environ["DJANGO_SETTINGS_MODULE"] = "supervision.settings"
    django.setup()
    password = layout.sign_ins.read_text().split("\n", 1)[0].rpartition(" ")[2]
    port = os.environ.get("PORT") or Ports(layout.ports).remembered().get("web")
    if port is None:
        print("Say on which port `make run` was told to serve: PORT=… make screens", file=sys.stderr)
        return 1
    faults = list(_take(only, f"http://127.0.0.1:{port}", password))
    print("\n".join(faults))
    return 1 if faults else 0


def _take(only: list[str], address: str, password: str) -> Iterator[str]:
    from tests.browser import a_chromium

    from .camera import Camera
    from .index import write_index
    from .places import NothingThereError
    from .thread import THREAD

    places = {}
    for picture in (one for pictures in THREAD.values() for one in pictures):
        if not only or picture.name in only:
            try:
                places[picture] = picture.find()  # before the browser's loop begins, in which the ORM may not work
            except NothingThereError as nothing:
                yield f"{picture.name}: nothing there, {nothing}"
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as fonts, a_chromium(Path(fonts), "--lang=zh-CN") as browser:
        camera = Camera(browser, address, password, FOLDER)
        for picture, place in places.items():
            yield from camera.take(picture, place)
    write_index(FOLDER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
