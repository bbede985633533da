"""A party's name as a link to its file, wherever the reader may open that file."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from supervision.parties.models import Party

LINKED = frozenset({Party.Kind.PROVIDER, Party.Kind.PRACTITIONER})


def party_url(party: Any) -> str:
    """The address of the party's file; '' for kinds that have none (an insured person, an authority)."""
    return reverse("web:party", args=[party.pk]) if party.kind in LINKED else ""


def party_link(party: Any) -> SafeString | str:
    """The party's name, linked to its file; '' when there is no party."""
    if party is None:
        return ""
    url = party_url(party)
    return format_html('<a href="{}">{}</a>', url, party.name) if url else str(party.name)
