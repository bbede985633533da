"""Who calls the API in the journeys: people by their session, other systems by a token; both speak JSON."""

import base64
from typing import Any

from rest_framework.test import APIClient

from supervision.parties.services.machines import create_machine
from supervision.procedure import clock

API = "/api/v1"


class Caller:
    """One caller; answers are the decoded JSON, and every status is looked at."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    @classmethod
    def person(cls, actor: Any) -> "Caller":
        """Somebody who has signed in to the pages."""
        client = APIClient()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return cls(client)

    @classmethod
    def system(cls, name: str, authority: Any, *roles: str) -> "Caller":
        """Another system that fetched its token by client credentials."""
        keys = create_machine(name, authority, roles, clock.today())
        basic = base64.b64encode(f"{keys.client_id}:{keys.client_secret}".encode()).decode()
        answer = APIClient().post(
            f"{API}/token/", {"grant_type": "client_credentials"}, HTTP_AUTHORIZATION=f"Basic {basic}",
            format="multipart",
        )  # fmt: skip
        assert answer.status_code == 200, answer.content
        return cls(APIClient(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}"))

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"{API}/{path}", query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def list(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return self.get(path, **query)["results"]

    def post(self, path: str, expect: int = 201, **data: Any) -> Any:
        sent = "multipart" if any(hasattr(value, "read") for value in data.values()) else "json"
        answer = self.client.post(f"{API}/{path}", data, format=sent)
        assert answer.status_code == expect, answer.content.decode()
        return answer.json()

    def take(self, dossier: dict[str, Any], step: str, **facts: Any) -> dict[str, Any]:
        """Take a step; returns the matter as it is then."""
        self.post(f"dossiers/{dossier['id']}/steps/{step}/", 200, **facts)
        return self.look(dossier)

    def is_refused(self, dossier: dict[str, Any], step: str, *rules: str, **facts: Any) -> None:
        """The shortcut is a conflict: it names these rules among its reasons, each as a sentence with its articles."""
        told = self.post(f"dossiers/{dossier['id']}/steps/{step}/", 409, **facts)
        assert set(rules) <= {one["rule"] or one["cause"] for one in told["reasons"]}, told
        assert all(one["sentence"] for one in told["reasons"])
        assert all(one["law"] for one in told["reasons"] if one["rule"] in rules)

    def look(self, dossier: dict[str, Any]) -> dict[str, Any]:
        return self.get(f"dossiers/{dossier['id']}/")

    def download(self, path: str) -> bytes:
        answer = self.client.post(f"{API}/{path}")
        assert answer.status_code == 200, answer.status_code
        return b"".join(answer.streaming_content)
