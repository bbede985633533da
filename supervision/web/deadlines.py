"""How a statutory term looks to its officer: days left, share used, tone, word, and the arithmetic behind it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supervision.procedure import clock
from supervision.procedure.models import Term
from supervision.workdays import Period, Unit, days_left
from supervision.workdays.services import calendar

from .format import day as shown_day
from .format import moment

SOON = 3
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Due:
    """What the page shows; `share` is the percent of the time used, `tone` one of '', 'ok', 'warn', 'bad'.

    `left` counts in the term's own unit; `end` is its last day, or the minute at which its hours are over.
    """

    label: str
    law: str
    length: str
    end: str
    left: int
    share: int
    tone: str
    word: str
    computation: list[str]
    note: str = ""


def describe(term: Term, today: date | None = None) -> Due:
    """The term as its officer sees it on that day."""
    day = today or clock.today()
    unit = Unit(term.unit)
    end = term.ended_on or term.paused_on or day
    if term.until is not None:
        remaining = term.until - clock.now()
        left = int(remaining / HOUR)
        tone, word = _settled(term) or _hours(remaining)
    else:
        left = days_left(end, term.due, unit, calendar())
        tone, word = _settled(term) or _word(term, left, unit)
    return Due(
        label=term.label,
        law=term.law,
        length=str(Period(term.n, unit)),
        end=moment(term.until) if term.until else shown_day(term.due),
        left=left,
        share=_share(term, end),
        tone=tone,
        word=word,
        computation=_computation(term),
        note=_note(term, unit),
    )


def _note(term: Term, unit: Unit) -> str:
    """In which days it counts, and that days off moved its end, where they did."""
    if unit is Unit.HOURS:
        return ""  # by the clock, and never moved
    counted = _("counted in working days") if unit is Unit.WORKING else _("counted in calendar days")
    skipped = (term.steps[-1].get("skipped") or []) if term.steps else []
    if unit is Unit.WORKING or not skipped:
        return counted
    moved = ngettext("moved on by %(n)d day off", "moved on by %(n)d days off", len(skipped)) % {"n": len(skipped)}
    return _("%(counted)s, %(moved)s") % {"counted": counted, "moved": moved}


def _share(term: Term, end: date) -> int:
    if term.until is not None and term.is_open:
        left = (term.until - clock.now()) / (term.n * HOUR or HOUR)
        return max(0, min(100, round(100 * (1 - left))))
    whole = (term.due - term.start).days
    return 100 if whole <= 0 else max(0, min(100, round(100 * (end - term.start).days / whole)))


def _settled(term: Term) -> tuple[str, str] | None:
    """Tone and word of a term that does not run; None of one that does."""
    match term.state:
        case Term.State.MET:
            return "ok", _("met")
        case Term.State.LAPSED:
            return "ok", _("ended")
        case Term.State.PAUSED:
            return "", _("paused")
    return None


def _hours(remaining: timedelta) -> tuple[str, str]:
    """Tone and word of a term that ends at an instant, in whole hours."""
    n = abs(remaining) // HOUR
    if remaining < timedelta(0):
        if not n:
            return "bad", _("less than an hour overdue")
        return "bad", ngettext("%(n)d hour overdue", "%(n)d hours overdue", n) % {"n": n}
    if not n:
        return "warn", _("less than an hour left")
    return "warn", ngettext("%(n)d hour left", "%(n)d hours left", n) % {"n": n}


def _word(term: Term, left: int, unit: Unit) -> tuple[str, str]:
    if left < 0:
        return "bad", _overdue(-left, unit)
    if left == 0:
        return ("bad", _("overdue")) if term.state == Term.State.OVERDUE else ("warn", _("today"))
    word = (
        ngettext("%(n)d working day left", "%(n)d working days left", left)
        if unit is Unit.WORKING
        else ngettext("%(n)d day left", "%(n)d days left", left)
    )
    return ("warn" if left <= SOON else "", word % {"n": left})


def _overdue(days: int, unit: Unit) -> str:
    word = (
        ngettext("%(n)d working day overdue", "%(n)d working days overdue", days)
        if unit is Unit.WORKING
        else ngettext("%(n)d day overdue", "%(n)d days overdue", days)
    )
    return word % {"n": days}


def _computation(term: Term) -> list[str]:
    """The arithmetic in sentences, from how the term was computed and what moved it since."""
    lines = [line for step in term.steps for line in _lines(step)]
    if term.paused_on:
        lines.append(_("Paused on %(day)s; the days until it runs on are excluded.") % {"day": term.paused_on})
    if term.provisional:
        lines.append(_("Provisional: the year's notice of holidays is not out yet."))
    return lines


def _lines(step: dict[str, object]) -> list[str]:
    length = str(Period(int(str(step["n"])), Unit(str(step["unit"])))) if "n" in step else ""
    lines = []
    match step["what"]:
        case "start" if "at" in step:
            begun = moment(datetime.fromisoformat(str(step["at"])))
            lines.append(_("Runs by the clock from %(moment)s, days off included.") % {"moment": begun})
            lines.append(_("Length by law: %(length)s.") % {"length": length})
        case "start":
            lines.append(_("Runs from %(day)s; that day is not counted.") % {"day": step["on"]})
            lines.append(_("Length by law: %(length)s.") % {"length": length})
        case "extend":
            lines.append(_("Extended by %(length)s from %(day)s.") % {"length": length, "day": step["on"]})
        case "resume":
            excluded = int(str(step["excluded"]))
            lines.append(
                ngettext("%(n)d day excluded by law.", "%(n)d days excluded by law.", excluded) % {"n": excluded}
            )
    skipped = step.get("skipped")
    if isinstance(skipped, list) and skipped:
        lines.append(
            _("Days off passed over (%(n)d): %(days)s.") % {"n": len(skipped), "days": _("、").join(map(str, skipped))}
        )
    if "until" in step:
        ends = moment(datetime.fromisoformat(str(step["until"])))
        lines.append(_("Ends at %(moment)s.") % {"moment": ends})
    else:
        lines.append(_("Last day: %(day)s.") % {"day": step["due"]})
    return lines
