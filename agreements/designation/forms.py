"""One form per step of an agreement; each says what its article asks, on the field it asks it of."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer, period
from supervision.parties.actors import providers_visible_to
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.procedure.models import Dossier
from supervision.records.fields import DateField, DayField, long_text
from supervision.records.forms import ReasonForm
from supervision.workdays import calendar_end

from ..fields import NamedField
from .procedure import Clause
from .selectors import bar_on, open_application, ordering_cases, reversed_cases


class CompletionForm(StepForm):
    missing = long_text(_("Missing from the file"))
    asked_on = DayField(label=_("Asked on"))


class AcceptForm(StepForm):
    """What an applicant must have (DM-1, DM-2)."""

    operating_since = DateField(label=_("Operating since"))
    doctors = forms.IntegerField(label=_("Physicians first registered here"), min_value=0, initial=0)
    pharmacists = forms.IntegerField(label=_("Licensed pharmacists"), min_value=0, initial=0)
    trained_staff = forms.IntegerField(label=_("Trained insurance staff"), min_value=0, initial=0)
    insurance_department = forms.BooleanField(label=_("Has an insurance department"), required=False)

    def _least(self, name: str) -> int:
        return integer(f"DM-2/{name}", scope=self.dossier.authority.scope, on=clock.today())

    def clean_operating_since(self) -> date:
        since: date = self.cleaned_data["operating_since"]
        scope = self.dossier.authority.scope
        length = period("DM-1/operating", scope=scope, on=clock.today())
        if calendar_end(since, length) > self.dossier.applied_on:
            raise forms.ValidationError(_("An applicant must have operated for %(time)s.") % {"time": length})
        return since

    def clean(self) -> dict[str, Any]:
        """Staff by the class of the applicant."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        provider = self.dossier.provider
        asked = (
            (("pharmacists", "pharmacists"), ("trained_staff", "trained_staff"))
            if provider.is_pharmacy
            else (("doctors", "physicians"),)
        )
        for field, setting in asked:
            least = self._least(setting)
            if cleaned.get(field) is not None and cleaned[field] < least:
                self.add_error(field, _("At least %(n)s are needed.") % {"n": least})
        if provider.beds >= self._least("beds_department") and not cleaned.get("insurance_department"):
            self.add_error("insurance_department", _("A provider with this many beds needs an insurance department."))
        return cleaned


class EvaluationForm(StepForm):
    panel = long_text(_("Members of the panel"), help_text=_("One person a line: name, unit, speciality."))
    score = forms.DecimalField(label=_("Score"), max_digits=5, decimal_places=2, min_value=0, max_value=100)
    passed = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("", "—"), ("True", _("qualified")), ("False", _("not qualified"))],
        coerce=lambda value: value == "True",
    )
    opinion = long_text(_("Opinion of the panel"))


class PublicNoticeForm(StepForm):
    notice_until = DateField(label=_("Public notice until"))

    def clean_notice_until(self) -> date:
        day: date = self.cleaned_data["notice_until"]
        if day <= clock.today():
            raise forms.ValidationError(_("The notice ends on a later day than today."))
        return day


class ObjectionForm(StepForm):
    objection = long_text(_("Objection"))
    answer = long_text(_("Answer"), required=False, help_text=_("What was found; without it nothing is signed."))


class NegotiationForm(StepForm):
    """The six clause groups (HY-16) and the term of the agreement (DM-6)."""

    clauses = forms.MultipleChoiceField(
        label=_("Clauses agreed on"),
        choices=Clause.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All six groups are needed to sign."),
    )
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    terms_text = long_text(_("What was agreed"), help_text=_("Becomes the text of the agreement."))

    def clean(self) -> dict[str, Any]:
        """The term ends after it begins."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes after the first."))
        return cleaned


class SignForm(StepForm):
    signed_on = DayField(label=_("Signed on"))

    def clean_signed_on(self) -> date:
        """Not after the term, not under a bar (HY-20)."""
        day: date = self.cleaned_data["signed_on"]
        if self.dossier.last_day and day > self.dossier.last_day:
            raise forms.ValidationError(_("The term agreed on is over by then."))
        if self.dossier.barred_on(day):
            raise forms.ValidationError(
                _("The provider may not sign again before the bar ends (Heyuan Measures art. 20).")
            )
        return day


class SupplementForm(StepForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    text = long_text(_("What was agreed"))
    signed_on = DayField(label=_("Signed on"))


class OrderedForm(StepForm):
    """Base of what follows from a breach case: one that was served and is in execution."""

    order = forms.ModelChoiceField(label=_("Ordered by"), queryset=Dossier.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = ordering_cases(self.dossier)


class SuspendForm(OrderedForm):
    """The days of a suspension a breach case ordered (HY-19); its length was checked when the case chose it."""

    first_day = DateField(label=_("First day"))
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=120)


class TerminateForm(OrderedForm):
    """The end a breach case ordered, and its ground among the thirteen (HY-20)."""

    ended_on = DateField(label=_("Ended on"))
    ground = forms.IntegerField(label=_("Ground"), min_value=1, max_value=13)


class UndoForm(OrderedForm):
    """Which reversed decision takes back what it had ordered, and why (HY-25)."""

    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = reversed_cases(self.dossier)


class ResumeForm(UndoForm):
    """The suspension that the reversed termination had cut short, by its first day (HY-25)."""

    first_day = DateField(label=_("First day"))


class OwnSuspensionForm(StepForm):
    first_day = DateField(label=_("First day"))
    reason = long_text(_("Reason"))


class ApplicationForm(StepForm):
    """An application for designation as it is received (HY-15)."""

    provider = NamedField(label=_("Provider"))
    applied_on = DayField(label=_("Applied on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers_visible_to(self.actor)

    def clean_applied_on(self) -> date:
        day: date = self.cleaned_data["applied_on"]
        today, authority = clock.today(), self.actor.authority
        longest = period("DM-3/late_entry", scope=authority.scope if authority else (), on=today)
        if calendar_end(day, longest) < today:
            sentence = _("An application is entered within %(period)s of its day.") % {"period": longest}
            raise forms.ValidationError(sentence)
        return day

    def clean(self) -> dict[str, Any]:
        """No application under a bar (HY-20), and one at a time."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        provider, day = cleaned.get("provider"), cleaned.get("applied_on")
        if provider and day and (bar := bar_on(provider, day)):
            last = bar.days.upper - timedelta(days=1)
            sentence = _("Terminated, and barred from a new agreement until %(day)s (Heyuan Measures art. 20).")
            self.add_error("provider", sentence % {"day": last.isoformat()})
        if provider and open_application(provider):
            self.add_error("provider", _("An application of this provider is being handled."))
        return cleaned


__all__ = [
    "AcceptForm",
    "ApplicationForm",
    "CompletionForm",
    "EvaluationForm",
    "NegotiationForm",
    "ObjectionForm",
    "OrderedForm",
    "OwnSuspensionForm",
    "PublicNoticeForm",
    "ReasonForm",
    "ResumeForm",
    "SignForm",
    "SupplementForm",
    "SuspendForm",
    "TerminateForm",
    "UndoForm",
]
