"""The law as a reader meets it: rules, numbers in force, who set them; and setting one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from supervision.law import catalogue
from supervision.law.coverage import coverage, coverage_of
from supervision.law.models import DatedSetting
from supervision.law.services import end_value, set_value
from supervision.law.values import UnknownSetting
from supervision.parties.actors import Actor
from supervision.parties.roles import Role
from supervision.web.forms import bound_form

from ..request import PageRequest
from . import reading
from .forms import EndForm, NumberForm

GOVERNING = "HY"


def may_set(actor: Actor) -> bool:
    """Numbers are set by the system administrator of the authority they are to hold for."""
    return actor.authority is not None and actor.has(Role.SYSTEM_ADMIN)


def catalogue_page(request: PageRequest) -> HttpResponse:
    """Every rule, narrowed by words, source and state; opens on the governing text."""
    asked = bool(request.GET)
    question = reading.Question(
        words=request.GET.get("q", "")[:100],
        source=request.GET.get("source", "") if asked else GOVERNING,
        state=request.GET.get("state", ""),
    )
    every = list(coverage().values())
    found = reading.chapters(question)
    context = {
        "question": question,
        "chapters": found,
        "count": sum(len(chapter.rules) for chapter in found),
        "total": len(every),
        "upheld": sum(each.covered for each in every),
        "open": sum(not each.covered for each in every),
        "unconfirmed": sum(each.rule.to_be_confirmed for each in every),
        "sources": catalogue.sources(),
    }
    fragment = request.htmx and request.htmx.target == "rules"
    response = render(request, f"pages/law/{'_rules' if fragment else 'catalogue'}.html", context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def rule_page(request: PageRequest, rule_id: str) -> HttpResponse:
    """One rule: what it says, what the software does, its numbers, what upholds it and what tests it."""
    try:
        found = coverage_of(rule_id)
    except catalogue.UnknownRule:
        raise Http404 from None
    same = [each.id for each in catalogue.rules() if each.source == found.rule.source]
    place = same.index(rule_id)
    context = {
        "coverage": found,
        "rule": found.rule,
        "numbers": reading.numbers(request.actor, timezone.localdate(), rule_id),
        "previous": same[place - 1] if place else "",
        "next": same[place + 1] if place + 1 < len(same) else "",
    }
    return render(request, "pages/law/rule.html", context)


def numbers_page(request: PageRequest) -> HttpResponse:
    """Every number of the law as it holds for the reader's authority today."""
    every = reading.numbers(request.actor, timezone.localdate())
    words, state = request.GET.get("q", "")[:100], request.GET.get("state", "")
    shown = [each for each in every if _asked(each, words, state)]
    context = {
        "numbers": shown,
        "total": len(every),
        "unconfirmed": sum(each.to_be_confirmed for each in every),
        "own": sum(each.set_by is not None for each in every),
        "words": words,
        "state": state,
        "may_set": may_set(request.actor),
    }
    fragment = request.htmx and request.htmx.target == "numbers"
    response = render(request, f"pages/law/{'_numbers' if fragment else 'numbers'}.html", context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def _asked(each: reading.Number, words: str, state: str) -> bool:
    if (state == "unconfirmed" and not each.to_be_confirmed) or (state == "own" and each.set_by is None):
        return False
    label = each.default.label
    text = f"{each.key} {each.rule.article} {label.zh} {label.en}".lower()
    return all(word in text for word in words.lower().split())


def number_page(request: PageRequest, rule_id: str, name: str) -> HttpResponse:
    """One number: in force now, the catalogue's defaults, every value an authority has set, and who did it."""
    found, key = _number(request, rule_id, name)
    context = {
        "number": found,
        "rule": found.rule,
        "defaults": [(reading.spoken(each.value, each.unit), each) for each in catalogue.settings()[key]],
        "history": reading.History(key, request.actor, timezone.localdate()),
        "may_set": may_set(request.actor),
    }
    return render(request, "pages/law/number.html", context)


def set_page(request: PageRequest, rule_id: str, name: str) -> HttpResponseBase:
    """Set a number for the reader's own authority."""
    found, key = _number(request, rule_id, name)
    authority = _own_authority(request)
    today = timezone.localdate()
    initial: dict[str, Any] = {"effective_from": today, "value": found.found.value.normalize() if found.found else None}
    form = bound_form(request, NumberForm, setting=found.default, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            set_value(scope=authority.code, key=key, set_by=str(request.user), **facts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The value is set from %(day)s.") % {"day": facts["effective_from"]})
            return redirect("law:number", rule_id, name)
    context = {"form": form, "number": found, "rule": found.rule, "authority": authority}
    return render(request, "pages/law/set.html", context, status=422 if form.errors else 200)


def end_page(request: PageRequest, rule_id: str, name: str, pk: int) -> HttpResponseBase:
    """End a value of the reader's own authority, so that what stands above it holds again."""
    found, key = _number(request, rule_id, name)
    authority = _own_authority(request)
    setting = get_object_or_404(DatedSetting, pk=pk, key=key, scope=authority.code)
    form = bound_form(request, EndForm, initial={"effective_to": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        last: date = form.cleaned_data["effective_to"]
        try:
            end_value(setting=setting, effective_to=last, reason=form.cleaned_data["reason"], by=str(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The value ends after %(day)s.") % {"day": last})
            return redirect("law:number", rule_id, name)
    span = reading.Span(setting, authority, timezone.localdate())
    context = {"form": form, "number": found, "rule": found.rule, "span": span}
    return render(request, "pages/law/end.html", context, status=422 if form.errors else 200)


def _number(request: PageRequest, rule_id: str, name: str) -> tuple[reading.Number, str]:
    key = f"{rule_id}/{name}"
    try:
        return reading.number(key, request.actor, timezone.localdate()), key
    except UnknownSetting:
        raise Http404 from None


def _own_authority(request: PageRequest) -> Any:
    if not may_set(request.actor):
        raise PermissionDenied
    return request.actor.authority
