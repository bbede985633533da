"""The minutes of the discussion of a major case, with the fine it resolves."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.records.amounts import AmountField
from supervision.records.forms import DeliberationForm
from supervision.records.selectors import reviews_of

from ..discretion import Tier, fine_range


class DiscussCaseForm(DeliberationForm):
    """Discussed is what the legal review passed (HY-40); the fine resolved is the one that is decided (PP-44).

    Cleaned, `fine` is in yuan: the proposed one where none is typed, 0 where there is to be no penalty.
    """

    fine = AmountField(
        label=_("Fine resolved (yuan)"), required=False,
        help_text=_("As proposed, or lower within the proposed tier; 0: no penalty. The decision is bound by it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = self.dossier.proposed_fine or Decimal(0)
        self.initial.setdefault("fine", self.proposed)

    def clean_fine(self) -> Decimal:
        """Not above what the party was told (PL-44), and within the range of the tier (DS-2)."""
        given: Decimal | None = self.cleaned_data["fine"]
        fine = self.proposed if given is None else given
        lowest, _highest = fine_range(self.dossier, Tier(self.dossier.tier), clock.today())
        if fine not in (self.proposed, 0) and not lowest <= fine <= self.proposed:
            bounds = {"low": f"{lowest:,.2f}", "high": f"{self.proposed:,.2f}"}
            raise forms.ValidationError(_("At the proposed tier %(low)s–%(high)s yuan, or 0 for no penalty.") % bounds)
        return fine

    def clean(self) -> dict[str, Any]:
        """HY-40: on the day of the legal review not before its minute; of an earlier day the rule speaks."""
        cleaned = super().clean()
        reviews = reviews_of(self.dossier)
        passed = reviews[-1].decided_at if reviews else None
        day, begun = cleaned.get("held_on"), cleaned.get("begun_at")
        if passed is None or day is None or begun is None:
            return cleaned
        reviewed = timezone.localtime(passed)
        if day == reviewed.date() and begun < reviewed.time().replace(second=0, microsecond=0):
            sentence = _("The legal review passed the case at %(time)s only; it is discussed after that.")
            self.add_error("begun_at", sentence % {"time": f"{reviewed:%H:%M}"})
        return cleaned
