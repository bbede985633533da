"""Forms of a lead's steps, and of its registration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.law.values import integer
from supervision.parties.actors import holders
from supervision.parties.models import Authority, OtherDepartment, Party
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.procedure.models import Dossier
from supervision.records.amounts import AmountField
from supervision.records.fields import long_text
from supervision.records.forms import ReasonForm

from ..officers import OfficersField, officers_of
from ..parties import PartyField, parties_within
from .models import Lead
from .procedure import HEADS, OFFICERS


class RegisterLeadForm(forms.Form):
    """What is written down when a lead comes in."""

    source = forms.ChoiceField(label=_("Source"), choices=Lead.Source.choices)
    subject = PartyField(label=_("Party concerned"), required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    facts = long_text(_("What is reported"), rows=6)
    received_on = forms.DateField(label=_("Received on"))
    suspected_amount = AmountField(label=_("Suspected amount (yuan)"), required=False)
    source_ref = forms.CharField(label=_("Reference at the source"), max_length=120, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["subject"].queryset = parties_within(actor)  # type: ignore[attr-defined]
        self.fields["received_on"].initial = clock.today

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("It cannot have been received after today."))
        return day


class VerifiersForm(StepForm):
    """Who verifies; may stay empty when officers were named at registration."""

    officers = OfficersField(label=_("Verified by"), error_messages={"required": _("Name at least one officer.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = holders(self.dossier.authority, OFFICERS, clock.today())
        self.fields["officers"].initial = named = [user.pk for user in officers_of(self.dossier)]
        self.fields["officers"].required = not named


class SubjectForm(StepForm):
    """Whom the lead is about."""

    subject = PartyField(label=_("Party concerned"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = parties_within(self.actor)


class VerificationForm(StepForm):
    """What was done to verify the lead and what came of it."""

    verification = long_text(_("Course and findings of the verification"), rows=6)


class ConclusionForm(StepForm):
    """A conclusion; `result` names the matter in which it goes on."""

    reason = long_text(_("Reason"), required=False)
    result = forms.ModelChoiceField(
        label=_("Goes on as"), queryset=Dossier.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].queryset = self.dossier.consequences.all()


class ProposedForm(StepForm):
    """The case in which the matter goes on."""

    result = forms.ModelChoiceField(label=_("Goes on as"), queryset=Dossier.objects.all())


class ToAgencyForm(ConclusionForm):
    """Which agency handles it under the agreement."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Authority.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.dossier.authority.region
        agencies = Authority.objects.filter(
            body=Authority.Body.AGENCY, active=True, region__path__startswith=region.path
        ).order_by("region__path")
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = agencies.filter(region=self._region_of_subject()).first()

    def _region_of_subject(self) -> Any:
        subject: Party | None = self.dossier.subject
        return subject.region_id if subject else self.dossier.authority.region_id


class TargetedCheckForm(StepForm):
    """Who goes, as many as the law asks for; their certificates are asked for when it starts (HY-32)."""

    officers = OfficersField(label=pgettext_lazy("inspection", "Officers"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = holders(self.dossier.authority, OFFICERS, clock.today())
        self.fields["officers"].initial = [user.pk for user in officers_of(self.dossier)]

    def clean_officers(self) -> Any:
        """HY-32: fewer than the law asks for do not go."""
        chosen = self.cleaned_data["officers"]
        least = integer("HY-32/officers", scope=self.dossier.authority.scope, on=clock.today())
        if len(chosen) < least:
            message = _("An inspection takes at least %(least)s officers (Heyuan Measures art. 32).")
            raise forms.ValidationError(message % {"least": least})
        return chosen


class ReferForm(StepForm):
    """To which department, and why it is theirs."""

    department = forms.ModelChoiceField(label=_("Department"), queryset=OtherDepartment.objects.none())
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = OtherDepartment.objects.filter(active=True).order_by("sort_key", "pk")


__all__ = ["HEADS", "RegisterLeadForm"]


__all__ = [
    "ConclusionForm",
    "ProposedForm",
    "ReasonForm",
    "ReferForm",
    "RegisterLeadForm",
    "SubjectForm",
    "TargetedCheckForm",
    "ToAgencyForm",
    "VerificationForm",
    "VerifiersForm",
]
