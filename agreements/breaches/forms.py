"""One form per step of a breach case; limits of law are told on the field they bind, with their article."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funds.fields import AmountsField
from funds.forms import RepaymentForm
from funds.models import Fund
from supervision.parties.actors import holders, providers_visible_to
from supervision.parties.models import Practitioner, ProviderDepartment, User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to
from supervision.records.amounts import AmountField
from supervision.records.fields import DateField, DayField, long_text
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

from ..fields import NamedField
from .dispute_forms import (
    DisputeForm,
    MediationAgreementForm,
    MediationRequestForm,
    MediatorForm,
    OutcomeForm,
    ReversalForm,
)
from .measures import (
    BY_HAND,
    COUNTED,
    FOR_MONTHS,
    FOR_PRACTITIONERS,
    MONEY,
    PAID,
    Ground,
    MeasureKind,
    months_allowed,
)
from .rules import decidable_from, reexamined_on
from .selectors import confirmed_fees

Kind = MeasureKind
MONEY_KINDS = [(kind.value, kind.label) for kind in MeasureKind if kind in MONEY]
OF_PERSONS = frozenset({Kind.SUSPEND_PERSON, Kind.CANCEL_PERSON})


class RegisterForm(StepForm):
    """A breach as it is registered: who, what was found, on which clause (HY-18)."""

    provider = NamedField(label=_("Provider"))
    practitioner = NamedField(
        label=_("Physician or pharmacist"), required=False, help_text=_("Only where the breach is the person's own.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    facts_text = long_text(_("Facts found"))
    basis = long_text(_("Basis"), help_text=_("Clauses of the agreement and articles."))
    public_concern = forms.BooleanField(label=_("May attract public attention"), required=False)
    second_officer = forms.ModelChoiceField(label=_("Second officer"), queryset=User.objects.none(), required=False)
    origin = forms.ModelChoiceField(
        label=_("Arose from"), queryset=Dossier.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = providers_visible_to(self.actor)
        self.fields["provider"].queryset = providers
        self.fields["practitioner"].queryset = Practitioner.objects.filter(
            employments__provider__in=providers
        ).distinct()
        self.fields["origin"].queryset = visible_to(self.actor)
        self.fields["second_officer"].queryset = colleagues(self.actor)

    def clean(self) -> dict[str, Any]:
        """A practitioner named must work at the provider."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        person, provider = cleaned.get("practitioner"), cleaned.get("provider")
        if person and provider and not person.employments.filter(provider=provider).exists():
            self.add_error("practitioner", _("This person is not registered at the provider."))
        return cleaned


def colleagues(actor: Any) -> Any:
    """Clerks and auditors of the actor's authority, but the actor."""
    if actor.authority is None:
        return User.objects.none()
    here = holders(actor.authority, (Role.AGENCY_CLERK, Role.AUDITOR), clock.today())
    return here.exclude(pk=getattr(actor.user, "pk", 0)).order_by("name", "pk")


