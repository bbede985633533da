from django import forms

from supervision.procedure.forms import StepForm


class TellForm(StepForm):
    told_on = forms.DateField()


class AnswerForm(StepForm):
    answer = forms.CharField(max_length=200)


class FinishForm(StepForm):
    total = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0)
