"""Forms of monitoring: the shape of what people send; what it means is the services' affair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.models import ColumnMapping, Rule
from monitoring.months import written
from monitoring.selectors.alerts import rules
from monitoring.selectors.claims import months


class UploadForm(forms.Form):
    """A claims file and how its columns are called."""

    file = forms.FileField(
        label=_("Claims file"),
        help_text=_("CSV, gzip of CSV, Excel workbook (.xlsx) or a zip of these; UTF-8 or GBK."),
    )
    mapping = forms.ModelChoiceField(
        label=_("Column mapping"),
        queryset=ColumnMapping.objects.all(),
        required=False,
        empty_label=_("National layout"),
        help_text=_("Choose a saved mapping for files of another layout."),
    )


class LibraryForm(forms.Form):
    """A workbook of the national rule library."""

    file = forms.FileField(label=_("Workbook (.xlsx)"))
    dry_run = forms.BooleanField(label=_("Only read and report, change nothing"), required=False)


class ScreenForm(forms.Form):
    """Which months and rules to screen; nothing chosen means all."""

    months = forms.MultipleChoiceField(
        label=_("Settlement months"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rules = forms.ModelMultipleChoiceField(
        label=_("Rules"),
        queryset=Rule.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: all."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = [(month, written(month)) for month in months()]  # type: ignore[attr-defined]
        self.fields["rules"].queryset = rules()  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    reason = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the alert."),
    )


class LeadForm(forms.Form):
    """``together`` carries the other open alerts of the same rule about the same provider."""

    together = forms.BooleanField(label=_("Take along the other open alerts of this rule and provider"), required=False)
    reason = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ParametersForm(forms.Form):
    """One whole number per parameter of the rule."""

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in rule.parameters.items():
            self.fields[name] = forms.IntegerField(
                label=PARAMETER_LABELS.get(name, name), min_value=1, max_value=3660, initial=value
            )


PARAMETER_LABELS = {
    "days": _("Days between leaving and coming again"),
    "diagnosis_characters": _("Leading characters of the diagnosis that must agree"),
    "most": _("Purchases a month that are allowed"),
}
