"""Forms of an inspection's steps, used by pages, phone, API and tasks alike."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models import Fund
from supervision.parties.actors import holders
from supervision.parties.models import Authority, Practitioner, ProviderDepartment, User
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import (
    DateField,
    DateTimeInput,
    EvidenceField,
    PastField,
    StoredFileField,
    long_text,
)
from supervision.records.forms import ReasonForm, SignedForm
from supervision.records.selectors import citable

from ..officers import OfficersField
from ..parties import PartyField, PractitionersField, parties_within
from .acts import choices_of, every_choice
from .drafting import draft_text
from .models import (
    Answer,
    ChecklistItem,
    ChecklistVersion,
    Finding,
    InspectionKind,
    InspectionTask,
    Recusal,
    SiteRecord,
)
from .procedure import OFFICERS
from .selectors import checklists_for


def _moment(label: Any, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=DateTimeInput, **kwargs)


# How far the clock of a device may be off the server's: no moment is refused for less.
DRIFT = timedelta(minutes=5)


def _not_to_come(moment: datetime) -> datetime:
    if moment > clock.now() + DRIFT:
        raise forms.ValidationError(_("This moment has not come yet."))
    return moment


def _before_the_visit(task: InspectionTask, moment: datetime | None) -> str:
    """When identity was shown, of a moment before it; '' where the moment lies within the visit (HY-32, HY-34)."""
    shown = task.identity_shown_at
    if moment is None or shown is None or moment >= shown - DRIFT:
        return ""
    return timezone.localtime(shown).strftime("%Y-%m-%d %H:%M")


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
    able = User.objects.filter(is_active=True) if task.draw_ref else holders(task.authority, OFFICERS, today)
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

    identity_shown_at = _moment(_("Certificates shown at"), initial=clock.now)
    received_by = forms.CharField(label=_("Received by"), max_length=60)
    received_post = forms.CharField(label=pgettext_lazy("signer", "Post"), max_length=60)
    told_of_recusal = forms.BooleanField(label=_("Told that an officer may be asked to withdraw"))

    def clean_identity_shown_at(self) -> Any:
        """HY-32: the notice is shown with the certificates, and comes with the inspection."""
        shown = _not_to_come(self.cleaned_data["identity_shown_at"])
        if shown < self.dossier.opened_at - DRIFT:
            opened = timezone.localtime(self.dossier.opened_at).strftime("%Y-%m-%d %H:%M")
            raise forms.ValidationError(_("The inspection was opened only at %(opened)s.") % {"opened": opened})
        return shown


class ChecklistForm(StepForm):
    """Answers, as many as are known: `answer_<item code>` with `note_`, `expected_` and `counted_`.

    Where the number counted is not the one in the books, or faults were counted, an item is in order only with words
    that say why.

    Cleaned value: `answers`, a list of `{item, answer, note, expected, counted, text}` of those that differ from what
    is kept already; `text` says it in words.
    """

    FACTS = ("answer", "note", "expected", "counted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(self.dossier.checklist.items.all())
        self.kept = {answer.item.code: answer for answer in self.dossier.answers.select_related("item")}
        for item in self.items:
            held = self.kept.get(item.code)
            self.fields[f"answer_{item.code}"] = forms.ChoiceField(
                label=str(item), choices=Answer.Answer.choices, required=False, widget=forms.RadioSelect
            )
            note = long_text(_("What was seen"), rows=2, most=2000, required=False)
            note.widget.attrs["placeholder"] = note.label
            self.fields[f"note_{item.code}"] = note
            for name, label, asked in (
                ("expected", _("By the books"), item.compared),
                ("counted", _("Counted"), bool(item.counted)),
            ):
                if asked:
                    self.fields[f"{name}_{item.code}"] = forms.IntegerField(
                        label=label, min_value=0, max_value=1_000_000, required=False
                    )
            for name in self.FACTS:
                if held and f"{name}_{item.code}" in self.fields:
                    self.initial.setdefault(f"{name}_{item.code}", getattr(held, name))
        self.order_fields([name for name in self.fields if name != "note"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        answers = []
        for item in self.items:
            given = {name: said.get(f"{name}_{item.code}") for name in self.FACTS}
            if not given["answer"]:
                if given["note"] or given["expected"] is not None or given["counted"] is not None:
                    self.add_error(f"answer_{item.code}", _("Say whether it is in order."))
                continue
            if not given["note"] and Answer(item=item, **given).differs:
                speaks_against = _("The numbers speak against it: say why it is in order, or answer no.")
                self.add_error(f"note_{item.code}", speaks_against)
            held = self.kept.get(item.code)
            if held is None or any(getattr(held, name) != given[name] for name in self.FACTS):
                answers.append({"item": item.code, **given, "text": _in_words(item, given)})
        return {"answers": answers, "note": said.get("note", "")}


def _in_words(item: ChecklistItem, given: dict[str, Any]) -> str:
    """An answer as the history of the matter tells it."""
    said = [f"{item.text}：{Answer.Answer(given['answer']).label}"]
    if given["counted"] is not None:
        said.append(f"{'—' if given['expected'] is None else given['expected']} / {given['counted']}")
    return " ".join([*said, given["note"] or ""]).strip()


class FindingForm(StepForm):
    """Conduct found: the act or the agreement's clause, persons, sum, fund, period."""

    act = forms.ChoiceField(label=_("Act"), required=False, choices=every_choice)
    clause = forms.CharField(label=_("Clause of the agreement"), max_length=120, required=False)
    description = long_text(_("What was found"), rows=4)
    persons = forms.IntegerField(label=_("Persons concerned"), min_value=0, max_value=1_000_000, initial=0)
    amount = forms.DecimalField(label=_("Amount (yuan)"), min_value=0, max_digits=14, decimal_places=2, initial="0.00")
    fund = forms.ChoiceField(label=_("Fund"), choices=Fund.choices)
    period_from = PastField(label=_("From"), required=False)
    period_to = PastField(label=_("To"), required=False)
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=ProviderDepartment.objects.none(), required=False
    )
    practitioners = PractitionersField(label=_("Practitioners concerned"), required=False)
    evidence = EvidenceField(
        label=_("Evidence"), required=False, help_text=_("A finding is confirmed only with evidence.")
    )
    alert_ref = forms.CharField(label=_("Alert"), max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = self.dossier.subject
        kind = subject.kind if subject else ""
        self.fields["act"].choices = [("", "—"), *(choices_of(kind) if kind else [])]
        self.fields["evidence"].queryset = citable(self.dossier)
        self.fields["department"].queryset = ProviderDepartment.objects.filter(provider=subject.pk if subject else None)
        self.fields["practitioners"].queryset = Practitioner.objects.filter(
            employments__provider=subject.pk if subject else None
        ).distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("act") and not cleaned.get("clause"):
            self.add_error("act", _("Name the act, or the clause of the agreement."))
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and first > last:
            self.add_error("period_to", _("The period ends before it begins."))
        return cleaned


class PhotoForm(StepForm):
    """A photo or recording made on the spot, and the item it shows; what was made before is other evidence (HY-34)."""

    item = forms.ModelChoiceField(
        label=_("Checklist item"), queryset=ChecklistItem.objects.none(), to_field_name="code", required=False
    )
    file = StoredFileField(label=_("Photo"))
    taken_at = _moment(_("Taken at"), initial=clock.now)
    caption = forms.CharField(label=_("What it shows"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = self.dossier.checklist.items.all()

    def clean_taken_at(self) -> datetime:
        taken_at = _not_to_come(self.cleaned_data["taken_at"])
        if shown := _before_the_visit(self.dossier, taken_at):
            sentence = _(
                "The inspection began at %(shown)s, when the certificates were shown. What was taken before is no "
                "photo of it: enter it on the page of the matter, as evidence with its own source."
            )
            raise forms.ValidationError(sentence, params={"shown": shown})
        return taken_at


class CiteForm(StepForm):
    """Which evidence proves which finding."""

    finding = forms.ModelChoiceField(label=_("Finding"), queryset=Finding.objects.none())
    evidence = EvidenceField(label=_("Evidence"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].queryset = self.dossier.findings.filter(status=Finding.Status.DRAFT)
        self.fields["evidence"].queryset = citable(self.dossier)


class DropFindingForm(StepForm):
    """Which finding does not hold, and why."""

    finding = forms.ModelChoiceField(label=_("Finding"), queryset=Finding.objects.none())
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].queryset = self.dossier.findings.filter(status=Finding.Status.DRAFT)


class SiteRecordForm(StepForm):
    """The on-site record; without a text of one's own it is drafted from answers and findings."""

    place = forms.CharField(label=_("Place"), max_length=200)
    begun_at = _moment(_("Begun"))
    ended_at = _moment(_("Ended"), initial=clock.now)
    text = long_text(_("Text of the record"), rows=14, most=50000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task: InspectionTask = self.dossier
        earlier: SiteRecord | None = task.site_record_or_none
        provider = getattr(task.subject, "provider", None) if task.subject_id else None
        self.initial.setdefault("place", earlier.place if earlier else (provider.address if provider else ""))
        self.initial.setdefault("begun_at", task.identity_shown_at)
        if not self.is_bound:
            self.initial.setdefault("text", draft_text(task))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("begun_at"), cleaned.get("ended_at")
        if first and last and first > last:
            self.add_error("ended_at", _("It ends before it begins."))
        if last and last > clock.now() + DRIFT:
            self.add_error("ended_at", _("This moment has not come yet."))
        if shown := _before_the_visit(self.dossier, first):
            sentence = _("The certificates were shown at %(shown)s; nothing is inspected before.")
            self.add_error("begun_at", forms.ValidationError(sentence, params={"shown": shown}))
        cleaned["text"] = cleaned.get("text") or draft_text(self.dossier)
        return cleaned


class _OfficersSign(StepForm):
    """Both ends of a record: the officers who sign it."""

    officers = OfficersField(label=_("Signed by the officers"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [user.pk for user in self.dossier.certified(clock.today())]
        self.fields["officers"].queryset = User.objects.filter(pk__in=able)
        self.fields["officers"].initial = able


class SignForm(SignedForm, _OfficersSign):
    """The party signs: on the screen, on a page that is photographed, or on the printed record (HY-32)."""

    signed = "signature"
    signed_by = forms.CharField(label=_("Signed by"), max_length=60)
    signed_post = forms.CharField(label=pgettext_lazy("signer", "Post"), max_length=60, required=False)
    remarks = long_text(_("The party's remarks"), required=False)
    signature = StoredFileField(
        label=_("Signature"),
        required=False,
        help_text=_("A photo of the signed page, where nobody signs on the screen of the on-site page."),
    )
    on_paper = forms.BooleanField(
        label=_("Signed by hand on the printed record"),
        required=False,
        help_text=_("The signed pages go into the paper file; a photo of them may follow as evidence."),
    )

    def unsigned(self) -> Any:
        return _("Nobody has signed yet: on the screen, by a photo, or on paper.")


class RefusalForm(_OfficersSign):
    """The party does not sign: the reason, and who witnessed it (HY-32)."""

    refused_because = long_text(_("Reason of the refusal"))
    witness = forms.CharField(label=_("Witness"), max_length=60)
    witness_post = forms.CharField(label=_("Witness, of"), max_length=120, required=False)
    recording = StoredFileField(
        label=_("Recording"), required=False, help_text=_("Sound or picture of the refusal, kept as evidence.")
    )


class ConcludeForm(StepForm):
    """Where the matter goes on."""

    conclusion = forms.ChoiceField(label=_("Conclusion"), choices=InspectionTask.Conclusion.choices)
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Authority.objects.none(), required=False)
    summary = long_text(_("Summary"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task: InspectionTask = self.dossier
        if task.authority.is_agency:
            del self.fields["agency"]
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
            to_agency = cleaned.get("conclusion") == InspectionTask.Conclusion.TO_AGENCY
            if to_agency and not cleaned.get("agency"):
                self.add_error("agency", _("Say which agency goes on with it."))
            if not to_agency:
                cleaned["agency"] = None
        return cleaned


__all__ = [
    "ChecklistForm",
    "CiteForm",
    "ConcludeForm",
    "DropFindingForm",
    "FindingForm",
    "OpenTaskForm",
    "PhotoForm",
    "ReasonForm",
    "RecusalDecisionForm",
    "RecusalForm",
    "RefusalForm",
    "ReplaceOfficerForm",
    "SignForm",
    "SiteRecordForm",
    "StartForm",
]
