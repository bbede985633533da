"""What a reader sees when something is not as it should be: what happened, and what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from .. import kept
from ..dialogs import go
from ..request import PageRequest


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """With the reason the view gave, where it gave one."""
    return render(request, "403.html", {"why": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors that read the database: it may be the database that fails."""
    from django.template.loader import render_to_string

    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: PageRequest, reason: str = "") -> HttpResponseBase:
    """A form whose protection has aged, as after signing in anew in another tab, is shown again with what was typed.

    Only what our own page sent comes back, for its author to look over and send: another site fills in no form here.
    Who is not signed in, in a browser that keeps no cookies, sees the text to copy it; a button with nothing typed, the
    word to open its page anew: its address may take no other request.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    brought: Any = kept.typed(request).lists() if ours else ()
    lines = [str(text) for name, texts in brought for text in texts if text.strip() and name not in kept.UNSEEN]
    if ours and lines and request.user.is_authenticated:
        kept.keep(request)
        return go(request, request.get_full_path())
    return render(request, "403_csrf.html", {"typed": lines}, status=403)
