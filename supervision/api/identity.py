"""Who calls: a person by the session of the pages, another system by OAuth 2 client credentials."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from supervision.parties.actors import Actor, actors_of

if TYPE_CHECKING:
    from rest_framework.views import APIView

PLACE_HEADER = "X-Acting-At"


class ClientCredentials(OAuth2Authentication):
    """A token of the client-credentials grant acts as the machine account its application belongs to.

    django-oauth-toolkit leaves such a token without a user; the application's owner is who acts.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The application's machine account and the token, or None without a valid token."""
        found = super().authenticate(request)
        if found is None:
            return None
        _user, token = found
        account = token.application.user
        if account is None or not account.is_active or not account.is_machine:
            return None
        return account, token


class PersonsSession(SessionAuthentication):
    """A person signed in to the pages, second factor included where their role asks for one."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The person, or None; refuses one whose second factor is still due."""
        found = super().authenticate(request)
        if found is None:
            return None
        user = found[0]
        if user.one_time_until:
            raise PermissionDenied(_("Replace your one-time password on the pages first."))
        wanted = set(settings.SECOND_FACTOR_ROLES)
        held = {role.value for actor in actors_of(user, timezone.localdate()) for role in actor.roles}
        if wanted & held and not user.is_verified():
            raise PermissionDenied(_("Confirm your second factor on the pages first."))
        return found


def actor_of(request: Request) -> Actor:
    """The place the caller acts at: the one named in `X-Acting-At` (an authority's or provider's code), else the first.

    Raises NotAuthenticated without a caller, PermissionDenied without a post there today.
    """
    if not request.user.is_authenticated:
        raise NotAuthenticated
    wanted = request.headers.get(PLACE_HEADER)
    actors = actors_of(request.user, timezone.localdate())
    for actor in actors:
        if wanted is None or (actor.place is not None and actor.place.code == wanted):
            return actor
    raise PermissionDenied(_("You hold no post there today."))


class HoldsAPost(BasePermission):
    """Deny by default: whoever holds no post today may call nothing. Sets `request.actor`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the caller acts anywhere."""
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return True
