"""What every page of the shell needs: where the person acts, where they can go, what waits for them."""

from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from . import nav, news
from .queue import waiting_count
from .request import PageRequest


def shell(request: PageRequest) -> dict[str, Any]:
    """`actor`, `actors` (places to switch to), `rail`, `tabs`; nothing is computed for a page without a rail."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {"product": settings.PRODUCT_NAME}
    rail = SimpleLazyObject(lambda: nav.rail(actor, request.path, getattr(request, "area", "")))
    return {
        "product": settings.PRODUCT_NAME,
        "actor": actor,
        "actors": getattr(request, "actors", ()),
        "rail": rail,
        "waiting": SimpleLazyObject(lambda: waiting_count(actor)),
        "unread": SimpleLazyObject(lambda: news.unread(actor)),
        "tabs": SimpleLazyObject(lambda: [link for _label, links in rail for link in links if link.tab][:3]),
    }
