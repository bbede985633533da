"""Moments of a visit, as its forms ask for them."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.records.fields import DateTimeInput

from ..models import InspectionTask

# How far the clock of a device may be off the server's: no moment is refused for less.
DRIFT = timedelta(minutes=5)


def moment(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A field for a day and a time."""
    return forms.DateTimeField(label=label, widget=DateTimeInput, **kwargs)


def not_to_come(moment: datetime) -> datetime:
    """The moment, unless it is still to come; raises ValidationError."""
    if moment > clock.now() + DRIFT:
        raise forms.ValidationError(_("This moment has not come yet."))
    return moment


def before_the_visit(task: InspectionTask, moment: datetime | None) -> str:
    """When identity was shown, of a moment before it; '' where the moment lies within the visit (HY-32, HY-34)."""
    shown = task.identity_shown_at
    if moment is None or shown is None or moment >= shown - DRIFT:
        return ""
    return timezone.localtime(shown).strftime("%Y-%m-%d %H:%M")
