"""How personal identifiers are shown when nobody asked for them in clear (HY-38)."""


def mask_id(value: str | None) -> str:
    """An identifier with its middle hidden: first 3 and last 2 of a long one, the last of a short one."""
    text = value or ""
    if len(text) >= 8:
        return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"
    return "*" * max(len(text) - 1, 0) + text[-1:]


def mask_name(value: str | None) -> str:
    """A person's name with everything but the family name hidden: 张**."""
    text = value or ""
    return text[:1] + "*" * (len(text) - 1)
