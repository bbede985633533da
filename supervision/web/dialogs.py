"""A small form over the page: the one dialog, or an ordinary page where no script runs."""

from base64 import b64encode
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
    previews: bool = False,
) -> HttpResponse:
    """A form with one button; `back` is where cancelling leads, `intro` a sentence above the fields.

    `previews`: it offers to show the paper it would issue; the view answers that by `paper_pages`.
    """
    asked = bool(request.htmx) and request.POST.get("preview", "")
    dialog = in_dialog(request) or asked == "dialog"
    context = {
        "dialog": dialog,
        "form": form,
        "heading": heading,
        "button": button,
        "back": back,
        "intro": intro,
        "previews": previews,
        "crumbs": [*crumbs, (heading, "")],
    }
    template = "components/small_form.html" if dialog else "pages/records/form.html"
    if asked and not dialog:
        template = "components/small_form_body.html"
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    answer = varied(render(request, template, context, status=status))
    if asked:  # asked below the form, told in its place
        answer.headers["HX-Retarget"] = "#dialog-body" if dialog else ".form-card"
    return answer


def small_form(
    request: PageRequest,
    dossier: Dossier,
    form: Any,
    heading: str,
    button: str,
    *,
    intro: str = "",
    previews: bool = False,
) -> HttpResponse:
    """A form about a matter that is no step."""
    url = reverse("web:dossier", args=[dossier.pk])
    crumbs = [(dossier.number, url)]
    return form_page(
        request, form, heading=heading, button=button, back=url, crumbs=crumbs, intro=intro, previews=previews
    )


def paper_pages(request: PageRequest, pages: Sequence[bytes], dossier: Dossier, heading: str) -> HttpResponse:
    """A paper to be issued, as pictures: below the form that asked, or as a page where no script runs."""
    context = {
        "pages": [b64encode(page).decode() for page in pages],
        "heading": heading,
        "crumbs": [(dossier.number, reverse("web:dossier", args=[dossier.pk])), (heading, "")],
    }
    template = "components/paper_preview.html" if request.htmx else "pages/records/preview.html"
    return varied(render(request, template, context))


def varied(response: HttpResponse) -> HttpResponse:
    """Tell caches that the page and its fragment are two answers."""
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
