"""What is asked of the answers of police, procuratorate and court to a referral (CR-4…6, PL-27)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import EvidenceField, LinesField, PastField, StoredFileField, long_text
from supervision.records.forms import SignedForm

from ..phases.states import Police
from .referral import EnclosingForm

TERMS = ("police_answer", "police_review", "police_review_answer", "procurator", "police_handover")


class WrittenAnswerForm(SignedForm):
    """A dated and numbered document of another organ, and when it arrived: not before what it answers."""

    number = forms.CharField(label=_("Number of the document"), max_length=100)
    dated = PastField(label=_("Date of the document"))
    received_on = PastField(label=_("Received on"), initial=clock.today)
    document = StoredFileField(label=_("The document"), required=False)

    def since(self) -> date | None:
        """The newest day from which a term of the referral ran."""
        running = self.dossier.running
        return max((running[kind].start for kind in TERMS if kind in running), default=None)

    def clean_dated(self) -> date:
        """Not before the day of what it answers."""
        day: date = self.cleaned_data["dated"]
        if (since := self.since()) and day < since:
            raise forms.ValidationError(_("It lies before what it answers, of %(day)s.") % {"day": since})
        return day

    def clean(self) -> dict[str, Any]:
        """It arrives on its day or later."""
        cleaned = super().clean()
        dated, received = cleaned.get("dated"), cleaned.get("received_on")
        if dated and received and received < dated:
            self.add_error("received_on", _("It cannot have arrived before its date."))
        return cleaned


class PoliceAnswerForm(WrittenAnswerForm):
    """Whether the police file, in writing; a refusal gives its reason (CR-4, CR-5)."""

    ANSWERS = ((Police.FILED.value, _("The police file the case")), (Police.REFUSED.value, _("The police do not file")))
    answer = forms.ChoiceField(label=_("Answer"), choices=ANSWERS)
    reason = long_text(_("Reason given"), required=False)
    field_order = ("answer", "number", "dated", "received_on", "reason", "document")

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        cleaned = super().clean()
        if cleaned.get("answer") == Police.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", _("Say for which reason they do not file."))
        return cleaned


class SupervisionForm(StepForm):
    """To which procuratorate, and why the police should file (CR-5)."""

    organ = forms.CharField(label=_("People's procuratorate"), max_length=100)
    reason = long_text(_("Reason"))


class HandoverForm(EnclosingForm):
    """What is handed over to the police, thing by thing, or the word that there is none (CR-6)."""

    handed_on = PastField(label=_("Handed over on"), initial=clock.today)
    things = LinesField(
        label=_("Property"),
        required=False,
        help_text=_("One thing a line: name, number, condition and where it is kept."),
    )
    no_property = forms.BooleanField(label=_("No property is involved"), required=False)
    materials = EvidenceField(label=_("Material of the case"), required=False)
    no_material = forms.BooleanField(label=_("All material went along with the referral"), required=False)
    receipt_of = forms.CharField(label=_("Signed for by"), max_length=100)
    document = StoredFileField(label=_("Signed receipt"), required=False)
    enclosures = (("things", "no_property"), ("materials", "no_material"))
    unnamed = _("List what is handed over, or say that there is none.")

    def clean_handed_on(self) -> date:
        """Not before the police had filed."""
        day: date = self.cleaned_data["handed_on"]
        term = self.dossier.term("police_handover")
        if term is not None and day < term.start:
            raise forms.ValidationError(_("It cannot have been handed over before the police had filed."))
        return day


class PoliceReturnForm(WrittenAnswerForm):
    """Who ended the criminal side, how, and why (PL-27, NJ-4.3)."""

    OUTCOMES = (
        ("withdrawn", _("The police withdrew the case")),
        ("not_prosecuted", _("The procuratorate does not prosecute")),
        ("acquitted", _("The court acquitted")),
        ("exempted", _("The court exempted from punishment")),
        (Police.SENTENCED.value, _("The court passed sentence")),
    )
    outcome = forms.ChoiceField(label=_("How it ended"), choices=OUTCOMES)
    organ = forms.CharField(label=_("Organ that ended it"), max_length=100)
    reason = long_text(_("Reason given"))
    field_order = ("outcome", "organ", "number", "dated", "received_on", "reason", "document")
