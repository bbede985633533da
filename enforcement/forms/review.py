"""Forms of the legal review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.procedure.forms import StepForm
from supervision.records.forms import (
    LegalReviewForm,
)
from supervision.records.models import LegalReview


class PassReviewForm(StepForm):
    """The reviewer agrees, and says on what the agreement rests (PP-39)."""

    reasons = forms.CharField(label=_("Opinion"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "opinion": LegalReview.Opinion.AGREE}


class ReturnReviewForm(LegalReviewForm):
    """The reviewer does not agree, and says what has to be done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in LegalReview.Opinion.choices if one[0] != LegalReview.Opinion.AGREE]
        self.fields["opinion"].choices = [("", "—"), *choices]
