"""Forms of the law pages: a number with its dates and reason; a year's notice as lines of text."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from supervision.law.catalogue import Setting
from supervision.web.forms import DateInput
from supervision.workdays import YearDays
from supervision.workdays.published import Festival

LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:~|～|至|–|—|to)\s*(\d{4}-\d{1,2}-\d{1,2}))?[\s:：]+(\S.*)")
LONGEST_HOLIDAY = 31
Days = dict[date, str]


class NumberForm(forms.Form):
    """What an authority says when it sets a number of the law."""

    value = forms.DecimalField(label=gettext_lazy("Value"), min_value=0, max_digits=18, decimal_places=4)
    effective_from = forms.DateField(label=gettext_lazy("In force from"), widget=DateInput())
    effective_to = forms.DateField(
        label=gettext_lazy("In force until"),
        widget=DateInput(),
        required=False,
        help_text=gettext_lazy("Empty: until another value takes its place."),
    )
    article_note = forms.CharField(
        label=gettext_lazy("Basis"),
        max_length=300,
        help_text=gettext_lazy("The document and article that set this value."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, setting: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = _("Value (%(unit)s)") % {"unit": setting.unit.label}


class EndForm(forms.Form):
    """When and why an authority's own value ends."""

    effective_to = forms.DateField(label=gettext_lazy("Last day in force"), widget=DateInput())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class YearForm(forms.Form):
    """A year's notice: one day or span a line, with the festival's name."""

    notice = forms.CharField(
        label=gettext_lazy("Notice"),
        max_length=200,
        help_text=gettext_lazy("Number of the State Council's notice, as 国办发明电〔2025〕7号."),
    )
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line: 2026-10-01 ~ 2026-10-07 National Day"),
    )
    workdays = forms.CharField(
        label=gettext_lazy("Weekend days worked in exchange"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line: 2026-10-10 National Day"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def clean_holidays(self) -> Days:
        return _days(self.cleaned_data["holidays"])

    def clean_workdays(self) -> Days:
        return _days(self.cleaned_data["workdays"])


def as_lines(year: YearDays) -> dict[str, str]:
    """A year's days written as the form reads them, spans of one festival on one line."""
    return {"holidays": "\n".join(_lines(year.holidays)), "workdays": "\n".join(_lines(year.workdays))}


def spans(days: dict[date, str]) -> Iterator[tuple[date, date, str]]:
    """Consecutive days of one festival as (first, last, festival)."""
    ordered = sorted(days)
    start = 0
    for index, day in enumerate(ordered):
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        if following != day + timedelta(days=1) or days[following] != days[day]:
            yield ordered[start], day, days[day]
            start = index + 1


def _lines(days: Any) -> Iterator[str]:
    for first, last, festival in spans(dict(days)):
        span = f"{first}" if first == last else f"{first} ~ {last}"
        yield f"{span} {Festival(festival).label}"


def _days(text: str) -> Days:
    found: Days = {}
    errors = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            for day, festival in _read(line.strip()):
                if day in found:
                    raise ValueError(_("%(day)s is named twice") % {"day": day})
                found[day] = festival
        except ValueError as error:
            errors.append(_("Line %(number)s: %(problem)s.") % {"number": number, "problem": error})
    if errors:
        raise ValidationError(errors)
    return found


def _read(line: str) -> list[tuple[date, str]]:
    match = LINE.fullmatch(line)
    if match is None:
        raise ValueError(_("expected a day or a span and a festival"))
    first = _day(match[1])
    last = _day(match[2]) if match[2] else first
    if not 0 <= (last - first).days < LONGEST_HOLIDAY:
        raise ValueError(_("the span runs backwards or is longer than a month"))
    festival = _festival(match[3].strip())
    return [(first + timedelta(days=n), festival) for n in range((last - first).days + 1)]


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_("there is no day %(day)s") % {"day": text}) from None


def _festival(name: str) -> str:
    for festival in Festival:
        if name == festival.value:
            return festival.value
        for language in ("zh-hans", "en"):
            with override(language):
                if name.lower() == str(festival.label).lower():
                    return festival.value
    raise ValueError(_("unknown festival %(name)s") % {"name": name})
