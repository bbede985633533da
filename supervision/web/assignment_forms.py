"""Who has charge of a matter: assigned by the head, ended by withdrawal (HY-34)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor, holders
from supervision.parties.models import User
from supervision.parties.roles import HEADS, OFFICERS
from supervision.procedure import clock
from supervision.procedure.models import Assignment, Dossier


def may_assign(actor: Actor, dossier: Dossier) -> bool:
    """The head of the authority that owns the matter, or of one above it, assigns its officers."""
    here = actor.authority
    if here is None or not actor.has(*HEADS) or dossier.is_closed:
        return False
    return here in (dossier.authority, dossier.authority.parent)


def may_end(actor: Actor, dossier: Dossier, held: Assignment) -> bool:
    """Whoever assigns may end a charge, and the officer may leave — until the matter is closed."""
    if held.until is not None or dossier.is_closed:
        return False
    return may_assign(actor, dossier) or held.user == actor.user


class AssignForm(forms.Form):
    """An officer of the owning authority and the duty given."""

    officer = forms.ModelChoiceField(label=_("Officer"), queryset=User.objects.none())
    duty = forms.ChoiceField(label=_("Duty"), choices=Assignment.Duty.choices)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = holders(dossier.authority, OFFICERS, clock.today()).order_by("name", "pk")  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why an officer leaves a matter."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
