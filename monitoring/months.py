"""Settlement months, kept as `202610` and read as `2026-10`."""


def written(month: str) -> str:
    """As people read it: 2026-10."""
    return f"{month[:4]}-{month[4:]}"
