"""Forms of the legal review (PP-38, PP-39)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.procedure.forms import StepForm
from supervision.records.forms import LegalReviewForm
from supervision.records.models import LegalReview

Point, Opinion = LegalReview.Point, LegalReview.Opinion


def points_field() -> forms.MultipleChoiceField:
    """What the reviewer found in order, point by point (PP-38)."""
    return forms.MultipleChoiceField(
        label=_("Points found in order"),
        choices=Point.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PassReviewForm(StepForm):
    """The reviewer agrees: every point is in order, and the opinion says on what it rests (PP-38, PP-39)."""

    sound = points_field()
    reasons = forms.CharField(label=_("Opinion"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))

    def clean_sound(self) -> list[str]:
        """PP-38: a point left open is not agreed to."""
        sound: list[str] = self.cleaned_data["sound"]
        if any(point not in sound for point in Point):
            raise forms.ValidationError(_("Agreement takes every point in order; return the case where one is not."))
        return sound

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "opinion": Opinion.AGREE}


class ReturnReviewForm(LegalReviewForm):
    """The reviewer does not agree, and says which point is not in order and what has to be done."""

    sound = points_field()
    field_order = ("sound", "opinion", "reasons")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in Opinion.choices if one[0] != Opinion.AGREE]
        self.fields["opinion"].choices = [("", "—"), *choices]

    def clean(self) -> dict[str, Any]:
        """PP-38: what is returned has its point; only another opinion may find all of them in order."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        if cleaned.get("opinion") not in (None, "", Opinion.OTHER) and len(cleaned.get("sound", ())) == len(Point):
            self.add_error("sound", _("Leave the point open that is not in order."))
        return cleaned
