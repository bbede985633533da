"""How personal identifiers are shown when nobody asked for them in clear, and found where none belongs (HY-38)."""

import re

from .crypto import Unreadable

# An identity card's number, old or new, and a mobile telephone's.
PERSONAL_NUMBER = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![\dA-Za-z])")


def mask_id(value: str | None) -> str:
    """An identifier with its middle hidden: first 3 and last 2 of a long one, the last of a short one."""
    if isinstance(value, Unreadable):
        return value
    text = value or ""
    if len(text) >= 8:
        return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"
    return "*" * max(len(text) - 1, 0) + text[-1:]


def mask_name(value: str | None) -> str:
    """A person's name with everything but the family name hidden: 张**."""
    if isinstance(value, Unreadable):
        return value
    text = value or ""
    return text[:1] + "*" * (len(text) - 1)


def personal_numbers(text: str) -> list[str]:
    """The numbers of identity cards and mobile telephones in a text, masked, in the order they stand there."""
    return [mask_id(number) for number in PERSONAL_NUMBER.findall(text)]
