"""How every form of the product is drawn, and how text kept over an expired session comes back into it.

`{{ form }}` anywhere gives the product's look: `FormRenderer` is Django's FORM_RENDERER.
"""

from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.translation import gettext as _

from supervision.records.fields import DateInput, DateTimeInput

__all__ = ["DateInput", "DateTimeInput", "FormRenderer", "bound_form", "say_restored"]

F = TypeVar("F", bound=forms.BaseForm)


class FormRenderer(TemplatesSetting):
    """Label above, help and error below the field; errors of the whole form on top."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


def bound_form(request: HttpRequest, form_class: type[F], **kwargs: Any) -> F:
    """The form as this request fills it: posted data, or text kept over an expired session, or fresh.

    Use it in every view that shows a form, so that nobody loses typed text to a time-out.
    """
    if request.method == "POST":
        return form_class(data=request.POST, files=request.FILES, **kwargs)
    kept = getattr(request, "kept", None)
    if kept is None:
        return form_class(**kwargs)
    say_restored(request)
    return form_class(data=kept, **kwargs)


def say_restored(request: HttpRequest) -> None:
    """Tell the reader that kept text is back in the form of this page."""
    text = _("You were signed out in between. What you had typed is back below; check it and send it again.")
    if getattr(request, "kept_files", False):
        text += " " + _("Please choose the files again.")
    messages.info(request, text)
