"""What is seen on the spot: answers to the checklist, photos, findings and their evidence (HY-32, HY-37)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from supervision.law.catalogue import rule
from supervision.parties.models import Practitioner, ProviderDepartment
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.amounts import AmountField
from supervision.records.fields import EvidenceField, PastField, StoredFileField, long_text
from supervision.records.selectors import citable

from ...parties import PractitionersField
from ..acts import choices_of, every_choice
from ..contradictions import acts_in_order
from ..models import Answer, ChecklistItem, Finding
from .moments import before_the_visit, moment, not_to_come


class ChecklistForm(StepForm):
    """Answers, as many as are known: `answer_<item code>` with `note_`, `expected_` and `counted_`.

    Where the number counted is not the one in the books, or faults were counted, an item is in order only with words
    that say why.

    `seen_<item code>` may tell the version of the kept answer that the officer had in sight, '' for none: where another
    was given meanwhile, this one is not taken before the officer was told of it. `told_of` then has its version.

    Cleaned value: `answers`, a list of `{item, answer, note, expected, counted, text}` of those that differ from what
    is kept already; `text` says it in words.
    """

    FACTS = ("answer", "note", "expected", "counted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(self.dossier.checklist.items.all())
        self.kept = {answer.item.code: answer for answer in self.dossier.answers.select_related("item", "by")}
        self.told_of: dict[str, str] = {}
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
                self._tell_of_a_newer(item, held)
                answers.append({"item": item.code, **given, "text": _in_words(item, given)})
        return {"answers": answers, "note": said.get("note", "")}

    def _tell_of_a_newer(self, item: ChecklistItem, held: Answer | None) -> None:
        """An answer that another device gave meanwhile is not written over by one that was given without knowing it."""
        seen = self.data.get(f"seen_{item.code}")
        if seen is None or held is None or seen == held.version:
            return
        self.told_of[item.code] = held.version
        given = {name: getattr(held, name) for name in self.FACTS}
        sentence = _("Answered meanwhile by %(by)s at %(at)s: %(said)s. Choose again if yours is to stand instead.")
        told = {"by": held.by, "at": f"{timezone.localtime(held.at):%H:%M}", "said": _said(given)}
        self.add_error(f"answer_{item.code}", forms.ValidationError(sentence, params=told))


def _in_words(item: ChecklistItem, given: dict[str, Any]) -> str:
    """An answer as the history of the matter tells it."""
    return f"{item.text}：{_said(given)}"


def _said(given: dict[str, Any]) -> str:
    said = [str(Answer.Answer(given["answer"]).label)]
    if given["counted"] is not None:
        said.append(f"{'—' if given['expected'] is None else given['expected']} / {given['counted']}")
    return " ".join([*said, given["note"] or ""]).strip()


class PhotoForm(StepForm):
    """A photo or recording made on the spot, and the item it shows; what was made before is other evidence (HY-34)."""

    item = forms.ModelChoiceField(
        label=_("Checklist item"), queryset=ChecklistItem.objects.none(), to_field_name="code", required=False
    )
    file = StoredFileField(label=_("Photo"))
    taken_at = moment(_("Taken at"), initial=clock.now)
    caption = forms.CharField(label=_("What it shows"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = self.dossier.checklist.items.all()

    def clean_taken_at(self) -> datetime:
        taken_at = not_to_come(self.cleaned_data["taken_at"])
        if shown := before_the_visit(self.dossier, taken_at):
            sentence = _(
                "The inspection began at %(shown)s, when the certificates were shown. What was taken before is no "
                "photo of it: enter it on the page of the matter, as evidence with its own source."
            )
            raise forms.ValidationError(sentence, params={"shown": shown})
        return taken_at


class FindingForm(StepForm):
    """Conduct found: the act or the agreement's clause, persons, sum, fund, period."""

    act = forms.ChoiceField(label=_("Act"), required=False, choices=every_choice)
    clause = forms.CharField(label=_("Clause of the agreement"), max_length=120, required=False)
    description = long_text(_("What was found"), rows=4)
    persons = forms.IntegerField(label=_("Persons concerned"), min_value=0, max_value=1_000_000, initial=0)
    amount = AmountField(label=_("Amount (yuan)"), initial="0.00")
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
        self.fields["act"].help_text = self._said_in_order()
        self.fields["evidence"].queryset = citable(self.dossier)
        self.fields["department"].queryset = ProviderDepartment.objects.filter(provider=subject.pk if subject else None)
        self.fields["practitioners"].queryset = Practitioner.objects.filter(
            employments__provider=subject.pk if subject else None
        ).distinct()

    def _said_in_order(self) -> str:
        """Which acts the checklist says are in order: a finding of one speaks against it, and the record says so."""
        offered = dict(self.fields["act"].choices)
        acts = [str(rule(act).article) for act in acts_in_order(self.dossier) if act in offered]
        sentence = _(
            "The checklist says that these are in order: %(acts)s. Where a finding speaks against it, correct the "
            "answer; otherwise the record tells of the contradiction."
        )
        return f"⚠ {sentence % {'acts': '、'.join(acts)}}" if acts else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("act") and not cleaned.get("clause"):
            self.add_error("act", _("Name the act, or the clause of the agreement."))
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and first > last:
            self.add_error("period_to", _("The period ends before it begins."))
        return cleaned


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
