"""Tags of the pages of draws: `{% load draws %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inspections.draws import strata

register = template.Library()
TONES = {"high": "bad", "medium_high": "warn", "medium": "warn"}


@register.filter
def short_hash(digest: str) -> str:
    """The two ends of a hash: 000b3f…91ab."""
    return f"{digest[:8]}…{digest[-4:]}"


@register.simple_tag
def risk(stratum: str) -> SafeString:
    """A risk class as a tag, in words."""
    return format_html(
        '<span class="tag {}">{}</span>', TONES.get(strata.parted(stratum)[0], ""), strata.label(stratum)
    )
