"""What the record of a case tells of its course, read from its events alone and not from its guards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from supervision.law.values import amount
from supervision.procedure import clock


@dataclass(frozen=True)
class Story:
    """What the record tells of the present round of a case; a new report begins a new round."""

    reported: Decimal | None = None  # the fine the newest report proposes
    large: bool = False  # it carries the right to a hearing
    major: bool = False
    notified: bool = False
    served: date | None = None
    statement_until: date | None = None
    hearing_until: date | None = None
    window: str = ""  # how the statement window ended: waived, lapsed, heard
    unanswered: bool = False
    hearing: str = ""  # asked, held, waived, lapsed
    reviewed: date | None = None  # the day the legal review passed it
    discussed: bool | None = None  # carried or not
    heard: bool = False  # in this round or an earlier one
    told: Decimal | None = None  # the fine of the newest notice, kept over the rounds
    defended: bool = False  # a statement was ever made
    decided: str = ""
    decision_served: date | None = None


def day(value):
    return date.fromisoformat(value)


@dataclass(frozen=True)
class Told:
    """One event as the story hears it."""

    facts: Mapping[str, Any]
    on: date
    threshold: Decimal


def back_to_investigation(story, _told):
    return Story(unanswered=story.unanswered, heard=story.heard, told=story.told, defended=story.defended)


def reported(story, told):
    fine = Decimal(told.facts["fine"])
    assert not story.defended or fine <= story.told, "told of a heavier penalty for having defended itself"
    large = fine >= told.threshold
    major = large or story.heard or bool(told.facts.get("major")) or bool(told.facts.get("aggravating"))
    return replace(story, reported=fine, large=large, major=major)


def served(story, told):
    due = {name: day(last) for name, last in told.facts["due"].items()}
    on = day(told.facts["served_on"])
    assert ("hearing_request" in due) == story.large, "days to ask for a hearing run for those who may ask"
    return replace(story, served=on, statement_until=due["statement"], hearing_until=due.get("hearing_request"))


def window_lapsed(story, told):
    assert told.on > story.statement_until, "lapsed before its last day was over"
    return replace(story, window="lapsed")


def hearing_asked(story, told):
    assert story.large
    assert story.served <= day(told.facts["requested_on"]) <= story.hearing_until
    assert story.hearing in ("", "lapsed")
    return replace(story, hearing="asked")


def hearing_waived(story, told):
    assert story.large, "waived a right nobody had"
    assert told.on <= story.hearing_until
    return replace(story, hearing="waived")


def hearing_held(story, told):
    defended = story.defended or not told.facts.get("absent")
    return replace(story, hearing="held", window=story.window or "heard", heard=True, major=True, defended=defended)


def submitted(story, told):
    over = story.large and not story.hearing and told.on > story.hearing_until
    return replace(story, reviewed=None, discussed=None, hearing="lapsed" if over else story.hearing)


def review_undone(story, _told):
    return replace(story, reviewed=None, discussed=None)


def discussed(story, told):
    assert day(told.facts["held_on"]) >= story.reviewed, "discussed before the review passed it"
    cast = [row["vote"] for row in told.facts["votes"].values()]
    return replace(story, discussed=cast.count("for") * 2 > len(cast))


def stated(story, _told):
    return replace(story, unanswered=True, defended=True)


def stated_late(story, told):
    assert story.served <= day(told.facts["made_on"]) <= story.statement_until
    return replace(stated(story, told), reviewed=None, discussed=None)


def becomes(**fields):
    return lambda story, _told: replace(story, **fields)


TELLS = {
    "send_back": back_to_investigation,
    "reopen_investigation": back_to_investigation,
    "return_for_investigation": back_to_investigation,
    "submit_report": reported,
    "notify": lambda story, _told: replace(story, notified=True, told=story.reported),
    "serve_notice": served,
    "record_statement": stated,
    "record_late_statement": stated_late,
    "make_statement": stated,
    "answer_statement": becomes(unanswered=False),
    "waive_statement": becomes(window="waived"),
    "record_waiver": window_lapsed,
    "request_hearing": hearing_asked,
    "waive_hearing": hearing_waived,
    "hold_hearing": hearing_held,
    "submit_for_legal_review": submitted,
    "pass_legal_review": lambda story, told: replace(story, reviewed=told.on),
    "return_for_correction": review_undone,
    "send_back_after_discussion": review_undone,
    "deliberate": discussed,
    "decide_penalty": becomes(decided="penalty"),
    "decide_no_penalty": becomes(decided="no_penalty"),
    "serve_decision": lambda story, told: replace(story, decision_served=day(told.facts["served_on"])),
    "serve_no_penalty": lambda story, told: replace(story, decision_served=day(told.facts["served_on"])),
}


def tell(case):
    """The story of a case, from its events."""
    threshold = amount("PL-63/organisation_threshold", scope=case.authority.scope, on=clock.today())
    story = Story()
    for event in case.events.order_by("seq"):
        if event.verb in TELLS:
            story = TELLS[event.verb](story, Told(event.facts, timezone.localdate(event.at), threshold))
    return story
