"""The on-site record, and how it is signed or refused (HY-32)."""

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import User
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import SignatureField, StoredFileField, long_text
from supervision.records.forms import SignedForm

from ...officers import OfficersField
from ..contradictions import contradictions
from ..drafting import draft_text
from ..models import InspectionTask, SiteRecord
from .moments import DRIFT, before_the_visit, moment


class SiteRecordForm(StepForm):
    """The on-site record; without a text of one's own it is drafted from answers and findings."""

    place = forms.CharField(label=_("Place"), max_length=200)
    begun_at = moment(_("Begun"))
    ended_at = moment(_("Ended"), initial=clock.now)
    text = long_text(_("Text of the record"), rows=14, most=50000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task: InspectionTask = self.dossier
        earlier: SiteRecord | None = task.site_record_or_none
        provider = getattr(task.subject, "provider", None) if task.subject_id else None
        self.initial.setdefault("place", earlier.place if earlier else (provider.address if provider else ""))
        self.initial.setdefault("begun_at", task.identity_shown_at)
        against = [f"{each.answer.item}：{each.sentence}" for each in contradictions(task)]
        self.fields["text"].help_text = escape(f"⚠ {' '.join(against)}") if against else ""
        if not self.is_bound:
            self.initial.setdefault("text", draft_text(task))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("begun_at"), cleaned.get("ended_at")
        if first and last and first > last:
            self.add_error("ended_at", _("It ends before it begins."))
        if last and last > clock.now() + DRIFT:
            self.add_error("ended_at", _("This moment has not come yet."))
        if shown := before_the_visit(self.dossier, first):
            sentence = _("The certificates were shown at %(shown)s; nothing is inspected before.")
            self.add_error("begun_at", forms.ValidationError(sentence, params={"shown": shown}))
        cleaned["text"] = cleaned.get("text") or draft_text(self.dossier)
        return cleaned


class _OfficersSign(StepForm):
    """Both ends of a record: the officers who sign it, each on the screen, on a scanned page or on paper.

    Cleaned, `officer_signatures` is a list of `{officer, file}`, in their order, of those of whom there is a file.
    """

    officers = OfficersField(label=_("Signed by the officers"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.able = self.dossier.certified(clock.today())
        self.fields["officers"].queryset = User.objects.filter(pk__in=[user.pk for user in self.able])
        self.fields["officers"].initial = [user.pk for user in self.able]
        for user in self.able:
            label = _("Signature of officer %(name)s") % {"name": user.name}
            self.fields[f"signature_{user.pk}"] = SignatureField(label=label, required=False)
        self.order_fields([name for name in self.fields if name != "note"])

    @property
    def pads(self) -> list[str]:
        """The fields that are signed with the finger where there is a screen for it."""
        return [f"signature_{user.pk}" for user in self.able]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {user: cleaned.pop(f"signature_{user.pk}", None) for user in self.able}
        chosen = cleaned.get("officers") or ()
        cleaned["officer_signatures"] = [
            {"officer": user, "file": kept} for user, kept in given.items() if kept and user in chosen
        ]
        return cleaned


class SignForm(SignedForm, _OfficersSign):
    """The party signs: on the screen, on a page that is photographed, or on the printed record (HY-32)."""

    signed = "signature"
    signed_by = forms.CharField(label=_("Signed by"), max_length=60)
    signed_post = forms.CharField(label=pgettext_lazy("signer", "Post"), max_length=60, required=False)
    remarks = long_text(_("The party's remarks"), required=False)
    signature = SignatureField(
        label=_("Signature"),
        required=False,
        help_text=_("A photo of the signed page, where nobody signs on the screen of the on-site page."),
    )
    on_paper = forms.BooleanField(
        label=_("Signed by hand on the printed record"),
        required=False,
        help_text=_("The signed pages go into the paper file; a photo of them may follow as evidence."),
    )

    @property
    def pads(self) -> list[str]:
        return ["signature", *super().pads]

    def unsigned(self) -> Any:
        return _("Nobody has signed yet: on the screen, by a photo, or on paper.")


class RefusalForm(_OfficersSign):
    """The party does not sign: the reason, who witnessed it, and the officers' own signatures (HY-32, PP-16).

    A refusal is noted in the record and the note stands by the officers' hands alone: each of them signs on the screen,
    on a page that is photographed, or on the printed record.
    """

    refused_because = long_text(_("Reason of the refusal"))
    witness = forms.CharField(label=_("Witness"), max_length=60)
    witness_post = forms.CharField(label=_("Witness, of"), max_length=120, required=False)
    witness_signature = SignatureField(label=_("Signature of the witness"), required=False)
    recording = StoredFileField(
        label=_("Recording"), required=False, help_text=_("Sound or picture of the refusal, kept as evidence.")
    )
    on_paper = forms.BooleanField(
        label=_("The officers signed by hand on the printed record"),
        required=False,
        help_text=_("The signed pages go into the paper file; a photo of them may follow as evidence."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name not in ("on_paper", "note")), "on_paper"])

    @property
    def pads(self) -> list[str]:
        return ["witness_signature", *super().pads]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        signed = {each["officer"] for each in cleaned["officer_signatures"]}
        for user in cleaned.get("officers") or ():
            name = f"signature_{user.pk}"
            if user not in signed and not cleaned.get("on_paper") and name in self.fields and name not in self.errors:
                unsigned = _("%(name)s has not signed yet: on the screen, by a photo, or on paper.")
                self.add_error(name, forms.ValidationError(unsigned, params={"name": user.name}))
        return cleaned
