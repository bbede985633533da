"""What is asked where a suspected crime goes to the police (CR-3)."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import DayField, EvidenceField, PastField, StoredFileField, long_text
from supervision.records.forms import SignedForm

from ..selectors import usable_evidence


class PoliceDecisionForm(StepForm):
    """To which police, on what grounds; the 24 hours run from the moment it is entered."""

    organ = forms.CharField(label=_("Public security organ"), max_length=100)
    reason = long_text(_("Why a crime is suspected"))
    decided_on = DayField(label=_("Decided on"))

    def clean_decided_on(self) -> date:
        """The term begins with this entry, so that a decision is entered on its day."""
        day: date = self.cleaned_data["decided_on"]
        if day != clock.today():
            raise forms.ValidationError(_("The decision is entered on its day; 24 hours run from it."))
        return day


class EnclosingForm(SignedForm):
    """What goes along to the police: each kind is named, or said not to exist; never both."""

    enclosures: ClassVar[tuple[tuple[str, str], ...]] = ()
    unnamed: ClassVar[Any] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, _none in self.enclosures:
            if isinstance(self.fields[name], EvidenceField):
                self.fields[name].queryset = usable_evidence(self.dossier)

    def clean(self) -> dict[str, Any]:
        """Every kind, or the word that there is none; never both."""
        cleaned = super().clean()
        for name, none in self.enclosures:
            if bool(cleaned.get(name)) == bool(cleaned.get(none)):
                self.add_error(name, self.unnamed)
        return cleaned


class SendToPoliceForm(EnclosingForm):
    """What went along, and the signed receipt; each enclosure is named, or said not to exist (CR-3)."""

    sent_on = PastField(label=_("Sent on"), initial=clock.today)
    property_list = EvidenceField(label=_("List of property"), required=False)
    no_property = forms.BooleanField(label=_("No property is involved"), required=False)
    appraisal = EvidenceField(label=_("Appraisal or inspection report"), required=False)
    no_appraisal = forms.BooleanField(label=_("None was made"), required=False)
    receipt_of = forms.CharField(label=_("Signed for by"), max_length=100)
    document = StoredFileField(label=_("Signed receipt"), required=False)
    enclosures = (("property_list", "no_property"), ("appraisal", "no_appraisal"))
    unnamed = _("Name the enclosure, or say that there is none.")

    def clean_sent_on(self) -> date:
        """Not before it was decided."""
        day: date = self.cleaned_data["sent_on"]
        if self.dossier.police_decided_on and day < self.dossier.police_decided_on:
            raise forms.ValidationError(_("It cannot have been sent before it was decided."))
        return day
