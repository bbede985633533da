"""Requests that act at most once: `Idempotency-Key` on any POST."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from .models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotent-Replay": "true"}
LONGEST = 80


class KeyReused(APIException):
    """The key came with another request before."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key-reused"


def key_of(request: Request) -> str | None:
    """The caller's key, or None; raises ValidationError when it is too long."""
    key = request.headers.get(HEADER)
    if key and len(key) > LONGEST:
        raise ValidationError({HEADER: [_("At most %(n)s characters") % {"n": LONGEST}]})
    return key or None


def _fingerprint(request: Request) -> str:
    files = {name: [file.name, file.size] for name, file in request.FILES.items()}
    said = [request.method, request.path, request.data, files]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


class ActsOnce:
    """Mixin of views: what `once` runs for a POST with a key is in one transaction with its kept answer.

    Two equal requests at once: the second waits for the first's row and then gets its answer. A failed request keeps
    nothing, so it may be tried again.
    """

    def once(self, request: Request, act: Any) -> Response:
        """Run `act()` unless the same request was answered before."""
        key = key_of(request)
        if key is None:
            return act()
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            kept, fresh = KeptAnswer.objects.get_or_create(
                account_id=request.user.pk, key=key, defaults={"fingerprint": fingerprint}
            )
            if not fresh:
                if kept.fingerprint != fingerprint:
                    raise KeyReused(_("This key was used for another request."))
                at = {"Location": kept.location} if kept.location else {}
                return Response(kept.body, status=kept.status, headers=REPLAYED | at)
            answer = act()
            kept.status, kept.body = answer.status_code, json.loads(json.dumps(answer.data, default=str))
            kept.location = answer.headers.get("Location", "")
            kept.save(update_fields=["status", "body", "location"])
        return answer
