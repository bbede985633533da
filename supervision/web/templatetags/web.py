"""Tags every page may use: `{% load web %}`."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from supervision.law import catalogue
from supervision.parties import masks
from supervision.records import reveals

from .. import format as shape
from ..deadlines import describe
from ..law import law_link
from ..parties_links import party_link

register = template.Library()

register.filter("day", shape.day)
register.filter("counted", shape.counted)
register.filter("short_day", shape.short_day)
register.filter("moment", shape.moment)
register.filter("mask_name", masks.mask_name)
register.filter("filesize_short", shape.size)


@register.filter
def once(messages: Iterable[Message]) -> Iterable[Message]:
    """Each sentence once: a button pressed twice takes its step once, and says so twice."""
    return {(message.tags, str(message)): message for message in messages}.values()


@register.filter
def yuan(amount: Any) -> str:
    """`{{ amount|yuan }}` → 12,345.60"""
    return shape.yuan(amount)


@register.filter
def yuan_short(amount: Any) -> SafeString | str:
    """`{{ amount|yuan_short }}` → 1,286.4 万, with the exact figure on hover."""
    if amount in (None, ""):
        return ""
    short, exact = shape.yuan_short(amount), shape.yuan(amount)
    if short == exact:
        return exact
    return format_html('<abbr title="¥{}">{}</abbr>', exact, short)


@register.filter
def percent(share: Any, decimals: int = 1) -> str:
    """`{{ 0.918|percent }}` → 91.8%"""
    return "" if share in (None, "") else f"{Decimal(share) * 100:.{decimals}f}%"


@register.filter
def last_day(days: Any) -> str:
    """`{{ post.valid|last_day }}`: the last day of a range of days, '' while it has no end."""
    if days is None or days.isempty or days.upper is None:
        return ""
    return shape.day(days.upper - timedelta(days=1))


@register.filter
def masked(value: str | None) -> SafeString:
    """`{{ person.identifier|masked }}` → 441***********12"""
    return format_html('<span class="masked">{}</span>', masks.mask_id(value))


@register.inclusion_tag("components/masked.html", takes_context=True)
def reveal(context: template.Context, name: str, row: Any, value: str | None, matter: Any = None) -> dict[str, Any]:
    """`{% reveal "insured.id_number" person person.id_number dossier %}`: masked, with a button that shows it in clear.

    The button asks for the purpose and is there only for roles that may be shown it; `matter` is suggested as the
    dossier it is for.
    """
    request = context["request"]
    if not value or not reveals.may_reveal(request.actor, name):
        return {"value": value}
    asked = {"next": request.path, **({"dossier": matter.number} if matter else {})}
    url = f"{reverse('web:reveal', args=[name, row.pk])}?{urlencode(asked)}"
    return {"value": value, "label": reveals.label_of(name), "url": url}


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "search" %}`: a decorative picture of `static/web/icons.svg`."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("web/icons.svg"),
        name,
    )


@register.simple_tag
def law(rule_id: str) -> SafeString:
    """`{% law "HY-22" %}` → 《河源办法》第二十二条, linked to the catalogue, its text on hover."""
    return law_link(rule_id)


@register.simple_tag
def laws(rule_ids: Iterable[str]) -> SafeString:
    """`{% laws step.law %}`: each citation once, though two rules stand in one article."""
    cited: dict[str, str] = {}
    for rule_id in rule_ids:
        cited.setdefault(catalogue.cite(rule_id), rule_id)
    return format_html_join(" ", "{}", ((law_link(rule_id),) for rule_id in cited.values()))


@register.simple_tag
def party(subject: Any) -> SafeString | str:
    """`{% party case.subject %}` → the name, linked to the institution file."""
    return party_link(subject)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """`{% query sort="-opened" after=None %}` → the present query string with these changes."""
    params: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def url_with(name: str, **params: Any) -> str:
    """`{% url_with "web:search" q=text %}` → the address with a query string; '' when there is no such page."""
    try:
        return f"{reverse(name)}?{urlencode(params)}"
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/due.html")
def deadline(term: Any, today: date | None = None) -> dict[str, Any]:
    """`{% deadline term %}`: days left, bar, colour and word, with the computation one click away."""
    return {"due": describe(term, today)}


@register.simple_tag
def deadline_word(term: Any, today: date | None = None) -> str:
    """`{% deadline_word term %}` → 剩 2 个工作日"""
    return describe(term, today).word


@register.inclusion_tag("components/due_tag.html")
def deadline_tag(term: Any, today: date | None = None) -> dict[str, Any]:
    """`{% deadline_tag term %}`: the same in one word, for tables."""
    return {"due": describe(term, today)}


@register.inclusion_tag("components/chart.html")
def chart(picture: Any) -> dict[str, Any]:
    """`{% chart picture %}`: a `supervision.web.charts.Chart` with its table and downloads."""
    return {"chart": picture}
