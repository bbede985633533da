"""Forms of what the party may say: its waiver, the hearing asked for and held."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.law.values import period
from supervision.parties.actors import holders
from supervision.parties.models import User
from supervision.parties.roles import HEADS, OFFICERS
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.forms import StepForm
from supervision.records.fields import DateField, PastField, long_text
from supervision.records.forms import AnswerStatementForm, WaiverForm
from supervision.workdays import working_days_between
from supervision.workdays.services import calendar

from ..rules import hearing_is_due, hearing_not_settled_yet, hearing_request_in_time


class StatementWaiverForm(WaiverForm):
    """The party's written word that it has nothing (more) to say (PL-62), and whether it wants no hearing either."""

    hearing_waived = forms.BooleanField(
        label=_("The party expressly waives the hearing too"),
        required=False,
        help_text=_("Without it the case waits until the days to ask for a hearing are over."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context = Context(actor=self.actor, today=clock.today(), now=clock.now())
        open_to_ask = (hearing_is_due, hearing_not_settled_yet, hearing_request_in_time)
        if not all(rule.holds(self.dossier, context) for rule in open_to_ask):
            del self.fields["hearing_waived"]


class AnswerCaseForm(AnswerStatementForm):
    """The answers to the party's points, and what of facts, reasons and evidence was re-checked for them (PL-45)."""

    rechecked = long_text(
        _("What was re-checked"),
        help_text=_("Which facts, reasons and evidence were examined again, how, and with what result."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in ("rechecked", "note")])


class HearingRequestForm(StepForm):
    """When it was asked for, when it is held, who hosts it (PL-63, PL-64)."""

    requested_on = PastField(initial=clock.today, label=_("Requested on"))
    hearing_on = DateField(label=_("Hearing on"))
    place = forms.CharField(label=_("Place"), max_length=200)
    host = forms.ModelChoiceField(label=_("Host"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hosts = holders(self.dossier.authority, OFFICERS | HEADS, clock.today())
        self.fields["host"].queryset = hosts

    def clean_host(self) -> User:
        host: User = self.cleaned_data["host"]
        if host.pk in self.dossier.investigators:
            raise forms.ValidationError(_("The host may not have investigated the case (Penalty Law art. 64)."))
        return host

    def clean_hearing_on(self) -> date:
        """PL-64: the party is told at least the set number of working days before."""
        day: date = self.cleaned_data["hearing_on"]
        today = clock.today()
        ahead = period("PL-63/notice", scope=self.dossier.authority.scope, on=today)
        if working_days_between(today, day, calendar()) < ahead.n:
            raise forms.ValidationError(_("The party must be told at least %(period)s before.") % {"period": ahead})
        return day


class HearingForm(StepForm):
    """The transcript of the hearing (PL-64, PL-65)."""

    held_on = PastField(label=pgettext_lazy("hearing", "Held on"))
    present = forms.CharField(label=_("Present"), max_length=500)
    absent = forms.BooleanField(label=_("The party stayed away without cause"), required=False)
    transcript = forms.CharField(label=_("Transcript"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8}))

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if self.dossier.hearing_on and day < self.dossier.hearing_on:
            raise forms.ValidationError(_("The hearing was announced for a later day."))
        return day
