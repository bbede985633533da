"""Choosing a supervised party (HY-2) in a form: by its code or its exact name, within one's jurisdiction."""

import re
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor, may_see_business
from supervision.parties.models import Party, Practitioner


def parties_within(actor: Actor) -> QuerySet[Party]:
    """Every party of the actor's region and below; all for the system."""
    if actor.authority is None:
        return Party.objects.all() if actor.is_system else Party.objects.none()
    if not may_see_business(actor):
        return Party.objects.none()
    return Party.objects.filter(region__path__startswith=actor.authority.region.path)


BOTH = re.compile(r"(?P<name>.+)（(?P<code>[^（）]+)）")


def named(party: Party) -> str:
    """A party as the field shows it and takes it back: who it is, and the code that tells it from its namesakes."""
    return f"{party.name}（{party.code}）"


class PartyInput(forms.TextInput):
    """Code or name, with suggestions as one types; without scripts it is a plain field."""

    template_name = "components/party_input.html"


class PartyField(forms.Field):
    """A party named by code, exact name, both as `named` writes them, or key; `queryset` is set by the form.

    A name that several parties bear is refused with a request for the code.
    """

    widget = PartyInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("No party of this code or name in your area."),
        "several": _("Several parties bear this name; give the code."),
    }

    def __init__(self, **kwargs: Any) -> None:
        self.queryset: QuerySet[Party] = Party.objects.none()
        kwargs.setdefault("help_text", _("National code or full name."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        party = self.queryset.filter(pk=value).first() if isinstance(value, int) else value
        return named(party) if isinstance(party, Party) else party

    def to_python(self, value: Any) -> Party | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            found = list(self.queryset.filter(pk=value)[:1])
        else:
            text = str(value).strip()
            found = list(self.queryset.filter(code=text)[:2]) or list(self.queryset.filter(name=text)[:2])
            if not found and (both := BOTH.fullmatch(text)):
                found = list(self.queryset.filter(code=both["code"], name=both["name"])[:1])
        if len(found) > 1:
            raise forms.ValidationError(self.error_messages["several"], "several")
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown")
        return found[0]


class PractitionersField(forms.Field):
    """Several practitioners named by their codes, separated by blanks or commas; `queryset` is set by the form."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        self.queryset: QuerySet[Practitioner] = Practitioner.objects.none()
        kwargs.setdefault("help_text", _("National codes, separated by blanks."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return " ".join(each.code if isinstance(each, Practitioner) else str(each) for each in value)
        return value

    def to_python(self, value: Any) -> list[Practitioner]:
        if value in self.empty_values:
            return []
        if isinstance(value, (list, tuple)):  # keys, from a service call
            return list(self.queryset.filter(pk__in=value))
        codes = [code for code in re.split(r"[\s,，、;；]+", str(value)) if code]
        found = {practitioner.code: practitioner for practitioner in self.queryset.filter(code__in=codes)}
        if missing := [code for code in codes if code not in found]:
            raise forms.ValidationError(
                _("Not registered at this provider: %(codes)s") % {"codes": "、".join(missing)}, "unknown"
            )
        return [found[code] for code in dict.fromkeys(codes)]
