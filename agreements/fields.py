"""Fields that steps of agreements and breaches share."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.parties import PartyField
from supervision.parties.models import Party
from supervision.procedure import clock
from supervision.records.fields import DateField


class DayField(DateField):
    """The day something was done: today unless told otherwise, never a day to come."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=clock.today, **kwargs)

    def clean(self, value: Any) -> date:
        """The day; raises ValidationError for one that has not come."""
        day: date = super().clean(value) or clock.today()
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class NamedField(PartyField):
    """A party by code or full name, with suggestions; a caller of the API may also give its id."""

    def to_python(self, value: Any) -> Party | None:
        """The party; raises ValidationError for one that is not within sight."""
        text = str(value or "").strip()
        if text.isdecimal() and len(text) < 10 and not self.queryset.filter(code=text).exists():
            return super().to_python(int(text))
        return super().to_python(value)


def long_text(label: Any, **more: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, max_length=20000, widget=forms.Textarea(attrs={"rows": 4}), **more)
