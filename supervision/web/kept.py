"""Text typed into a form whose session or protection had expired: kept, and put back once its author is here.

Kept in the new anonymous session for at most its lifetime, marked with the account that was signed in before, and
given back only to that account. Files and secrets are not kept.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict

from .request import PageRequest

SESSION_KEY = "kept_input"
AUTHOR_COOKIE = "last_account"
AUTHOR_SALT = "supervision.web.kept"
LIMIT = 256 * 1024
UNSEEN = frozenset({"key", "seen", "preview", "origin", "source"})  # what a form carries and nobody types
SECRET_WORDS = ("password", "csrfmiddlewaretoken", "token", "secret")


def keep(request: HttpRequest) -> None:
    """Store what was typed; nothing when the author is unknown, the text is huge, or nothing was typed."""
    here = str(request.user.pk) if request.user.is_authenticated else ""
    author = here or request.get_signed_cookie(AUTHOR_COOKIE, default="", salt=AUTHOR_SALT)
    text = typed(request).urlencode()
    if author and text and len(text) <= LIMIT:
        request.session[SESSION_KEY] = {
            "author": author,
            "path": request.path,
            "text": text,
            "files": bool(request.FILES),
        }


def typed(request: HttpRequest) -> QueryDict:
    """What a form brought, without passwords and tokens."""
    brought = request.POST.copy()
    for name in list(brought):
        if any(word in name.lower() for word in SECRET_WORDS):
            del brought[name]
    return brought


def remember_author(request: HttpRequest, response: HttpResponseBase) -> None:
    """Mark this browser with the account that signed in, so kept text finds its way back to it only."""
    author = str(request.user.pk)
    response.set_signed_cookie(
        AUTHOR_COOKIE,
        author,
        salt=AUTHOR_SALT,
        max_age=7 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def waiting(request: HttpRequest) -> bool:
    """Whether text is kept for the next sign-in on this browser."""
    return SESSION_KEY in request.session


def restore(request: PageRequest) -> None:
    """On the form's page set `request.kept` to the typed text (a QueryDict) once; drop another person's."""
    kept = request.session.get(SESSION_KEY)
    request.kept = None
    request.kept_files = False
    if kept is None:
        return
    if kept["author"] != str(request.user.pk):
        del request.session[SESSION_KEY]
    elif kept["path"] == request.path:
        request.kept = QueryDict(kept["text"])
        request.kept_files = kept["files"]
        del request.session[SESSION_KEY]
