"""Names that any system takes for a file."""

import re

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def safe(name: str) -> str:
    """A name any system takes for a file, at most 120 characters."""
    return UNSAFE.sub("_", name).strip(" .")[:120] or "file"
