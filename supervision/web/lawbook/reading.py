"""What the law pages show: rules narrowed by a reader's question, numbers in force, their history."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from supervision.law import catalogue
from supervision.law.catalogue import Rule, Setting, Source, ValueUnit
from supervision.law.coverage import Coverage, coverage
from supervision.law.models import DatedSetting, SettingChange
from supervision.law.values import CATALOGUE, UnknownSetting, Value, value
from supervision.parties.actors import Actor, authorities_within
from supervision.parties.models import Authority
from supervision.web.format import yuan


@dataclass(frozen=True)
class Question:
    """What a reader of the catalogue asks for; empty strings ask for everything."""

    words: str = ""
    source: str = ""
    state: str = ""

    def answers(self, each: Coverage) -> bool:
        rule = each.rule
        if self.source and rule.source.prefix != self.source:
            return False
        return self._in_state(each) and all(word in _haystack(rule) for word in self.words.lower().split())

    def _in_state(self, each: Coverage) -> bool:
        match self.state:
            case "upheld":
                return each.covered
            case "open":
                return not each.covered
            case "untested":
                return not each.tests
            case "numbers":
                return bool(each.rule.settings)
            case "unconfirmed":
                return each.rule.to_be_confirmed
        return True


@dataclass(frozen=True)
class Chapter:
    """The rules of one source that answer a question."""

    source: Source
    rules: tuple[Coverage, ...]


def chapters(question: Question) -> list[Chapter]:
    """The catalogue source by source, narrowed to the question; sources without an answer are left out."""
    by_source: dict[Source, list[Coverage]] = {}
    for each in coverage().values():
        if question.answers(each):
            by_source.setdefault(each.rule.source, []).append(each)
    return [Chapter(source, tuple(rules)) for source, rules in by_source.items()]


def _haystack(rule: Rule) -> str:
    texts = (rule.article, rule.text, rule.does, *(setting.label for setting in rule.settings))
    return " ".join([rule.id, *(words for text in texts for words in (text.zh, text.en))]).lower()


@dataclass(frozen=True)
class Number:
    """A setting as one authority sees it on a day."""

    key: str
    default: Setting
    found: Value | None
    set_by: Authority | None

    @property
    def rule(self) -> Rule:
        return catalogue.rule(self.default.rule)

    @property
    def name(self) -> str:
        return self.key.partition("/")[2]

    @property
    def spoken(self) -> str:
        return _("no value today") if self.found is None else spoken(self.found.value, self.found.unit)

    @property
    def to_be_confirmed(self) -> bool:
        return self.found is not None and self.found.to_be_confirmed


def numbers(actor: Actor, on: date, rule_id: str = "") -> list[Number]:
    """Every setting (of one rule) with the value in force for the actor's authority."""
    keys = [key for key in catalogue.settings() if not rule_id or key.startswith(f"{rule_id}/")]
    return [number(key, actor, on) for key in keys]


def number(key: str, actor: Actor, on: date) -> Number:
    """One setting as the actor's authority sees it; raises UnknownSetting for a key that does not exist."""
    if key not in catalogue.settings():
        raise UnknownSetting(key)
    scope = actor.authority.scope if actor.authority else ()
    default = catalogue.settings()[key][-1]
    try:
        found = value(key, scope=scope, on=on)
    except UnknownSetting:
        return Number(key, default, None, None)
    return Number(key, default, found, _ancestor(actor.authority, found.source))


def _ancestor(authority: Authority | None, code: str) -> Authority | None:
    while authority is not None and code != CATALOGUE:
        if authority.code == code:
            return authority
        authority = authority.parent
    return None


@dataclass(frozen=True)
class History:
    """Who set a number, when and why, at the authorities the actor may look into."""

    key: str
    actor: Actor
    on: date

    @cached_property
    def authorities(self) -> dict[str, Authority]:
        here = self.actor.authority
        if here is None:
            return {}
        seen = authorities_within(here, self.on) | Authority.objects.filter(code__in=here.scope)
        return {each.code: each for each in seen.distinct()}

    @cached_property
    def spans(self) -> list["Span"]:
        """Every value ever set, the newest first."""
        rows = DatedSetting.objects.filter(key=self.key, scope__in=self.authorities)
        return [Span(row, self.authorities[row.scope], self.on) for row in rows.order_by("-effective_from", "scope")]

    @cached_property
    def acts(self) -> list["Act"]:
        """Every act on these values, the newest first."""
        found = SettingChange.objects.filter(setting__key=self.key, setting__scope__in=self.authorities)
        return [Act(change, self.authorities[change.setting.scope]) for change in found.select_related("setting")]


@dataclass(frozen=True)
class Span:
    """A value an authority has set, and where it stands on the day."""

    row: DatedSetting
    authority: Authority
    on: date

    @property
    def spoken(self) -> str:
        return spoken(self.row.value, catalogue.settings()[self.row.key][-1].unit)

    @property
    def in_force(self) -> bool:
        return self.row.effective_from <= self.on and not self.over

    @property
    def over(self) -> bool:
        return self.row.effective_to is not None and self.row.effective_to < self.on


@dataclass(frozen=True)
class Act:
    """Someone set or ended a value."""

    change: SettingChange
    authority: Authority

    @property
    def sentence(self) -> str:
        setting, facts = self.change.setting, self.change.facts
        told = {
            "authority": self.authority.name,
            "value": spoken(setting.value, catalogue.settings()[setting.key][-1].unit),
            "day": facts["from"] if self.change.act == SettingChange.Act.SET else facts["to"],
        }
        if self.change.act == SettingChange.Act.SET:
            return _("set %(value)s for %(authority)s from %(day)s") % told
        return _("ended %(value)s for %(authority)s after %(day)s") % told


def spoken(amount: Decimal, unit: ValueUnit) -> str:
    """A number with its unit as people say it: 5 个工作日, 50,000.00 元, 5%."""
    if unit == ValueUnit.PERCENT:
        return f"{amount.normalize():f}%"
    if unit == ValueUnit.YUAN:
        return _("%(amount)s yuan") % {"amount": yuan(amount)}
    plain = f"{amount.normalize():f}"
    return plain if unit == ValueUnit.COUNT else _("%(amount)s %(unit)s") % {"amount": plain, "unit": unit.label}
