"""Forms of closure and publication."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.law.catalogue import cite_together
from supervision.parties.masks import personal_numbers
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import PastField, long_text
from supervision.records.forms import (
    ReasonForm,
)
from supervision.records.selectors import newest_paper


class CloseForm(ReasonForm):
    """Why the case is closed, and what became of the order to correct (PP-13, PP-56).

    Says so where the decision is still to be published (PB-1). `correction` and `correction_checked` are asked where
    an order to correct is in force.
    """

    field_order = ("correction", "correction_checked", "reason")
    CORRECTED, REFUSED, NOT_DUE = "corrected", "refused", "not_due"
    CORRECTIONS = (
        (CORRECTED, _("corrected as ordered")),
        (REFUSED, _("refused to correct")),
        (NOT_DUE, _("the time to correct is still running")),
    )
    correction = forms.ChoiceField(label=_("Result of the correction"), choices=[("", "—"), *CORRECTIONS])
    correction_checked = long_text(
        _("How the correction was checked"), rows=2, most=500, required=False,
        help_text=_("Day and way of the check, or how the party refused; needed where it refused."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if newest_paper(self.dossier, "correction_order") is None:
            del self.fields["correction"], self.fields["correction_checked"]
        elif self.dossier.correct_by:
            told = _("To be corrected by %(day)s.") % {"day": self.dossier.correct_by}
            self.fields["correction"].help_text = told
        kinds = ("publication_update", "publication")
        waiting = [term for kind in kinds if (term := self.dossier.term(kind)) is not None and not term.closed]
        if waiting:
            self.fields["reason"].help_text = _(
                "The decision is not public yet. Closing does not end the duty: it is to be published by %(day)s, and "
                "the file is not archived before."
            ) % {"day": waiting[0].due}

    def clean(self) -> dict[str, Any]:
        """The time to correct runs until its last day is over; a refusal is told with its circumstances."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        result, last = cleaned.get("correction"), self.dossier.correct_by
        if result == self.NOT_DUE and (last is None or last < clock.today()):
            self.add_error("correction", _("The time to correct is over; say whether it was corrected."))
        if result == self.REFUSED and not cleaned.get("correction_checked") and "correction_checked" in self.fields:
            self.add_error("correction_checked", _("Say how the party refused."))
        return cleaned


class DigestForm(StepForm):
    """What the public reads; nobody's numbers belong here (PP-46, HY-38)."""

    digest = long_text(_("Digest for the public"), most=2000)

    def clean_digest(self) -> str:
        """HY-38: what names a person to everybody is refused."""
        digest: str = self.cleaned_data["digest"]
        if found := personal_numbers(digest):
            told = {"numbers": "、".join(found)}
            raise forms.ValidationError(_("The public must not read personal numbers: %(numbers)s") % told)
        return digest


class PublishForm(DigestForm):
    """Since when the public reads what (PP-46)."""

    field_order = ("published_on",)
    published_on = PastField(initial=clock.today, label=_("Published on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision = newest_paper(self.dossier, "penalty_decision")
        self.fields["digest"].help_text = _(
            "Published beside it: the decision %(number)s, its cause and basis %(basis)s, the fine of %(fine)s yuan, "
            "the bureau and the day; an organisation by name and code, a natural person not at all."
        ) % {
            "number": decision.number if decision else "—",
            "basis": cite_together(fact.act for fact in self.dossier.standing_facts),
            "fine": f"{self.dossier.fine or 0:,.2f}",
        }


class CorrectPublicationForm(DigestForm):
    """What the public is to read instead, and why."""

    reason = long_text(_("Reason"), rows=3, most=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("digest", self.dossier.digest)

    def clean(self) -> dict[str, Any]:
        """Another text than what is public now."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        if cleaned.get("digest") == self.dossier.digest:
            self.add_error("digest", _("This is what the public reads already."))
        return cleaned
