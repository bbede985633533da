"""A form field for amounts by kind and fund: every amount is typed beside the fund it belongs to (HY-3)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.records.amounts import AmountField

from .models import Fund

Amounts = dict[str, dict[str, Decimal]]


class AmountsWidget(forms.Widget):
    """A table with a row per fund and a column per kind; also takes `{kind: {fund: amount}}` as it is."""

    template_name = "funds/widgets/amounts.html"
    use_fieldset = True

    def __init__(self, kinds: Iterable[tuple[str, Any]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kinds = list(kinds)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, dict[str, Any]]:
        """Whatever was typed, by kind and fund; empty cells are left out."""
        given = data.get(name)
        if isinstance(given, Mapping):
            return {str(kind): dict(row) if isinstance(row, Mapping) else {"": row} for kind, row in given.items()}
        found: dict[str, dict[str, Any]] = {}
        for kind, _label in self.kinds:
            for fund in Fund.values:
                typed = str(data.get(f"{name}-{kind}-{fund}") or "").strip()
                if typed:
                    found.setdefault(kind, {})[fund] = typed
        return found

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = value or {}
        context["widget"]["kinds"] = [label for _kind, label in self.kinds]
        context["widget"]["rows"] = [
            {
                "label": label,
                "cells": [
                    {
                        "name": f"{name}-{kind}-{fund}",
                        "label": heading,
                        "value": typed.get(kind, {}).get(fund, ""),
                    }
                    for kind, heading in self.kinds
                ],
            }
            for fund, label in Fund.choices
        ]
        return context


class AmountsField(forms.Field):
    """Amounts in yuan by kind and fund. Cleaned value: `{kind: {fund: Decimal}}`, only what is more than zero."""

    def __init__(self, kinds: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.kinds = dict(kinds)
        super().__init__(widget=AmountsWidget(self.kinds.items()), **kwargs)
        self.amount = AmountField()

    def to_python(self, value: Any) -> Amounts:
        """Check kinds, funds and amounts; raises ValidationError naming the kind and fund of each that is wrong."""
        found: Amounts = {}
        wrong = []
        for kind, row in (value or {}).items():
            for fund, typed in row.items():
                if kind not in self.kinds or fund not in Fund.values:
                    wrong.append(_("There is no amount of “%(kind)s” for “%(fund)s”.") % {"kind": kind, "fund": fund})
                    continue
                try:
                    yuan = self.amount.clean(typed)
                except forms.ValidationError as error:
                    where = f"{self.kinds[kind]} · {Fund(fund).label}"
                    wrong += [f"{where}：{message}" for message in error.messages]
                    continue
                if yuan:
                    found.setdefault(kind, {})[fund] = yuan
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def told(self, kept: Mapping[str, Mapping[str, str]]) -> str:
        """The amounts an event kept, each with its kind and fund, in the reader's words."""
        return "；".join(
            _("%(kind)s, %(fund)s: %(amount)s yuan")
            % {
                "kind": self.kinds.get(kind, kind),
                "fund": dict(Fund.choices).get(fund, fund),
                "amount": f"{Decimal(yuan):,.2f}",
            }
            for kind, row in kept.items()
            for fund, yuan in row.items()
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) or bool(initial)
