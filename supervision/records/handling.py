"""Forms for evidence and papers outside a step, and who may send them; shared by pages and API."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor, holders
from supervision.parties.models import User
from supervision.parties.roles import HEADS, OFFICERS, Role
from supervision.procedure import clock
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.selectors import in_charge

from .fields import DateTimeInput, EvidenceField
from .models import Evidence


def works_on(actor: Actor, dossier: Dossier) -> bool:
    """An officer or head of the authority that owns the matter, or an officer lent to it for this matter (HY-31)."""
    if actor.authority is None:
        return False
    if actor.authority == dossier.authority:
        return actor.has(*OFFICERS, *HEADS)
    return actor.has(*OFFICERS) and not dossier.is_closed and in_charge(dossier, actor)


def may_add_evidence(actor: Actor, dossier: Dossier) -> bool:
    """Officers of the owning authority and those lent to it, while the matter is open (HY-37)."""
    return works_on(actor, dossier) and actor.has(*OFFICERS) and not dossier.is_closed


def may_end_papers(actor: Actor, dossier: Dossier) -> bool:
    """Only the head of the owning authority declares a paper void or replaces it."""
    return works_on(actor, dossier) and actor.has(*HEADS)


class EvidenceForm(forms.Form):
    """A piece of evidence: its kind, where it comes from, who collected it — two at least (HY-37)."""

    file = forms.FileField(label=_("File"), help_text=_("Picture, sound, film, PDF, office file or text."))
    kind = forms.ChoiceField(label=_("Kind of evidence"), choices=[("", "—"), *Evidence.Kind.choices])
    title = forms.CharField(label=_("What it shows"), max_length=200)
    source = forms.CharField(label=_("Where it comes from"), max_length=300)
    collected_at = forms.DateTimeField(label=_("Collected at"), widget=DateTimeInput)
    collectors = forms.ModelMultipleChoiceField(
        label=_("Collected by"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least two officers."),
    )
    note = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assigned = Assignment.objects.filter(dossier=dossier.pk, until=None).exclude(duty=Assignment.Duty.REVIEW)
        own = holders(dossier.authority, OFFICERS - {Role.LEGAL_REVIEWER}, clock.today())
        officers = User.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=assigned.values("user")), is_machine=False)
        self.fields["collectors"].queryset = officers.order_by("name", "pk")  # type: ignore[attr-defined]
        self.initial.setdefault("collectors", list(assigned.values_list("user", flat=True)))
        self.initial.setdefault("collected_at", clock.now())


class VerdictForm(forms.Form):
    """Whether evidence may be relied on."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=(("verify", _("verified: facts may rest on it")), ("reject", _("rejected: it cannot be relied on"))),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when it is rejected."),
    )


class VerdictsForm(VerdictForm):
    """The same of several pieces that nobody has judged yet."""

    pieces = EvidenceField(label=_("Evidence"))
    field_order = ("pieces", "verdict", "note")

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = Evidence.objects.filter(dossier=dossier.pk, state=Evidence.State.COLLECTED).order_by("pk")
        self.fields["pieces"].queryset = waiting  # type: ignore[attr-defined]


class TransferForm(forms.Form):
    """To whom evidence is handed, and why."""

    to = forms.CharField(label=_("Handed to"), max_length=200)
    note = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why a paper no longer holds."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
