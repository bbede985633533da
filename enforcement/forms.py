"""What each step of a case asks; page and API use the same forms."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.forms import RepaymentForm
from funds.models import Fund
from inspections.models import Finding, Lead
from inspections.onsite.acts import acts_of
from supervision.law.catalogue import cite, cite_together, finest, rule
from supervision.law.values import period
from supervision.parties.actors import holders
from supervision.parties.masks import personal_numbers
from supervision.parties.models import Party, User
from supervision.parties.roles import HEADS, OFFICERS
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.forms import StepForm
from supervision.records.fields import DateField, DayField, EvidenceField, PastField, StoredFileField, long_text
from supervision.records.forms import (
    AnswerStatementForm,
    DeliberationForm,
    LateStatementForm,
    LegalReviewForm,
    ReasonForm,
    ServeForm,
    StatementForm,
    WaiverForm,
)
from supervision.records.models import Evidence, LegalReview
from supervision.records.selectors import newest_paper
from supervision.workdays import working_days_between
from supervision.workdays.services import calendar

from .discretion import ACTS, Aggravating, Lenient, Tier, fine_range, statutory_range
from .models import Fact
from .referral_forms import PoliceDecisionForm, SendToPoliceForm
from .rules import fine_in_range, hearing_is_due, hearing_not_settled_yet, hearing_request_in_time
from .selectors import findings_to_establish, repeated_within_year, same_kind_cases, usable_evidence


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
    fund = forms.ChoiceField(label=_("Fund"), choices=Fund.choices)
    amount = forms.DecimalField(label=_("Loss of the fund (yuan)"), max_digits=14, decimal_places=2, min_value=0)
    evidence = EvidenceField(
        label=_("Evidence"), help_text=_("The report can be submitted once each fact rests on verified evidence.")
    )
    taken = ("act", "description", "period_from", "period_to", "fund", "amount", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts: Any = self.fields["act"]
        acts.choices = [("", "—"), *act_choices(self.dossier.subject)]
        self.fields["evidence"].queryset = usable_evidence(self.dossier)
        findings = findings_to_establish(self.dossier)
        if not findings:
            del self.fields["finding"]
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
        self._check_period(cleaned.get("period_from"), cleaned.get("period_to"))
        acts: Any = self.fields["act"]
        if cleaned.get("act") and not acts.valid_value(cleaned["act"]):  # taken from the finding
            self.add_error("act", acts.error_messages["invalid_choice"] % {"value": cleaned["act"]})
        return cleaned

    def _check_period(self, first: date | None, last: date | None) -> None:
        """PL-54: what was done has its days."""
        if first and last and last < first:
            self.add_error("period_to", _("The conduct ends before it begins."))


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


class _PenaltyForm(StepForm):
    """Tier and fine, with the range the law leaves for the facts of this case."""

    tier = forms.ChoiceField(label=_("Discretion"), choices=Tier.choices)
    fine = forms.DecimalField(label=_("Fine (yuan)"), max_digits=14, decimal_places=2, min_value=0)

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
            self.add_error("tier", _("An aggravating circumstance was found; the penalty must be heavier (HY-42)."))
        if cleaned.get("tier") in (Tier.LIGHTER, Tier.MITIGATED, Tier.EXEMPT) and not cleaned.get("lenient"):
            self.add_error("lenient", _("Name the circumstance of the leniency list that applies (HY-41)."))
        return cleaned


class StatementWaiverForm(WaiverForm):
    """The party's written word that it has nothing (more) to say (PL-62), and whether it wants no hearing either."""

    hearing_waived = forms.BooleanField(
        label=_("The party expressly waives the hearing too"),
        required=False,
        help_text=_("Without it the case waits until the days to ask for a hearing are over."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context = Context(actor=self.actor, today=clock.today(), now=clock.now())
        open_to_ask = (hearing_is_due, hearing_not_settled_yet, hearing_request_in_time)
        if not all(rule.holds(self.dossier, context) for rule in open_to_ask):
            del self.fields["hearing_waived"]


class HearingRequestForm(StepForm):
    """When it was asked for, when it is held, who hosts it (PL-63, PL-64)."""

    requested_on = PastField(initial=clock.today, label=_("Requested on"))
    hearing_on = DateField(label=_("Hearing on"))
    place = forms.CharField(label=_("Place"), max_length=200)
    host = forms.ModelChoiceField(label=_("Host"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hosts = holders(self.dossier.authority, OFFICERS | HEADS, clock.today())
        self.fields["host"].queryset = hosts

    def clean_host(self) -> User:
        host: User = self.cleaned_data["host"]
        if host.pk in self.dossier.investigators:
            raise forms.ValidationError(_("The host may not have investigated the case (PL-64)."))
        return host

    def clean_hearing_on(self) -> date:
        """PL-64: the party is told at least the set number of working days before."""
        day: date = self.cleaned_data["hearing_on"]
        today = clock.today()
        ahead = period("PL-63/notice", scope=self.dossier.authority.scope, on=today)
        if working_days_between(today, day, calendar()) < ahead.n:
            raise forms.ValidationError(_("The party must be told at least %(period)s before.") % {"period": ahead})
        return day


class HearingForm(StepForm):
    """The transcript of the hearing (PL-64, PL-65)."""

    held_on = PastField(label=pgettext_lazy("hearing", "Held on"))
    present = forms.CharField(label=_("Present"), max_length=500)
    absent = forms.BooleanField(label=_("The party stayed away without cause"), required=False)
    transcript = forms.CharField(label=_("Transcript"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8}))

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if self.dossier.hearing_on and day < self.dossier.hearing_on:
            raise forms.ValidationError(_("The hearing was announced for a later day."))
        return day


class LoweredFineForm(StepForm):
    """The reconsideration decision or the judgment that lowered the fine, and the fine as it now is (PP-46)."""

    body = forms.CharField(label=_("Reconsideration organ or court"), max_length=100)
    document = forms.CharField(label=_("Number of the reconsideration decision or judgment"), max_length=100)
    document_of = DayField(label=_("Day it took effect"))
    disputed_from = DateField(label=_("Reconsideration or suit accepted on"))
    fine = forms.DecimalField(
        label=_("Fine as changed (yuan)"), max_digits=14, decimal_places=2, min_value=Decimal("0.01")
    )
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


class DecideForm(_PenaltyForm):
    """The decision on the penalty (PL-57)."""

    decided_on = PastField(initial=clock.today, label=_("Decided on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("tier", self.dossier.tier)
        self.initial.setdefault("fine", self.dossier.proposed_fine)
        similar = same_kind_cases(self.dossier)
        if similar.count:
            self.fields["tier"].help_text = _("%(count)s like cases: median %(median)s times the loss") % {
                "count": similar.count,
                "median": similar.median.quantize(Decimal("0.01")),
            }


class NoPenaltyForm(ReasonForm):
    """Why there is no penalty (PL-33, HY-41)."""

    decided_on = PastField(initial=clock.today, label=_("Decided on"))


class CloseForm(ReasonForm):
    """Why the case is closed; says so where the decision is still to be published (PP-56, PB-1)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ("publication_update", "publication")
        waiting = [term for kind in kinds if (term := self.dossier.term(kind)) is not None and not term.closed]
        if waiting:
            self.fields["reason"].help_text = _(
                "The decision is not public yet. Closing does not end the duty: it is to be published by %(day)s, and "
                "the file is not archived before."
            ) % {"day": waiting[0].due}


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


__all__ = [
    "AnswerStatementForm",
    "CloseForm",
    "CorrectPublicationForm",
    "CorrectionForm",
    "DecideForm",
    "DeliberationForm",
    "FactForm",
    "HearingForm",
    "HearingRequestForm",
    "LateStatementForm",
    "LoweredFineForm",
    "NoPenaltyForm",
    "PassReviewForm",
    "PoliceDecisionForm",
    "PublishForm",
    "ReasonForm",
    "RepaymentForm",
    "ReportForm",
    "ReturnReviewForm",
    "SendToPoliceForm",
    "ServeForm",
    "StatementForm",
    "StatementWaiverForm",
    "SuspendForm",
    "WaiverForm",
    "WithdrawFactForm",
]
