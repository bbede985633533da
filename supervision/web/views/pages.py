"""Desk, search, institution file, help, and downloads of pictures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from .. import charts
from ..party_selectors import visible_party
from ..search import search


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by legal deadline."""
    return render(request, "pages/desk/desk.html")


def search_page(request: HttpRequest) -> HttpResponse:
    """What the one box finds; while typing only the short list under it."""
    text = request.GET.get("q", "")[:100]
    typing = request.htmx and request.htmx.target == "search-hits"
    template = "pages/search/_hits.html" if typing else "pages/search/search.html"
    context = {"text": text, "found": search(request.actor, text, 6 if typing else 30)}
    response = render(request, template, context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def party_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One institution or person, one file (一院一档)."""
    party = visible_party(request.actor, pk)
    if party is None:
        raise Http404
    return render(request, "pages/parties/file.html", {"party": party})


def help_page(request: HttpRequest) -> HttpResponse:
    """How the system is used, for people who read one page."""
    return render(request, "pages/help/help.html")


def chart_file(request: HttpRequest, digest: str, kind: str) -> HttpResponse:
    """The picture or the figures of a chart drawn for this reader; 404 once it has aged out."""
    found = charts.download(request, digest)
    if found is None:
        raise Http404
    title, svg, figures = found
    body, mime = (svg, "image/svg+xml") if kind == "svg" else (figures, "text/csv; charset=utf-8")
    disposition = content_disposition_header(True, f"{title}.{kind}") or "attachment"
    return HttpResponse(body, content_type=mime, headers={"Content-Disposition": disposition})
