"""Articles as readers meet them: cited in words, the text on hover, one click from the catalogue."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from supervision.law import catalogue


def law_link(rule_id: str) -> SafeString:
    """《河源办法》第二十二条 with its text on hover, linked to its page; raises `UnknownRule`."""
    rule = catalogue.rule(rule_id)
    url = reverse("law:rule", args=[rule_id])
    return format_html('<a class="law" href="{}" title="{}">{}</a>', url, rule.text, rule.article)
