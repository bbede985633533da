"""The door of every page: language, who acts where, second factor, and typed text kept over an expired session."""

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from supervision.parties.actors import Actor, actors_of

from . import kept, second_factor
from .request import PageRequest

PLACE_KEY = "place"


class AddressMiddleware:
    """Whose address a request is from, told by the proxy in front of us: what is limited and recorded by address is.

    Believed as `X-Forwarded-Proto` is, where a proxy ends HTTPS; of several addresses the last, which the proxy saw.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if settings.SECURE and _is_address(told):
            request.META["REMOTE_ADDR"] = told
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class LanguageMiddleware:
    """The language is the reader's choice (a cookie) or the city's; a browser's guess does not override it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _spoken(language, response.streaming_content)
        return response


def _spoken(language: str, pieces: Any) -> Iterator[bytes]:
    """What is written while it leaves is written in the reader's language, too: a list as a file, say."""
    pieces = iter(pieces)
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


class ActorMiddleware:
    """Sets `request.actors` (every place where the person holds a post today) and `request.actor` (the chosen one)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponseBase:
        request.actors = cast(list[Actor], SimpleLazyObject(lambda: _actors(request)))
        request.actor = cast(Actor, SimpleLazyObject(lambda: _actor(request)))
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless the view says `login_not_required`; some also a second factor."""

    def process_view(  # type: ignore[override]
        self, request: PageRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return self._to_sign_in(request)
        page = second_factor.page_due(request)
        if page and not getattr(view_func, "before_second_factor", False):
            return _go(request, f"{reverse(page)}?{urlencode({'next': _here(request)})}")
        if request.user.one_time_until and not getattr(view_func, "before_own_password", False):
            return _go(request, reverse("web:password"))
        if request.method == "GET":
            kept.restore(request)
        return None

    def _to_sign_in(self, request: PageRequest) -> HttpResponseBase:
        if request.method == "POST":
            kept.keep(request)
        return _go(request, f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': _here(request)})}")


def _here(request: PageRequest) -> str:
    """The page to come back to: for a fragment, the page around it."""
    if request.method == "GET" and getattr(request, "htmx", False) and request.htmx.current_url_abs_path:
        return str(request.htmx.current_url_abs_path)
    return request.get_full_path()


def _go(request: PageRequest, url: str) -> HttpResponseBase:
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _actors(request: PageRequest) -> list[Actor]:
    if not request.user.is_authenticated:
        return []
    return actors_of(request.user, timezone.localdate())


def _actor(request: PageRequest) -> Actor:
    """The place chosen in the switcher, else the first; a person without any post acts nowhere."""
    actors: list[Actor] = list(request.actors)
    chosen = request.session.get(PLACE_KEY)
    for actor in actors:
        if actor.place and actor.place.pk == chosen:
            return actor
    if actors:
        return actors[0]
    return Actor(user=request.user if request.user.is_authenticated else None, authority=None, provider=None)
