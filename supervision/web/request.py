"""The request as a page's view meets it: Django's, with what the middleware of the pages hangs on it."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from supervision.parties.actors import Actor
from supervision.parties.models import User


class PageRequest(HttpRequest):
    """What a view of a signed-in person receives."""

    user: User
    #: where the person acts: the place chosen in the switcher, of all where a post is held today
    actor: Actor
    actors: list[Actor]
    #: truthy for a fragment asked for by a page
    htmx: HtmxDetails
    #: the area of the menu the page belongs to, where its address alone does not tell
    area: str
    #: text typed before the sign-in expired, and whether files were chosen with it (`web.kept`)
    kept: QueryDict | None
    kept_files: bool
