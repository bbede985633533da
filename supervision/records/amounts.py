"""The one field for an amount of yuan: what people type is taken where it can mean one amount only."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DIGITS, PLACES = 14, 2  # as the columns of money have
CENT = Decimal("0.01")
MOST = Decimal(10) ** (DIGITS - PLACES) - CENT
LONGEST = 40  # characters looked at: more is no amount
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
PLAIN = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
NOT_A_NUMBER = _("“%(typed)s” is no amount. Write it in yuan, such as 12345.60.")
TOO_FINE = _("An amount ends with the cent: at most two decimals.")
NEGATIVE = _("An amount is not negative.")
TOO_SMALL = _("An amount is %(least)s yuan at least.")
TOO_LARGE = _("An amount is %(most)s yuan at most.")


class AmountField(forms.DecimalField):
    """Yuan, two decimals, never negative. Cleaned value: Decimal, or None where nothing is given and nothing must be.

    Full-width digits and thousands set apart by three are taken, and the sign or word of the yuan around the number;
    anything else that could be read in two ways is refused with what is wrong. `least`: the smallest amount taken.
    """

    widget = forms.TextInput

    def __init__(self, *, least: Decimal = Decimal(0), **kwargs: Any) -> None:
        super().__init__(max_digits=DIGITS, decimal_places=PLACES, **kwargs)
        self.validators = []  # said by `to_python`, in words of money
        self.least = least

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A phone shows its digits."""
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The amount; raises ValidationError for no number, more than two decimals, too little and too much."""
        if value in self.empty_values:
            return None
        amount = value if isinstance(value, Decimal) and value.is_finite() else _read(str(value))
        if amount < 0:
            raise forms.ValidationError(NEGATIVE, code="min_value")
        if amount > MOST:
            raise forms.ValidationError(TOO_LARGE % {"most": f"{MOST:,.2f}"}, code="max_value")
        if amount != amount.quantize(CENT):
            raise forms.ValidationError(TOO_FINE, code="max_decimal_places")
        if amount < self.least:
            raise forms.ValidationError(TOO_SMALL % {"least": f"{self.least:,.2f}"}, code="min_value")
        return amount.quantize(CENT)


def _read(typed: str) -> Decimal:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed[:LONGEST])).removeprefix("¥").removesuffix("元")
    if GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if len(typed) > LONGEST or not PLAIN.fullmatch(text):
        raise forms.ValidationError(NOT_A_NUMBER % {"typed": typed[:LONGEST]}, code="invalid")
    return Decimal(text)