class MeasuresForm(StepForm):
    """What is to be done about it (HY-18): measures, amounts by fund, months, departments and persons, the ground."""

    measures = forms.MultipleChoiceField(
        label=_("Measures"), choices=MeasureKind.choices, widget=forms.CheckboxSelectMultiple
    )
    amounts = AmountsField(
        MONEY_KINDS, label=_("Amounts"), required=False, help_text=_("Yuan, beside the fund each amount belongs to.")
    )
    fees_found = AmountField(
        label=_("Violating fees found (yuan)"),
        required=False,
        help_text=_("Needed where fees are refused or recovered, which is never more than was found."),
    )
    serious = forms.BooleanField(label=_("Circumstances are serious"), required=False)
    months = forms.IntegerField(
        label=_("Months of suspension"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("Heyuan Measures art. 19"),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=ProviderDepartment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    practitioners = forms.ModelMultipleChoiceField(
        label=_("Physicians and pharmacists"), queryset=Practitioner.objects.none(), required=False
    )
    ground = forms.TypedChoiceField(
        label=_("Ground of termination"),
        choices=[("", "—"), *((value, f"{value}. {label}") for value, label in Ground.choices)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    not_corrected = forms.BooleanField(
        label=_("Not corrected, or not sufficiently, during the suspensions"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.dossier
        self.fields["departments"].queryset = case.provider.departments.order_by("code")
        people = Practitioner.objects.filter(employments__provider=case.provider).distinct()
        self.fields["practitioners"].queryset = people
        for name in ("departments", "practitioners"):
            if not self.fields[name].queryset.exists():
                self.fields[name].widget = forms.MultipleHiddenInput()
        self._show_present(case)

    def _show_present(self, case: Any) -> None:
        planned = case.planned
        self.initial.setdefault("measures", sorted({measure.kind for measure in planned}))
        self.initial.setdefault("amounts", case.amounts)
        confirmed = sum(confirmed_fees(case).values(), Decimal(0)) or None
        self.initial.setdefault("fees_found", confirmed if case.fees_found is None else case.fees_found)
        self.initial.setdefault("serious", case.serious)
        self.initial.setdefault("ground", case.ground)
        self.initial.setdefault("not_corrected", case.not_corrected)
        self.initial.setdefault("months", next((m.months for m in planned if m.months), None))
        self.initial.setdefault("departments", [m.department_id for m in planned if m.department_id])
        self.initial.setdefault("practitioners", [m.practitioner_id for m in planned if m.practitioner_id])

    def clean(self) -> dict[str, Any]:
        """Each measure with its object, each object with its measure."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        kinds = frozenset(cleaned.get("measures") or ())
        self._check_money(kinds, cleaned)
        self._check_months(kinds, cleaned)
        self._check_objects(kinds, cleaned)
        return cleaned

    def _check_money(self, kinds: frozenset[str], cleaned: dict[str, Any]) -> None:
        if "amounts" not in cleaned:
            return
        named = set(cleaned["amounts"])
        for kind in (kinds & MONEY) - named:
            self.add_error("amounts", _("Give the amount of “%(kind)s”.") % {"kind": MeasureKind(kind).label})
        for kind in named - kinds:
            self.add_error("measures", _("An amount is given for “%(kind)s”.") % {"kind": MeasureKind(kind).label})
        if "fees_found" in cleaned:
            self._check_fees(cleaned)

    def _check_fees(self, cleaned: dict[str, Any]) -> None:
        """HY-18: no more fees are refused or recovered than were found; HY-3: of each fund as the check confirmed."""
        if cleaned["fees_found"] is None:
            cleaned["fees_found"] = self.dossier.fees_found
        found, counted = cleaned["fees_found"], _by_fund(cleaned["amounts"])
        total = sum(counted.values(), Decimal(0))
        if total and found is None:
            self.add_error("fees_found", _("Say what was found before it is refused or recovered."))
        elif found is not None and total > found:
            over = {"counted": f"{total:,.2f}", "found": f"{found:,.2f}"}
            self.add_error("amounts", _("%(counted)s yuan are refused and recovered, %(found)s were found.") % over)
        if confirmed := confirmed_fees(self.dossier):
            self._check_confirmed(found, counted, confirmed)

    def _check_confirmed(self, found: Any, counted: Mapping[str, Decimal], confirmed: Mapping[str, Decimal]) -> None:
        whole = sum(confirmed.values(), Decimal(0))
        if found is not None and found > whole:
            told = {"confirmed": f"{whole:,.2f}"}
            self.add_error("fees_found", _("The findings of the inspection confirmed %(confirmed)s yuan.") % told)
        for fund, yuan in counted.items():
            if yuan > (most := confirmed.get(fund, Decimal(0))):
                told = {"fund": str(Fund(fund).label), "confirmed": f"{most:,.2f}"}
                self.add_error("amounts", _("The findings confirmed %(confirmed)s yuan of “%(fund)s”.") % told)

    def _check_months(self, kinds: frozenset[str], cleaned: Mapping[str, Any]) -> None:
        if "months" not in cleaned:
            return
        months = cleaned["months"]
        if not kinds & FOR_MONTHS:
            if months:
                self.add_error("months", _("No measure chosen lasts for months."))
            return
        least, most = months_allowed(bool(cleaned.get("serious")), self.dossier.authority.scope, clock.today())
        if months is None or not least <= months <= most:
            sentence = _("Between %(least)s and %(most)s months in these circumstances (Heyuan Measures art. 19).")
            self.add_error("months", sentence % {"least": least, "most": most})

    def _check_objects(self, kinds: frozenset[str], cleaned: Mapping[str, Any]) -> None:
        if Kind.SUSPEND_DEPARTMENT in kinds and not cleaned.get("departments"):
            self.add_error("departments", _("Name the department."))
        if kinds & OF_PERSONS and not cleaned.get("practitioners"):
            self.add_error("practitioners", _("Name the physician or pharmacist."))
        if kinds >= OF_PERSONS:
            self.add_error("measures", _("Eligibility is either suspended or cancelled."))
        if Kind.TERMINATE_AGREEMENT in kinds and cleaned.get("ground") is None:
            self.add_error("ground", _("Choose the ground of termination."))
        if {Kind.TERMINATE_AGREEMENT, Kind.SUSPEND_AGREEMENT} <= kinds:
            self.add_error("measures", _("An agreement is either suspended or terminated."))
        if self.dossier.against_person and kinds - FOR_PRACTITIONERS:
            self.add_error(
                "measures", _("Against a person only interview, suspension and cancellation (Heyuan Measures art. 18).")
            )


def _by_fund(amounts: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Yuan refused and recovered, by fund."""
    found: dict[str, Decimal] = {}
    for kind in COUNTED & set(amounts):
        for fund, yuan in amounts[kind].items():
            found[fund] = found.get(fund, Decimal(0)) + yuan
    return found


def not_before(day: date, sentence: Any, *earlier: date | None) -> date:
    """The day; raises ValidationError with the sentence where it lies before one of the others that are known."""
    if any(one and day < one for one in earlier):
        raise forms.ValidationError(sentence)
    return day


class ReexaminationForm(StepForm):
    conclusion = long_text(_("Result of the re-examination"))
    panel = long_text(_("Panel"), required=False, help_text=_("Where a panel was formed: who sat on it."))


class BreachDeliberationForm(DeliberationForm):
    """The minutes of a discussion of a breach, which is laid before it re-examined (HY-21, HY-22)."""

    def clean_held_on(self) -> date:
        """Not before the day of the re-examination."""
        sentence = _("The discussion lies before the re-examination of the breach.")
        return not_before(self.cleaned_data["held_on"], sentence, reexamined_on(self.dossier))


class DecisionForm(StepForm):
    """The decision as the head takes it."""

    decided_on = DayField(label=_("Decided on"))
    decision_text = long_text(_("Reasons of the decision"))
    pay_by = DateField(
        label=_("To be paid by"), required=False, help_text=_("Needed where fees are recovered or damages are due.")
    )

    def clean_decided_on(self) -> date:
        """No decision is dated back: first notified and heard, where due discussed and reviewed, then decided."""
        sentence = _(
            "The decision lies before the service of the notice, the re-examination or the discussion it rests on."
        )
        return not_before(self.cleaned_data["decided_on"], sentence, decidable_from(self.dossier))

    def clean(self) -> dict[str, Any]:
        """Money to be paid has its day."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        pay_by: date | None = cleaned.get("pay_by")
        if self.dossier.kinds & PAID and pay_by is None and "pay_by" not in self.errors:
            self.add_error("pay_by", _("Say by which day it is to be paid."))
        if pay_by and pay_by < clock.today():
            self.add_error("pay_by", _("This day is past."))
        return cleaned


class ReferralForm(StepForm):
    referred_on = DayField(label=_("Referred on"))


class ReviewForm(StepForm):
    reviewed_on = DayField(label=_("Reviewed on"))
    opinion = long_text(_("Opinion"), required=False)

    def clean_reviewed_on(self) -> date:
        """Not before the decision."""
        sentence = _("This lies before the decision.")
        return not_before(self.cleaned_data["reviewed_on"], sentence, self.dossier.decided_on)


class FilingForm(StepForm):
    filed_on = DayField(label=_("Filed on"))

    def clean_filed_on(self) -> date:
        """Not before the decision, nor before the bureau agreed to it."""
        sentence = _("This lies before the decision or the bureau's agreement to it.")
        return not_before(self.cleaned_data["filed_on"], sentence, self.dossier.decided_on, self.dossier.reviewed_on)


class ReportForm(StepForm):
    reported_on = DayField(label=_("Reported on"))
    suspected = long_text(_("What is suspected, or why it may attract attention"))


class CarriedOutForm(StepForm):
    """How a reminder or an interview was carried out."""

    measure = forms.ChoiceField(label=_("Measure"))
    done_on = DayField(label=_("Done on"))
    record = long_text(_("How it was carried out"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = {m.kind for m in self.dossier.planned if m.kind in BY_HAND and m.done_on is None}
        self.fields["measure"].choices = [
            ("", "—"),
            *((kind.value, kind.label) for kind in MeasureKind if kind in waiting),
        ]


__all__ = [
    "AnswerStatementForm",
    "BreachDeliberationForm",
    "CarriedOutForm",
    "DecisionForm",
    "DeliberationForm",
    "DisputeForm",
    "FilingForm",
    "LateStatementForm",
    "LegalReviewForm",
    "MeasuresForm",
    "MediationAgreementForm",
    "MediationRequestForm",
    "MediatorForm",
    "OutcomeForm",
    "ReasonForm",
    "ReexaminationForm",
    "ReferralForm",
    "RegisterForm",
    "RepaymentForm",
    "ReportForm",
    "ReversalForm",
    "ReviewForm",
    "ServeForm",
    "StatementForm",
    "WaiverForm",
]
