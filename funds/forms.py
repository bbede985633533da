"""Forms of money: receipt, counter-entry, cancelled claim, payment plan, repayment. Pages and the API share them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.parties.dated_forms import BeginForm
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.amounts import CENT, AmountField
from supervision.records.fields import DateField, DayField, LinesField

from .models import Account, Fund, Receivable, Repayment, Route
from .selectors import repayments_due
from .services import grounds_by_hand


class ReceiptForm(forms.Form):
    """Money that came in: where to, when, on which voucher."""

    amount = AmountField(label=_("Amount (yuan)"), least=CENT)
    route = forms.ChoiceField(label=_("Went to"), choices=Route.choices)
    fund = forms.ChoiceField(label=_("Fund"), choices=[("", "—"), *Fund.choices], required=False)
    paid_on = DateField(label=_("Paid on"), initial=clock.today)
    voucher = forms.CharField(label=_("Voucher"), max_length=60)


class ReasonForm(forms.Form):
    """Why a receipt is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CancelForm(ReasonForm):
    """On which ground of law nothing is owed any more, and the document that says so."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Receivable.Ground.choices)
    document = forms.CharField(label=_("Number of the document"), max_length=100)
    document_of = DateField(label=_("Day of the document"))
    field_order = ("ground", "document", "document_of", "reason")

    def __init__(self, *args: Any, owed: Receivable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [(ground.value, ground.label) for ground in grounds_by_hand(owed.dossier)]
        self.fields["ground"].choices = [("", "—"), *grounds]  # type: ignore[attr-defined]


class PlanForm(ReasonForm):
    """Instalments, one a line; cleaned to `[(day, yuan)]`."""

    instalments = LinesField(
        label=_("Instalments"),
        help_text=_("One a line: day and yuan, such as 2026-12-31 5000.00. A single line defers the whole payment."),
    )
    field_order = ("instalments", "reason")

    def clean_instalments(self) -> list[tuple[date, Decimal]]:
        """Each line a day and an amount; raises ValidationError naming the line that is not."""
        return [self._part(line) for line in self.cleaned_data["instalments"]]

    @staticmethod
    def _part(line: str) -> tuple[date, Decimal]:
        try:
            day, yuan = line.split(maxsplit=1)
            due = date.fromisoformat(day)
        except ValueError:
            message: Any = _("“%(line)s” is not a day and an amount.")
            raise forms.ValidationError(message % {"line": line[:60]}) from None
        return due, AmountField(least=CENT).clean(yuan)


class RepaymentForm(StepForm):
    """Money paid back to the party: which, when, by which voucher (HY-25, PP-46, HY-47)."""

    repayment = forms.ModelChoiceField(label=_("To be paid back"), queryset=Repayment.objects.none())
    paid_on = DayField(label=_("Paid back on"))
    voucher = forms.CharField(label=_("Voucher"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["repayment"].queryset = repayments_due(self.dossier)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        due, day = cleaned.get("repayment"), cleaned.get("paid_on")
        if due and day and day < due.opened_on:
            self.add_error("paid_on", _("This lies before the day on which it was owed back."))
        return cleaned


class AccountForm(BeginForm):
    """An account of one route; a fiscal one of one fund or of every fund that has none of its own."""

    model, told_apart = Account, ("route", "fund")

    route = forms.ChoiceField(label=_("Route"), choices=[("", "—"), *Route.choices])
    fund = forms.ChoiceField(
        label=_("Fund"),
        choices=[("", "—"), *Fund.choices],
        required=False,
        help_text=_("Empty: the treasury, or every fund that has no account of its own."),
    )
    holder = forms.CharField(label=_("Account holder"), max_length=100)
    bank = forms.CharField(label=_("Bank"), max_length=100)
    number = Account._meta.get_field("number").formfield(label=_("Account number"))
    field_order = ("authority", "route", "fund", "holder", "bank", "number", "begins", "reason")

    def clean(self) -> dict[str, Any]:
        """What goes to the treasury belongs to no fund (HY-47)."""
        said = super().clean() or {}
        if said.get("route") == Route.TREASURY and said.get("fund"):
            self.add_error("fund", _("What is paid into the treasury belongs to no fund."))
        return said
