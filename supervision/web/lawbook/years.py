"""The calendar of working days: a year at a glance, its notice, and loading another."""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from supervision.parties.actors import Actor
from supervision.parties.roles import Role
from supervision.web.forms import bound_form
from supervision.workdays import YearDays, working_days_between
from supervision.workdays.models import Year
from supervision.workdays.published import Festival
from supervision.workdays.services import calendar, load_year

from ..request import PageRequest
from .forms import YearForm, as_lines, spans

FIRST, LAST = 2000, 2100


def may_load(actor: Actor) -> bool:
    """One calendar holds for the whole city, so the administrator of its first authority loads it."""
    return actor.authority is not None and actor.authority.parent is None and actor.has(Role.SYSTEM_ADMIN)


@dataclass(frozen=True)
class Square:
    """One day of the calendar page: its number, the mark beside it, and the words a reader hears."""

    day: date
    mark: str
    css: str
    words: str


@dataclass(frozen=True)
class Holiday:
    """A festival's span with the days worked in exchange."""

    festival: str
    first: date
    last: date
    worked: tuple[date, ...]

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


def this_year(request: PageRequest) -> HttpResponseBase:
    """The present year."""
    return redirect("workdays:year", timezone.localdate().year)


def year_page(request: PageRequest, year: int) -> HttpResponse:
    """Twelve months with every free and made-up day, the notice they follow, and its revisions."""
    _within(year)
    days = calendar().years.get(year)
    revisions = list(Year.objects.filter(year=year))
    context = {
        "year": year,
        "known": days is not None,
        "months": [_month(year, month) for month in range(1, 13)],
        "weekdays": [(WEEKDAYS[number], _initial(number)) for number in range(7)],
        "holidays": list(_holidays(days)) if days else [],
        "working": working_days_between(date(year - 1, 12, 31), date(year, 12, 31), calendar()),
        "revisions": revisions,
        "previous": year - 1 if year > FIRST else None,
        "next": year + 1 if year < LAST else None,
        "may_load": may_load(request.actor),
    }
    return render(request, "pages/workdays/year.html", context)


def load_page(request: PageRequest, year: int) -> HttpResponseBase:
    """Load or replace the notice of a year."""
    _within(year)
    if not may_load(request.actor):
        raise PermissionDenied
    initial = as_lines(calendar().years.get(year, YearDays()))
    form = bound_form(request, YearForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            load_year(year=year, set_by=str(request.user), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The notice of %(year)s is in force.") % {"year": year})
            return redirect("workdays:year", year)
    context = {"form": form, "year": year, "festivals": Festival.choices}
    return render(request, "pages/workdays/load.html", context, status=422 if form.errors else 200)


def _within(year: int) -> None:
    if not FIRST <= year <= LAST:
        raise Http404


def _initial(weekday: int) -> str:
    """The weekday in as few signs as fit a square: 一 … 日, Mon … Sun."""
    short = str(WEEKDAYS_ABBR[weekday])
    return short if short.isascii() else short[-1]


def _month(year: int, month: int) -> tuple[date, list[list[Square | None]]]:
    weeks = gregorian.Calendar().monthdayscalendar(year, month)
    squares = [[_square(date(year, month, number)) if number else None for number in week] for week in weeks]
    return date(year, month, 1), squares


def _square(day: date) -> Square:
    known = calendar()
    festival = known.festival(day)
    name = str(Festival(festival).label) if festival else ""
    if known.is_working(day):
        if festival:
            return Square(
                day,
                pgettext("mark in the calendar", "work"),
                "made-up",
                _("worked in exchange: %(name)s") % {"name": name},
            )
        return Square(day, "", "", "")
    if festival:
        return Square(day, pgettext("mark in the calendar", "off"), "holiday", name)
    return Square(day, "", "free", _("weekend"))


def _holidays(days: YearDays) -> Iterator[Holiday]:
    for first, last, festival in spans(dict(days.holidays)):
        near = timedelta(days=45)
        worked = tuple(
            day for day, name in sorted(days.workdays.items()) if name == festival and abs(day - first) < near
        )
        yield Holiday(str(Festival(festival).label), first, last, worked)
