"""docs/screens/README.md: every picture by the order of the work, with a link to it at either width."""

from pathlib import Path

from .thread import THREAD

HEAD = """# The pages, in the order of the work

Each page of the demo city at a desk's width and at a phone's, as the person sees it whom it is for. `make screens`
takes them anew of the system that `make run` is showing; `ONLY="case draw" make screens` some of them.
"""


def write_index(folder: Path) -> None:
    """Write it into `folder`; what has no picture there is left out."""
    lines = [HEAD]
    for part, pictures in THREAD.items():
        rows = [
            f"| {one.says} | [desk]({one.name}.png) | [phone]({one.name}-390.png) |"
            for one in pictures
            if (folder / f"{one.name}.png").exists()
        ]
        lines += [f"## {part}", "", "| Page | 1360 px | 390 px |", "|---|---|---|", *rows, ""]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")
