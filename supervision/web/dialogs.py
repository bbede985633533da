"""A small form over the page: the one dialog, or an ordinary page where no script runs."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from supervision.procedure.models import Dossier

from .request import PageRequest

UNPROCESSABLE = 422


def go(request: PageRequest, url: str) -> HttpResponse:
    """Lead to another page, from a dialog as from a page."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def in_dialog(request: PageRequest) -> bool:
    """Whether the fragment for the dialog is asked for, and not the page."""
    return bool(request.htmx and request.htmx.target == "dialog-body")


def form_page(
    request: PageRequest,
    form: Any,
    *,
    heading: str,
    button: str,
    back: str,
    crumbs: Sequence[tuple[str, str]] = (),
    intro: str = "",
) -> HttpResponse:
    """A form with one button; `back` is where cancelling leads, `intro` a sentence above the fields."""
    dialog = in_dialog(request)
    context = {
        "dialog": dialog,
        "form": form,
        "heading": heading,
        "button": button,
        "back": back,
        "intro": intro,
        "crumbs": [*crumbs, (heading, "")],
    }
    template = "components/small_form.html" if dialog else "pages/records/form.html"
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return varied(render(request, template, context, status=status))


def small_form(request: PageRequest, dossier: Dossier, form: Any, heading: str, button: str) -> HttpResponse:
    """A form about a matter that is no step."""
    url = reverse("web:dossier", args=[dossier.pk])
    return form_page(request, form, heading=heading, button=button, back=url, crumbs=[(dossier.number, url)])


def varied(response: HttpResponse) -> HttpResponse:
    """Tell caches that the page and its fragment are two answers."""
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
