"""Opening an inspection and who goes: officers, recusals, substitutes, how it begins and ends (HY-31…34)."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.actors import holders
from supervision.parties.models import Authority, User
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import DateField, long_text

from ...officers import OfficersField
from ...parties import PartyField, parties_within
from ..models import ChecklistVersion, InspectionKind, InspectionTask, Recusal
from ..procedure import OFFICERS
from ..selectors import checklists_for, confirmed_findings
from .moments import DRIFT, moment, not_to_come


class OpenTaskForm(forms.Form):
    """What an inspection that is opened by hand needs."""

    subject = PartyField(label=_("Party inspected"))
    kind = forms.ChoiceField(label=_("Kind of inspection"), choices=InspectionKind.choices)
    checklist = forms.ModelChoiceField(
        label=_("Checklist"),
        queryset=ChecklistVersion.objects.none(),
        required=False,
        empty_label=_("The one for this kind of party"),
    )
    officers = OfficersField(label=pgettext_lazy("inspection", "Officers"))
    planned_for = DateField(label=_("Planned for"), required=False)
    examined_from = DateField(label=_("Period examined from"), required=False)
    examined_to = DateField(label=_("Period examined to"), required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["subject"].queryset = parties_within(actor)  # type: ignore[attr-defined]
        self.fields["checklist"].queryset = checklists_for(None)  # type: ignore[attr-defined]
        if actor.authority is not None:
            self.fields["officers"].queryset = holders(actor.authority, OFFICERS, clock.today())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("examined_from"), cleaned.get("examined_to")
        if first and last and first > last:
            self.add_error("examined_to", _("The period ends before it begins."))
        return cleaned


class RecusalForm(StepForm):
    """Who should withdraw, and why."""

    officer = forms.ModelChoiceField(label=pgettext_lazy("inspection", "Officer"), queryset=User.objects.none())
    ground = forms.ChoiceField(label=_("Ground"), choices=Recusal.Ground.choices)
    reason = long_text(_("Interest or relation"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = User.objects.filter(pk__in=[user.pk for user in self.dossier.officers_now])
        if self.actor.user is not None:
            self.fields["officer"].initial = self.actor.user.pk

    def clean_officer(self) -> User:
        officer: User = self.cleaned_data["officer"]
        if self.dossier.recusals.filter(officer=officer, decision="").exists():
            raise forms.ValidationError(_("A recusal of this officer is waiting for a decision already."))
        return officer


def _substitutes(task: InspectionTask) -> Any:
    """Officers who could step in: not on the task, without an interest in the party.

    They are of the authority itself, unless a draw says who: its inspectors may belong to lower ones.
    """
    today = clock.today()
    able = (
        User.objects.filter(is_active=True, is_machine=False)
        if task.draw_ref
        else holders(task.authority, OFFICERS, today)
    )
    return able.exclude(pk__in=[user.pk for user in task.officers_now]).exclude(
        interests__party=task.subject_id, interests__valid__contains=today
    )


class RecusalDecisionForm(StepForm):
    """The head's decision; on a drawn inspection the substitute comes from the draw."""

    recusal = forms.ModelChoiceField(label=_("Recusal"), queryset=Recusal.objects.none())
    decision = forms.ChoiceField(label=pgettext_lazy("recusal", "Decision"), choices=Recusal.Decision.choices)
    replacement = forms.ModelChoiceField(label=_("Replaced by"), queryset=User.objects.none(), required=False)
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = self.dossier.recusals.filter(decision="")
        self.fields["recusal"].queryset = open_ones
        self.fields["recusal"].initial = open_ones.first()
        if self.dossier.draw_ref:
            del self.fields["replacement"]
        else:
            self.fields["replacement"].queryset = _substitutes(self.dossier)


class ReplaceOfficerForm(StepForm):
    """One officer out, another in."""

    leaving = forms.ModelChoiceField(label=_("Leaving"), queryset=User.objects.none())
    coming = forms.ModelChoiceField(label=_("Coming"), queryset=User.objects.none())
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaving"].queryset = User.objects.filter(pk__in=[user.pk for user in self.dossier.officers_now])
        self.fields["coming"].queryset = _substitutes(self.dossier)
        self.fields["coming"].required = not self.actor.is_system


class StartForm(StepForm):
    """Identity shown: when, and to whom (HY-32); the party was told it may ask an officer to withdraw (HY-34)."""

    identity_shown_at = moment(_("Certificates shown at"), initial=clock.now)
    received_by = forms.CharField(label=_("Received by"), max_length=60)
    received_post = forms.CharField(label=pgettext_lazy("signer", "Post"), max_length=60)
    told_of_recusal = forms.BooleanField(label=_("Told that an officer may be asked to withdraw"))

    def clean_identity_shown_at(self) -> Any:
        """HY-32: the notice is shown with the certificates, and comes with the inspection."""
        shown = not_to_come(self.cleaned_data["identity_shown_at"])
        if shown < self.dossier.opened_at - DRIFT:
            opened = timezone.localtime(self.dossier.opened_at).strftime("%Y-%m-%d %H:%M")
            raise forms.ValidationError(_("The inspection was opened only at %(opened)s.") % {"opened": opened})
        return shown


class ConcludeForm(StepForm):
    """Where the matter goes on."""

    conclusion = forms.ChoiceField(label=_("Conclusion"), choices=InspectionTask.Conclusion.choices)
    breaches_too = forms.BooleanField(
        label=_("Hand what breaches the agreement to the agency as well"), required=False,
        help_text=_("Where the bureau files a case and findings name clauses of the agreement."),
    )  # fmt: skip
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Authority.objects.none(), required=False)
    summary = long_text(_("Summary"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task: InspectionTask = self.dossier
        if task.authority.is_agency:
            del self.fields["agency"], self.fields["breaches_too"]
            return
        agencies = Authority.objects.filter(
            body=Authority.Body.AGENCY, active=True, region__path__startswith=task.authority.region.path
        )
        self.fields["agency"].queryset = agencies.order_by("region__path")
        if task.subject is not None:
            self.fields["agency"].initial = agencies.filter(region=task.subject.region_id).first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "agency" in self.fields:
            conclusion, too = cleaned.get("conclusion"), cleaned.get("breaches_too")
            to_agency = conclusion == InspectionTask.Conclusion.TO_AGENCY
            if too and conclusion != InspectionTask.Conclusion.TO_CASE:
                self.add_error("breaches_too", _("Only beside a case of the bureau."))
            if too and not confirmed_findings(self.dossier).exclude(clause="").exists():
                self.add_error("breaches_too", _("No confirmed finding names a clause of the agreement."))
            if (to_agency or too) and not cleaned.get("agency"):
                self.add_error("agency", _("Say which agency goes on with it."))
            if not (to_agency or too):
                cleaned["agency"] = None
        return cleaned
