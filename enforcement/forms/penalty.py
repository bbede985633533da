"""Forms that propose, decide or lower a penalty within the range of the law."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.forms import StepForm
from supervision.records.amounts import CENT, AmountField
from supervision.records.fields import DateField, DayField, PastField, StoredFileField
from supervision.records.forms import (
    ReasonForm,
)
from supervision.records.models import Evidence

from ..discretion import Aggravating, Lenient, Tier, fine_range, statutory_range
from ..rules import fine_in_range, is_discussed, resolved_fine
from ..selectors import repeated_within_year, same_kind_cases


class _PenaltyForm(StepForm):
    """Tier and fine, with the range the law leaves for the facts of this case."""

    tier = forms.ChoiceField(label=_("Discretion"), choices=Tier.choices)
    fine = AmountField(label=_("Fine (yuan)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, facts = clock.today(), self.dossier.standing_facts
        low, high = statutory_range(((fact.act, fact.amount) for fact in facts), self.dossier.authority.scope, today)
        bands = "；".join(
            f"{tier.label} {least:,.2f}–{greatest:,.2f}"
            for tier in Tier
            for least, greatest in [fine_range(self.dossier, tier, today)]
            if greatest
        )
        self.fields["fine"].help_text = _("By law %(low)s–%(high)s yuan. %(bands)s") % {
            "low": f"{low:,.2f}",
            "high": f"{high:,.2f}",
            "bands": bands,
        }

    def clean(self) -> dict[str, Any]:
        """The rule that guards every door says it here beside the fine already."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        context = Context(actor=self.actor, today=clock.today(), now=clock.now(), facts=cleaned)
        if {"tier", "fine"} <= cleaned.keys() and not fine_in_range(self.dossier, context):
            low, high = fine_range(self.dossier, Tier(cleaned["tier"]), context.today)
            bounds = {"why": fine_in_range.sentence, "low": f"{low:,.2f}", "high": f"{high:,.2f}"}
            self.add_error("fine", _("%(why)s: %(low)s–%(high)s yuan at this tier.") % bounds)
        return cleaned


class ReportForm(_PenaltyForm):
    """The investigation report: nature, circumstances, proposal (PP-36, HY-41, HY-42)."""

    nature = forms.CharField(
        label=_("Nature of the conduct"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    lenient = forms.MultipleChoiceField(
        label=_("Lenient circumstances"), choices=Lenient.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    aggravating = forms.MultipleChoiceField(
        label=_("Aggravating circumstances"),
        choices=Aggravating.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opinion = forms.CharField(label=_("Proposed handling"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    major = forms.BooleanField(label=_("Treat as a major case"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """HY-42: whether the same kind of violation came within a year is found in the records, never ticked."""
        super().__init__(*args, **kwargs)
        factors: Any = self.fields["aggravating"]
        factors.choices = [choice for choice in Aggravating.choices if choice[0] != Aggravating.REPEATED]
        self.repeated = repeated_within_year(self.dossier, clock.today())
        if self.repeated is not None:
            factors.help_text = _(
                "Found by the system and counted in: punished for the same kind of violation within a year, %(case)s."
            ) % {"case": self.repeated.number}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        found = list(cleaned.get("aggravating") or [])
        if self.repeated is not None:
            found.append(Aggravating.REPEATED.value)
        cleaned["aggravating"], cleaned["repeated"] = found, self.repeated
        if found and cleaned.get("tier") not in (None, Tier.HEAVIER):
            self.add_error(
                "tier",
                _("An aggravating circumstance was found; the penalty must be heavier (Heyuan Measures art. 42)."),
            )
        if cleaned.get("tier") in (Tier.LIGHTER, Tier.MITIGATED, Tier.EXEMPT) and not cleaned.get("lenient"):
            self.add_error(
                "lenient", _("Name the circumstance of the leniency list that applies (Heyuan Measures art. 41).")
            )
        return cleaned


class DecideForm(_PenaltyForm):
    """The decision on the penalty (PL-57); less than was proposed is decided with its reason."""

    fine_reason = forms.CharField(
        label=_("Why less than proposed"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where the fine or the tier differs from the proposal; the decision tells the party."),
    )
    decided_on = PastField(initial=clock.today, label=_("Decided on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("tier", self.dossier.tier)
        carried = resolved_fine(self.dossier) if is_discussed(self.dossier) else self.dossier.proposed_fine
        self.initial.setdefault("fine", carried)
        similar = same_kind_cases(self.dossier)
        if similar.count:
            self.fields["tier"].help_text = _("%(count)s like cases: median %(median)s times the loss") % {
                "count": similar.count,
                "median": similar.median.quantize(Decimal("0.01")),
            }

    def clean(self) -> dict[str, Any]:
        """Of another fine than the discussion carried a rule says that it takes a new one, whatever the reason."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        if {"tier", "fine"} & self.errors.keys():
            return cleaned
        proposed = self.dossier.proposed_fine or Decimal(0)
        if (cleaned["tier"], cleaned["fine"]) == (self.dossier.tier, proposed):
            cleaned["fine_reason"] = ""
        elif cleaned["fine"] > proposed or cleaned.get("fine_reason"):
            return cleaned
        elif not is_discussed(self.dossier) or cleaned["fine"] == resolved_fine(self.dossier):
            self.add_error(
                "fine_reason", _("It differs from what was proposed and told the party: say why (Penalty Law art. 44).")
            )
        return cleaned


class NoPenaltyForm(ReasonForm):
    """Why there is no penalty (PL-33, HY-41)."""

    decided_on = PastField(initial=clock.today, label=_("Decided on"))


class LoweredFineForm(StepForm):
    """The reconsideration decision or the judgment that lowered the fine, and the fine as it now is (PP-46)."""

    body = forms.CharField(label=_("Reconsideration organ or court"), max_length=100)
    document = forms.CharField(label=_("Number of the reconsideration decision or judgment"), max_length=100)
    document_of = DayField(label=_("Day it took effect"))
    disputed_from = DateField(label=_("Reconsideration or suit accepted on"))
    fine = AmountField(label=_("Fine as changed (yuan)"), least=CENT)
    file = StoredFileField(label=_("Reconsideration decision or judgment"), keeps=Evidence.Kind.DOCUMENTARY)

    def clean(self) -> dict[str, Any]:
        """After the service of the decision, the dispute before its end, and lower than what was decided."""
        cleaned: dict[str, Any] = {**(super().clean() or {}), "fine_before": self.dossier.fine}
        first, last, fine = (cleaned.get(name) for name in ("disputed_from", "document_of", "fine"))
        if first and self.dossier.decision_served_on and first < self.dossier.decision_served_on:
            self.add_error("disputed_from", _("This lies before the decision was served."))
        if first and last and last < first:
            self.add_error("document_of", _("This lies before the dispute began."))
        if fine and fine >= self.dossier.fine:
            decided = {"fine": f"{self.dossier.fine:,.2f}"}
            self.add_error("fine", _("The fine decided is %(fine)s yuan; only a lower one is recorded here.") % decided)
        return cleaned
