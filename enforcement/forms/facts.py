"""Forms of filing and investigation: what is established, corrected, suspended."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models import Fund
from inspections.models import Finding, Lead
from inspections.onsite.acts import acts_of
from supervision.law.catalogue import cite, finest, rule
from supervision.parties.models import Party
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.amounts import AmountField
from supervision.records.fields import DateField, EvidenceField, PastField
from supervision.records.forms import (
    ReasonForm,
)
from supervision.records.models import Evidence

from ..discretion import ACTS
from ..models import Fact
from ..selectors import findings_to_establish, usable_evidence


def act_choices(party: Party | None = None) -> list[tuple[str, str]]:
    """The violations a party of this kind can commit, all where none is named, by item where their article has items:
    the article and what it is.
    """
    fitting = ACTS if party is None else [act.id for act in acts_of(party.kind) if act.id in ACTS]
    return [(code, f"{cite(code)} {rule(code).text}") for code in fitting if rule(code) in finest(code)]


class ExtendedLeadForm(StepForm):
    """The lead whose days the head extended."""

    lead = forms.ModelChoiceField(label=_("Lead"), queryset=Lead.objects.all())


class FactForm(StepForm):
    """One fact: the act and when it was done, the loss by fund, the evidence it rests on (HY-37, PL-54).

    Where an inspection confirmed a finding, naming it is enough: what is left empty is taken from it.
    """

    finding = forms.ModelChoiceField(
        label=_("Confirmed finding"),
        queryset=Finding.objects.none(),
        required=False,
        help_text=_("What is left empty below is taken from the finding."),
    )
    act = forms.ChoiceField(label=_("Violation"), choices=act_choices)
    description = forms.CharField(
        label=pgettext_lazy("fact", "What happened"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    period_from = PastField(label=_("Conduct began on"))
    period_to = PastField(label=_("Conduct ended on"), help_text=_("The same day, where it was done once."))
    harms_health = forms.BooleanField(
        label=_("Life or health was harmed"), required=False, help_text=_("The limitation is longer then.")
    )
    fund = forms.ChoiceField(label=_("Fund"), choices=Fund.choices)
    amount = AmountField(label=_("Loss of the fund (yuan)"))
    less_because = forms.CharField(
        label=_("Why less than the finding"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where the loss is established below the confirmed finding's."),
    )
    evidence = EvidenceField(
        label=_("Evidence"), help_text=_("The report can be submitted once each fact rests on verified evidence.")
    )
    taken = ("act", "description", "period_from", "period_to", "fund", "amount", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts: Any = self.fields["act"]
        acts.choices = [("", "—"), *act_choices(self.dossier.subject)]
        self.initial.setdefault("harms_health", self.dossier.harms_health)
        self.fields["evidence"].queryset = usable_evidence(self.dossier)
        findings = findings_to_establish(self.dossier)
        if not findings:
            del self.fields["finding"], self.fields["less_because"]
            return
        self.fields["finding"].queryset = findings
        for name in self.taken:
            self.fields[name].required = False
        self._offer(findings)

    def _offer(self, findings: QuerySet[Finding]) -> None:
        """Show what a finding named in the link says, to be changed or kept."""
        named = str(self.initial.get("finding", ""))
        finding = findings.filter(pk=int(named)).first() if named.isdecimal() and len(named) < 16 else None
        if finding is not None:
            usable = finding.evidence.exclude(state=Evidence.State.REJECTED)
            for name in self.taken:
                offered = [one.pk for one in usable] if name == "evidence" else getattr(finding, name)
                self.initial.setdefault(name, offered)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = {"finding": None, **(super().clean() or {})}
        finding: Finding | None = cleaned["finding"]
        for name in self.taken:
            if name in self.errors or cleaned.get(name) or cleaned.get(name) == 0:
                continue
            if finding is not None:
                proofs = finding.evidence.exclude(state=Evidence.State.REJECTED)
                cleaned[name] = proofs if name == "evidence" else getattr(finding, name)
            if not cleaned.get(name) and cleaned.get(name) != 0:
                self.add_error(name, self.fields[name].error_messages["required"])
        amount = cleaned.get("amount")
        if finding is not None and amount is not None and amount < finding.amount and not cleaned.get("less_because"):
            confirmed = {"amount": f"{finding.amount:,.2f}"}
            self.add_error(
                "less_because",
                _("The finding confirmed %(amount)s yuan; say why less (Penalty Law art. 54).") % confirmed,
            )
        self._check_period(cleaned.get("period_from"), cleaned.get("period_to"), bool(cleaned.get("harms_health")))
        acts: Any = self.fields["act"]
        if cleaned.get("act") and not acts.valid_value(cleaned["act"]):  # taken from the finding
            self.add_error("act", acts.error_messages["invalid_choice"] % {"value": cleaned["act"]})
        return cleaned

    def _check_period(self, first: date | None, last: date | None, harms_health: bool) -> None:
        """PL-54: what was done has its days; PP-6: they are not beyond the limitation."""
        if first and last and last < first:
            self.add_error("period_to", _("The conduct ends before it begins."))
        elif self.dossier.is_barred(last, harms_health=harms_health):
            self.add_error("period_to", _("Beyond the limitation when it was discovered; no penalty can follow."))


class WithdrawFactForm(ReasonForm):
    """Which fact does not stand, and why."""

    fact = forms.ModelChoiceField(label=_("Fact"), queryset=Fact.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = Fact.objects.filter(case=self.dossier.pk, withdrawn_at__isnull=True)
        self.fields["fact"].queryset = standing


class CorrectionForm(StepForm):
    """What is to be corrected, and by when (PP-13)."""

    ordered_on = PastField(initial=clock.today, label=_("Ordered on"))
    correct_by = DateField(label=_("To be corrected by"))
    content = forms.CharField(
        label=_("What is to be corrected"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        ordered, by = cleaned.get("ordered_on"), cleaned.get("correct_by")
        if ordered and by and by < ordered:
            self.add_error("correct_by", _("This lies before the order itself."))
        return cleaned


class SuspendForm(StepForm):
    """The ground on which the procedure rests for a while (PP-42)."""

    GROUNDS = (
        ("ruling", _("awaiting a court's or an authority's ruling")),
        ("interpretation", _("an interpretation of law was sought")),
        ("force_majeure", _("force majeure")),
        ("untraceable", _("the party cannot be found")),
        ("other", _("other ground of law")),
    )
    ground = forms.ChoiceField(label=_("Ground"), choices=GROUNDS)
    reason = forms.CharField(label=_("Circumstances"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
