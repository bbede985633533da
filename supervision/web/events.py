"""What happened, in sentences: made from an event's verb and facts when it is shown, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.parties.actors import Actor
from supervision.procedure.declare import Where
from supervision.procedure.models import Dossier, Event

from .format import moment
from .told import Addresses, Fact, addresses, facts_of, files_of, told

NOT_FACTS = ("paper", "served", "due", "term")  # shown in ways of their own
FILTERS = {
    "steps": (gettext_lazy("Steps"), ~Q(target="") | ~Q(source="")),
    "papers": (gettext_lazy("Papers and service"), Q(facts__has_any_keys=["paper", "served"])),
    "other": (gettext_lazy("Everything else"), Q(target="", source="")),
}


@dataclass(frozen=True)
class Line:
    """One event as the timeline shows it."""

    event: Event
    sentence: str
    who: str
    details: list[tuple[str, str | SafeString]]
    papers: list[Mapping[str, Any]]
    dues: list[tuple[str, str]]
    alike: list["Line"]  # the same small thing done before, next to it

    @property
    def law(self) -> list[str]:
        """The articles of the event, each once."""
        return list(dict.fromkeys(self.event.law))

    def goes_with(self, other: "Line") -> bool:
        """Whether both tell of the same small thing, done by the same person on the same day without moving on."""
        one, two = self.event, other.event
        same = (one.verb, one.user_id, one.source, one.target) == (two.verb, two.user_id, two.source, two.target)
        small = one.source == one.target and not (self.papers or self.dues or other.papers or other.dues)
        return same and small and timezone.localdate(one.at) == timezone.localdate(two.at)


def filtered(events: QuerySet[Event], only: str) -> QuerySet[Event]:
    """The events of one kind of `FILTERS`, or all; none of a kind there is not."""
    if only and only not in FILTERS:
        return events.none()
    return events.filter(FILTERS[only][1]) if only else events


def shown_to(actor: Actor, dossier: Dossier, events: QuerySet[Event]) -> QuerySet[Event]:
    """What the actor may read of the history: a party sees what it did itself and what was served on it."""
    return events if actor.provider is None else events.filter(verb__in=_open_verbs(dossier))


def may_read(actor: Actor, event: Event) -> bool:
    """The same of one event."""
    return actor.provider is None or event.verb in _open_verbs(event.dossier)


def _open_verbs(dossier: Dossier) -> list[str]:
    return [step.name for step in dossier.procedure.steps.values() if step.at == Where.SUBJECT or step.serves]


def lines(dossier: Dossier, events: Iterable[Event], actor: Actor | None = None) -> list[Line]:
    """The events of this dossier as lines, in the order given; those that go with the one before stand under it.

    What a line names and `actor` may open is linked.
    """
    kept: list[tuple[Event, list[Fact]]] = []
    for event in events:
        event.dossier = dossier
        kept.append((event, facts_of(dossier, event, NOT_FACTS)))
    told_of = [fact for _event, facts in kept for fact in facts]
    links = {**addresses(told_of, actor), **files_of(told_of, dossier, actor)} if actor is not None else {}
    lined: list[Line] = []
    for event, facts in kept:
        line = _line(dossier, event, facts, links)
        if lined and lined[-1].goes_with(line):
            lined[-1].alike.append(line)
        else:
            lined.append(line)
    return lined


def in_words(dossier: Dossier, event: Event) -> list[tuple[str, str]]:
    """What an event tells, name and value, as its line on the page has it: for the index of a whole file."""
    (line,) = lines(dossier, [event])
    papers = [(_("Paper"), f"{paper.get('number', '')} {paper.get('title', '')}".strip()) for paper in line.papers]
    return [*line.details, *papers, *line.dues]


def _line(dossier: Dossier, event: Event, facts: Iterable[Fact], links: Addresses) -> Line:
    served = event.facts.get("served") or {}
    papers = [event.facts.get("paper"), served.get("paper"), served.get("certificate")]
    details = [(fact.label, text) for fact in facts if (text := told(fact, links))]
    who = " · ".join(str(each) for each in (event.user, event.authority) if each)
    return Line(
        event=event,
        sentence=event.label,
        who=who or _("the system"),
        details=[each for each in details if each[1] != dossier.title],
        papers=[paper for paper in papers if isinstance(paper, Mapping)],
        dues=_dues(dossier, event),
        alike=[],
    )


def _dues(dossier: Dossier, event: Event) -> list[tuple[str, str]]:
    """The end of each term the event started or moved, or of the one it found overdue: a day, or a moment."""
    due, terms = event.facts.get("due"), dossier.procedure.terms
    if isinstance(due, str):
        due = {event.facts.get("term", ""): due}
    return [(str(terms[kind].label), _end(told)) for kind, told in (due or {}).items() if kind in terms]


def _end(told: str) -> str:
    return moment(datetime.fromisoformat(told)) if "T" in told else told
