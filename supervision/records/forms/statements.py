"""Forms of what the party says in its defence and of the answers to it (HY-22, PL-45)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.procedure.forms import StepForm

from ..fields import LinesField, PastField, StoredFileField, VerdictField
from ..models import Evidence
from ..selectors import statements_of
from .signed import SignedForm


class StatementForm(SignedForm):
    """What the party says in its defence (HY-22): an oral statement as its transcript; of a written one an officer
    enters, the paper itself or the word that it is in the paper file. What the party types in itself is the statement.
    """

    made_on = PastField(label=_("Made on"), initial=clock.today)
    made_by = forms.CharField(label=_("Made by"), max_length=100)
    oral = forms.BooleanField(label=_("Oral; this is the transcript"), required=False)
    text = forms.CharField(label=_("Statement"), max_length=20000, widget=forms.Textarea(attrs={"rows": 6}))
    points = LinesField(
        label=_("Points"),
        required=False,
        help_text=_("One point a line; each is answered on its own. Left empty, the statement is one point."),
    )
    document = StoredFileField(
        label=_("The written statement and its enclosures"),
        required=False,
        keeps=Evidence.Kind.STATEMENT,
        help_text=_("Kept as evidence."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.actor.provider is not None:
            self.initial.setdefault("made_by", self.actor.provider.name)
            del self.fields["oral"], self.fields["on_paper"]

    def rests_on_paper(self, cleaned: Mapping[str, Any]) -> bool:
        return self.actor.provider is None and not cleaned.get("oral")

    def unsigned(self) -> Any:
        return _("Attach the written statement, or say that it is in the paper file.")

    def clean_made_on(self) -> date:
        """Not before the party was told what it may answer."""
        day: date = self.cleaned_data["made_on"]
        served_on = getattr(self.dossier, "notice_served_on", None)
        if served_on and day < served_on:
            raise forms.ValidationError(_("A statement cannot precede the service of the notice."))
        return day

    def clean(self) -> dict[str, Any]:
        """Points as a list; without any, the whole statement is one."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        cleaned["points"] = cleaned.get("points") or [cleaned.get("text", "")]
        return cleaned


class LateStatementForm(StatementForm):
    """A statement made or posted in time that arrived after its days were over (HY-22, PP-58)."""

    field_order = ("made_on", "received_on", "proof")
    received_on = PastField(label=_("Received on"), initial=clock.today)
    proof = forms.CharField(
        label=_("Proof of the day"),
        max_length=200,
        help_text=_("How it came and what shows when it was sent: the postmark, the number of the parcel."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_on"].initial = None
        self.fields["made_on"].label = _("Made or posted on")

    def clean_made_on(self) -> date:
        """The step's rule tells the days from which to which it counts, both ends with their article."""
        day: date = self.cleaned_data["made_on"]
        return day

    def clean_received_on(self) -> date:
        """Not before it was made."""
        day: date = self.cleaned_data["received_on"]
        if (made := self.cleaned_data.get("made_on")) and day < made:
            raise forms.ValidationError(_("It cannot have arrived before it was made."))
        return day


class AnswerStatementForm(StepForm):
    """An answer to every point still open, and whether it is accepted: `answer_<point>`, `accepted_<point>`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_points = [
            point
            for statement in statements_of(self.dossier)
            for point in statement.points.all()
            if not point.is_answered
        ]
        for number, point in enumerate(self.open_points, start=1):
            self.fields[f"answer_{point.pk}"] = forms.CharField(
                label=_("Answer %(number)s") % {"number": number},
                help_text=escape(point.text),  # shown as markup by the field's template
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"accepted_{point.pk}"] = VerdictField(label=_("Point %(number)s is") % {"number": number})
        self.order_fields([name for name in self.fields if name != "note"])
