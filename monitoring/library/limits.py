"""What the library's words for a limit mean in numbers. Words come from ``data/library_terms.json``."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

_TERMS = Path(__file__).parent.parent / "data" / "library_terms.json"
_DAYS = re.compile(r"(?:不超过|不得超过|^)\s*(\d+|一)\s*(天|日|个月|月|年)")
_DAYS_IN = {"天": 1, "日": 1, "个月": 30, "月": 30, "年": 365}


class Unreadable(ValueError):
    """A limit whose words are not known; the message is the word."""


@cache
def _terms() -> dict[str, Any]:
    return json.loads(_TERMS.read_text(encoding="utf-8"))


def _term(kind: str, word: str) -> Any:
    try:
        return _terms()[kind][word.strip()]["value"]
    except KeyError:
        raise Unreadable(word) from None


def sex(word: str) -> dict[str, Any]:
    return {"sex": _term("sex", word)}


def age(word: str) -> dict[str, Any]:
    """Inclusive days of life for 儿童, 新生儿 …"""
    least, most = _term("age", word)
    return {"age_least_days": least, "age_most_days": most}


def scheme(word: str) -> dict[str, Any]:
    return {"scheme": _term("scheme", word)}


def level(word: str) -> dict[str, Any]:
    return {"level": _term("level", word)}


def way(word: str, note: str) -> dict[str, Any]:
    """A note that also allows emergencies widens the limit."""
    meaning = _term("way", word)
    return {"way": f"{meaning}_emergency" if "急诊" in note else meaning}


def course(words: str) -> dict[str, Any]:
    """The number of paid days in ``14天`` or ``一个疾病过程支付不超过90天。``"""
    found = _DAYS.search(words.replace("总时间", ""))
    if found is None:
        raise Unreadable(words)
    count = 1 if found[1] == "一" else int(found[1])
    return {"most": Decimal(count * _DAYS_IN[found[2]]), "unit": "天"}


def window(word: str) -> dict[str, Any]:
    return {"window": _term("window", word)}


def number(value: Any) -> Decimal:
    """A positive number. Raises :class:`Unreadable`."""
    try:
        result = Decimal(str(value).strip())
    except InvalidOperation:
        raise Unreadable(str(value)) from None
    if not result.is_finite() or result <= 0:
        raise Unreadable(str(value))
    return result
