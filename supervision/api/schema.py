"""How the two ways of identifying oneself stand in the OpenAPI document."""

from typing import Any

from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ClientCredentialsScheme(OpenApiAuthenticationExtension):
    """OAuth 2 client credentials, for other systems."""

    target_class = "supervision.api.identity.ClientCredentials"
    name = "clientCredentials"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Where a token is had."""
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": reverse("api:token"), "scopes": {}}}}


class PersonsSessionScheme(OpenApiAuthenticationExtension):
    """The session of a person signed in to the pages."""

    target_class = "supervision.api.identity.PersonsSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The cookie of the session."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
