"""How a statutory term looks to its officer: days left, share used, tone, word, and the arithmetic behind it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supervision.procedure.clock import today as clock_today
from supervision.procedure.models import Term
from supervision.workdays import Period, Unit, days_left
from supervision.workdays.services import calendar

SOON = 3


@dataclass(frozen=True)
class Due:
    """What the page shows; `share` is the percent of the time used, `tone` one of '', 'ok', 'warn', 'bad'."""

    label: str
    law: str
    length: str
    due: date
    left: int
    share: int
    tone: str
    word: str
    computation: list[str]
    note: str = ""


def describe(term: Term, today: date | None = None) -> Due:
    """The term as its officer sees it on that day."""
    day = today or clock_today()
    unit = Unit(term.unit)
    end = term.ended_on or term.paused_on or day
    left = days_left(end, term.due, unit, calendar())
    tone, word = _word(term, left, unit)
    return Due(
        label=term.label,
        law=term.law,
        length=str(Period(term.n, unit)),
        due=term.due,
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
    whole = (term.due - term.start).days
    return 100 if whole <= 0 else max(0, min(100, round(100 * (end - term.start).days / whole)))


def _word(term: Term, left: int, unit: Unit) -> tuple[str, str]:
    match term.state:
        case Term.State.MET:
            return "ok", _("met")
        case Term.State.LAPSED:
            return "ok", _("ended")
        case Term.State.PAUSED:
            return "", _("paused")
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
    lines.append(_("Last day: %(day)s.") % {"day": step["due"]})
    return lines
