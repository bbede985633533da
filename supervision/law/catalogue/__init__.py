"""The rules the software knows: the TOML files of this folder, by source, read once and never changed at run
time.

Rule texts are our own words in Chinese and English. Confidence says how a text was read: **P** in the primary
text, **S** in a secondary source, **M** from memory; S and M wait to be confirmed by the bureau.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SOURCES = Path(__file__).parent
RULE_ID = re.compile(r"[A-Z]{2,3}-\d+(\.\d+){0,2}")


class Confidence(TextChoices):
    PRIMARY = "P", _("read in the primary text")
    SECONDARY = "S", _("read in a secondary source")
    MEMORY = "M", _("unconfirmed")


class ValueUnit(TextChoices):
    """In what a setting is measured."""

    WORKING = "WD", _("working days")
    CALENDAR = "CD", _("calendar days")
    MONTHS = "M", _("months")
    HOURS = "H", _("hours")
    YUAN = "CNY", _("yuan")
    PERCENT = "%", "%"
    RATIO = "ratio", _("times")
    COUNT = "count", _("a count")
    POINTS = "points", _("points")


class UnknownRule(LookupError):
    """No rule of this id in the catalogue."""


class CatalogueError(ValueError):
    """A source file contradicts itself; raised when the catalogue is read, so at start."""


@dataclass(frozen=True)
class Text:
    """The same words in Chinese and English; ``str()`` gives the active language's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Source:
    """A document rules are taken from, or a chapter of the house's own choices.

    ``formal``: its name as an official paper writes it out. ``region``: the code with which the regions begin where
    it holds, empty for the whole country.
    """

    prefix: str
    title: Text
    formal: Text
    cite: Text
    confidence: Confidence
    region: str = ""

    @property
    def name(self) -> Text:
        """How a paper names it where it first speaks of it, before it cites articles the short way."""
        zh, en = self.opening.zh, self.opening.en.strip()
        return Text(f"{self.formal.zh}（以下简称{zh}）", f"{self.formal.en} (hereafter: {en})")

    def holds_in(self, region: str) -> bool:
        """Whether it holds in the region of that code."""
        return region.startswith(self.region)

    @property
    def opening(self) -> Text:
        """What every citation of it begins with, before the article: '《监管条例》', 'Regulation '."""
        return Text(self.cite.zh.partition("第{}")[0], self.cite.en.partition("art.")[0])


@dataclass(frozen=True)
class Setting:
    """A number of the law with its unit: the default in force where no authority has set its own.

    ``effective_from``/``effective_to`` are inclusive, None for unbounded. ``least``/``most``: what the law
    leaves an authority free to set.
    """

    key: str
    rule: str
    label: Text
    value: Decimal
    unit: ValueUnit
    confidence: Confidence
    effective_from: date | None = None
    effective_to: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def in_force(self, on: date) -> bool:
        after_start = self.effective_from is None or self.effective_from <= on
        return after_start and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class Rule:
    """One rule of law. ``text`` is what it says, ``does`` what the software does for it, ``article`` its citation.

    ``breaches``: of a rule that sanctions an act, the rules that lay down the duty the act breaches.
    """

    id: str
    source: Source
    article: Text
    text: Text
    does: Text
    confidence: Confidence
    settings: tuple[Setting, ...]
    effective_from: date | None = None
    breaches: tuple[str, ...] = ()

    @property
    def to_be_confirmed(self) -> bool:
        return self.confidence != Confidence.PRIMARY


def rule(rule_id: str) -> Rule:
    """The rule of that id; raises UnknownRule."""
    try:
        return _catalogue()[rule_id]
    except KeyError:
        raise UnknownRule(rule_id) from None


def rules() -> tuple[Rule, ...]:
    """Every rule, source by source in the order of its articles."""
    return tuple(_catalogue().values())


def cite(rule_id: str) -> str:
    """How the rule is cited to a reader, in the active language; raises UnknownRule."""
    return str(rule(rule_id).article)


def cite_formally(rule_id: str) -> str:
    """The rule with the name of its source written out, as a paper cites what it names once; raises UnknownRule."""
    found = rule(rule_id)
    name, opening, article = (str(text) for text in (found.source.formal, found.source.opening, found.article))
    return name + ("" if name.endswith("》") else " ") + article.removeprefix(opening)


def cite_where_it_holds(rule_id: str, region: str, item: int | None = None) -> str:
    """The same, or its numbered item, where the source holds in the region of that code, else ''."""
    if not rule(rule_id).source.holds_in(region):
        return ""
    named = cite_item(rule_id, item).removeprefix(cite(rule_id)) if item else ""
    return cite_formally(rule_id) + named


def cite_item(rule_id: str, item: int) -> str:
    """A numbered item of a rule that is itself no rule: 第二十条第（十二）项, art. 20(12); raises UnknownRule."""
    article = rule(rule_id).article
    return str(Text(f"{article.zh}第（{_chinese(item)}）项", f"{article.en}({item})"))


