"""Forms of steps that rest on somebody's word in writing: a reason, a signed paper, a waiver."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.procedure.forms import StepForm

from ..fields import PastField, StoredFileField, long_text
from ..models import Evidence


class ReasonForm(StepForm):
    """A step that needs its reason on record."""

    reason = long_text(_("Reason"), rows=3)


class SignedForm(StepForm):
    """A step that rests on a signed paper: its scan or photo, or the word that the original is in the paper file.

    A name typed in is no signature (HY-32). `signed` names the field of the file, which the subclass declares.
    """

    signed: ClassVar[str] = "document"
    on_paper = forms.BooleanField(
        label=_("The original is in the paper file"),
        required=False,
        help_text=_("A scan or photo of it may follow as evidence."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name not in ("on_paper", "note")]
        names.insert(names.index(self.signed) + 1, "on_paper")
        self.order_fields(names)

    def rests_on_paper(self, cleaned: Mapping[str, Any]) -> bool:
        """Whether this time there has to be one; a subclass knows when there is none to be had."""
        return True

    def unsigned(self) -> Any:
        """What is said where there is neither."""
        return _("Attach the signed paper, or say that it is in the paper file.")

    def clean(self) -> dict[str, Any]:
        """The file, or the word that it is on paper."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        missing = not cleaned.get(self.signed) and not cleaned.get("on_paper")
        if missing and self.signed not in self.errors and self.rests_on_paper(cleaned):
            self.add_error(self.signed, self.unsigned())
        return cleaned


class WaiverForm(SignedForm):
    """The party's own written words that it waives a right: to state its view, or to be heard (PL-62, PL-63, HY-22)."""

    declared_by = forms.CharField(label=_("Declared by"), max_length=100)
    declared_on = PastField(label=_("Declared on"), initial=clock.today)
    document = StoredFileField(label=_("The signed waiver"), required=False, keeps=Evidence.Kind.DOCUMENTARY)

    def clean_declared_on(self) -> date:
        """Not before the party was told of its right."""
        day: date = self.cleaned_data["declared_on"]
        if self.dossier.notice_served_on and day < self.dossier.notice_served_on:
            raise forms.ValidationError(_("A waiver cannot precede the service of the notice."))
        return day
