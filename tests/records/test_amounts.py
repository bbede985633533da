"""The one field of money: what can mean one amount only is taken, everything else is refused in words of money."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from supervision.records.amounts import CENT, AmountField

TAKEN = {
    "12345.60": "12345.60", "12,345.60": "12345.60", "1,234,567": "1234567.00", "１２３４５．６０": "12345.60",
    "１２，３４５．６": "12345.60", " 5 000 ": "5000.00", "￥5000": "5000.00", "5000元": "5000.00", "0": "0.00",
    "7.": "7.00", ".5": "0.50", "1.100": "1.10", "999999999999.99": "999999999999.99",
}  # fmt: skip
REFUSED = {
    "abc": "不是金额", "1,23": "不是金额", "12,34,567": "不是金额", "1.2.3": "不是金额", "1e3": "不是金额",
    "NaN": "不是金额", "Infinity": "不是金额", "--1": "不是金额", "一百": "不是金额", "9" * 50: "不是金额",
    "1.234": "两位", "-1": "负数", "－１": "负数", "1000000000000": "不能超过",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "amount"), TAKEN.items())
def test_what_means_one_amount_is_taken(typed, amount) -> None:
    assert str(AmountField().clean(typed)) == amount


@pytest.mark.parametrize(("typed", "why"), REFUSED.items())
def test_what_does_not_is_refused_with_its_reason(typed, why) -> None:
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        AmountField().clean(typed)
    assert why in refused.value.messages[0]


def test_the_least_amount_and_nothing() -> None:
    with override("zh-hans"), pytest.raises(ValidationError, match=r"0\.01"):
        AmountField(least=CENT).clean("0")
    assert AmountField(required=False).clean("") is None
    assert AmountField().clean(Decimal("3.5")) == Decimal("3.50")
    for value in (Decimal("NaN"), Decimal("-3")):
        with pytest.raises(ValidationError):
            AmountField().clean(value)


def test_other_numbers_are_refused_in_good_chinese() -> None:
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        forms.DecimalField(max_digits=5, decimal_places=2).clean("1.234")
    assert refused.value.messages == ["小数不能超过 2 位。"]


def test_no_form_asks_for_money_otherwise() -> None:
    """Every form field with the columns' digits of money is this one."""

    def below(kind):
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    others = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in below(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DecimalField)
        and not isinstance(field, AmountField)
        and field.max_digits == AmountField().max_digits
    ]
    assert not others
