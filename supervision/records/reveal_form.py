"""What is asked before a masked identifier is shown, on the page and over the API."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.selectors import visible_to

SUGGESTED = 30


class RevealForm(forms.Form):
    """The purpose, and the matter it is needed for when there is one: by its number, any within sight."""

    purpose = forms.CharField(
        label=_("Purpose"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What you need it for; it is recorded with your name, the time and this computer's address."),
    )
    dossier = forms.ModelChoiceField(
        label=_("For the matter"), queryset=Dossier.objects.none(), required=False, to_field_name="number"
    )

    def __init__(self, *args: Any, actor: Actor, party: Party | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = visible_to(actor)
        mine = Assignment.objects.filter(user=actor.user, until=None).values("dossier")
        near = Q(pk__in=mine, closed_at=None) | Q(number=self.initial.get("dossier") or "")
        if party is not None:
            near |= Q(subject=party.pk)
        field = self.fields["dossier"]
        field.queryset = seen  # type: ignore[attr-defined]
        suggested = seen.filter(near).order_by("-opened_at", "-pk").values_list("number", "title")[:SUGGESTED]
        # The page suggests what is near; any other matter within sight may be named over the API.
        field.widget.choices = [
            ("", _("no matter yet")), *((number, f"{number} {title}") for number, title in suggested)
        ]  # fmt: skip