def cite_together(rule_ids: Iterable[str]) -> str:
    """Several rules cited in one breath, each article once; the source is named where it changes.

    Raises UnknownRule.
    """
    cited, named = [], None
    for found in {str(rule(each).article): rule(each) for each in rule_ids}.values():
        opening = str(found.source.opening)
        cited.append(str(found.article).removeprefix(opening) if found.source == named else str(found.article))
        named = found.source
    return ("; " if (get_language() or "").startswith("en") else "、").join(cited)


def finest(rule_id: str) -> tuple[Rule, ...]:
    """The entries under a rule that have none of their own, in the order of the articles; itself where it has none."""
    entries = [each for each in rules() if each.id == rule_id or each.id.startswith(f"{rule_id}.")]
    coarse = {each.id.rpartition(".")[0] for each in entries if each.id != rule_id} | {""}
    return tuple(each for each in entries if each.id not in coarse)


@cache
def sources() -> tuple[Source, ...]:
    return tuple(dict.fromkeys(each.source for each in rules()))


@cache
def settings() -> Mapping[str, tuple[Setting, ...]]:
    """Key → its default values through time, oldest first."""
    by_key: dict[str, list[Setting]] = {}
    for each in rules():
        for setting in each.settings:
            by_key.setdefault(setting.key, []).append(setting)
    for key, versions in by_key.items():
        versions.sort(key=lambda setting: setting.effective_from or date.min)
        for earlier, later in pairwise(versions):
            if earlier.effective_to is None or earlier.effective_to >= (later.effective_from or date.min):
                raise CatalogueError(f"{key}: two default values are in force at once")
    return {key: tuple(versions) for key, versions in by_key.items()}


@cache
def _catalogue() -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for path in sorted(SOURCES.glob("*.toml")):
        for each in _read(path):
            if each.id in found:
                raise CatalogueError(f"{path.name}: {each.id} is already taken")
            found[each.id] = each
    for each in found.values():
        if unknown := [one for one in each.breaches if one not in found]:
            raise CatalogueError(f"{each.id} breaches what is not in the catalogue: {', '.join(unknown)}")
    return found


def _read(path: Path) -> Iterable[Rule]:
    data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    for head in data["source"]:
        source = Source(
            prefix=head["prefix"],
            title=Text(**head["title"]),
            formal=Text(**head["formal"]) if "formal" in head else _formal(Text(**head["title"])),
            cite=Text(**head["cite"]),
            confidence=Confidence(head["confidence"]),
            region=head.get("region", ""),
        )
        for row in data["rule"]:
            if row["id"].partition("-")[0] == source.prefix:
                yield _rule(row, source, path.name)
    prefixes = {head["prefix"] for head in data["source"]}
    strays = {row["id"] for row in data["rule"] if row["id"].partition("-")[0] not in prefixes}
    if strays:
        raise CatalogueError(f"{path.name}: no source for {', '.join(sorted(strays))}")


def _formal(title: Text) -> Text:
    """The title without what stands beside it in brackets, in the marks a title has in Chinese."""
    return Text(f"《{title.zh.partition('（')[0]}》", title.en.partition(" (")[0])


def _rule(row: Mapping[str, Any], source: Source, file: str) -> Rule:
    rule_id = row["id"]
    if not RULE_ID.fullmatch(rule_id):
        raise CatalogueError(f"{file}: {rule_id} is not a rule id")
    confidence = Confidence(row.get("confidence", source.confidence))
    number = rule_id.partition("-")[2]
    article = row.get("article")
    return Rule(
        id=rule_id,
        source=source,
        article=Text(**article)
        if article
        else Text(source.cite.zh.format(_chinese_number(number)), source.cite.en.format(number)),
        text=Text(row["zh"], row["en"]),
        does=Text(row["does_zh"], row["does_en"]),
        confidence=confidence,
        effective_from=row.get("from"),
        breaches=tuple(row.get("breaches", ())),
        settings=tuple(_setting(each, rule_id, confidence, file) for each in row.get("settings", ())),
    )


def _setting(row: Mapping[str, Any], rule_id: str, confidence: Confidence, file: str) -> Setting:
    try:
        return Setting(
            key=f"{rule_id}/{row['name']}",
            rule=rule_id,
            label=Text(row["zh"], row["en"]),
            value=Decimal(row["value"]),
            unit=ValueUnit(row["unit"]),
            confidence=Confidence(row.get("confidence", confidence)),
            effective_from=row.get("from"),
            effective_to=row.get("to"),
            least=Decimal(row["least"]) if "least" in row else None,
            most=Decimal(row["most"]) if "most" in row else None,
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{file}: {rule_id}: {error}") from error


def _chinese_number(number: str) -> str:
    """'22' → 二十二; '3.1' → 三（一）, the way opinions number their parts."""
    whole, _dot, section = number.partition(".")
    return _chinese(int(whole)) + (f"（{_chinese(int(section))}）" if section else "")


def _chinese(n: int) -> str:
    """Numbers of articles, 1 to 99."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(n, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
