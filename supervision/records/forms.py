"""The step forms that procedures share; an app's `forms` module imports those its steps name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from supervision.law.values import ratio
from supervision.parties.models import Post, User
from supervision.procedure import clock
from supervision.procedure.forms import StepForm

from .fields import DateField, LinesField, MembersField, StoredFileField, VerdictField
from .models import LegalReview, Paper, ServiceOfDocument
from .selectors import announced_until, investigators_of, statements_of

Method = ServiceOfDocument.Method

# What the law asks of each way: at least one of these fields, else the sentence beside the first.
REQUIREMENTS: Mapping[str, tuple[tuple[tuple[str, ...], Any], ...]] = {
    Method.DIRECT: ((("relation",), _("Say in what relation the recipient stands to the party.")),),
    Method.LEFT: (
        (("witness", "recorded"), _("Leaving it takes a witness, or a recording.")),
        (("reason",), _("Say why receipt was refused.")),
        (("address",), _("Say where it was left.")),
    ),
    Method.MAIL: (
        (("address",), _("Say to which address it was mailed.")),
        (("reference",), _("Give the number on the mail slip.")),
    ),
    Method.ELECTRONIC: (
        (("consent",), _("Electronic service takes the party's signed consent.")),
        (("address",), _("Give the electronic address it arrived at.")),
    ),
    Method.ANNOUNCEMENT: ((("reason",), _("Say why it could not be served otherwise.")),),
}


class ServeForm(StepForm):
    """How a paper was served, each way with what the law asks of it (PP-59, PL-61).

    `served_on` is the day it was handed over, left, received or announced; cleaned, it is the day from which service
    counts, and `acted_on` keeps the former.
    """

    method = forms.ChoiceField(label=_("Way of service"), choices=Method.choices)
    served_on = DateField(
        label=_("Served on"), help_text=_("Day of delivery, of arrival, or on which the announcement was posted.")
    )
    recipient = forms.CharField(label=_("Recipient"), max_length=100, required=False)
    relation = forms.ChoiceField(
        label=_("Relation to the party"), choices=[("", "—"), *ServiceOfDocument.Relation.choices], required=False
    )
    address = forms.CharField(label=_("Place or address"), max_length=300, required=False)
    witness = forms.CharField(label=_("Witness"), max_length=100, required=False)
    recorded = forms.BooleanField(label=_("Recorded in sound or picture"), required=False)
    refused = forms.BooleanField(label=_("The recipient refused to sign"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why receipt was refused, or why it has to be announced."),
    )
    consent = forms.BooleanField(label=_("Signed consent to electronic service is at hand"), required=False)
    reference = forms.CharField(label=_("Mail or message number"), max_length=100, required=False)
    proof = StoredFileField(
        label=_("Proof"),
        required=False,
        help_text=_("Signed receipt, mail slip, signed consent, photo or recording; kept as evidence."),
    )

    def __init__(self, *args: Any, paper: Paper | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paper = paper
        self.initial.setdefault("served_on", clock.today())

    def clean(self) -> dict[str, Any]:
        """Ask of each way what the law asks of it, and count the day of service."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        day: date | None = cleaned.get("served_on")
        method = cleaned.get("method")
        # Who takes a paper out of the server's hand is somebody, and named (PP-59).
        if not cleaned.get("recipient") and self.dossier.subject is not None and method != Method.DIRECT:
            cleaned["recipient"] = self.dossier.subject.name
        if not cleaned.get("recipient"):
            self.add_error("recipient", _("Say who received it."))
        if day and day > clock.today():
            self.add_error("served_on", _("This day has not come yet."))
        elif day and self.paper is not None and day < timezone.localdate(self.paper.issued_at):
            self.add_error("served_on", _("A paper cannot be served before it was issued."))
        for names, sentence in REQUIREMENTS.get(method or "", ()):
            if not any(cleaned.get(name) for name in names):
                self.add_error(names[0], sentence)
        if method == Method.DIRECT and cleaned.get("refused"):
            self.add_error("refused", _("When receipt is refused, the paper is left at the address."))
        cleaned["acted_on"] = day
        if day and method == Method.ANNOUNCEMENT:
            cleaned["served_on"] = announced_until(self.dossier, day)
        return cleaned


class StatementForm(StepForm):
    """What the party says in its defence; an oral statement is written down here as its transcript (HY-22)."""

    made_on = DateField(label=_("Made on"))
    made_by = forms.CharField(label=_("Made by"), max_length=100)
    oral = forms.BooleanField(label=_("Oral; this is the transcript"), required=False)
    text = forms.CharField(label=_("Statement"), max_length=20000, widget=forms.Textarea(attrs={"rows": 6}))
    points = LinesField(
        label=_("Points"),
        required=False,
        help_text=_("One point a line; each is answered on its own. Left empty, the statement is one point."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("made_on", clock.today())
        if self.actor.provider is not None:
            self.initial.setdefault("made_by", self.actor.provider.name)

    def clean_made_on(self) -> date:
        day: date = self.cleaned_data["made_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """Points as a list; without any, the whole statement is one."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        cleaned["points"] = cleaned.get("points") or [cleaned.get("text", "")]
        return cleaned


class LateStatementForm(StatementForm):
    """A statement made or posted in time that arrived after its days were over (HY-22, PP-58)."""

    field_order = ("made_on", "received_on", "proof")
    received_on = DateField(label=_("Received on"))
    proof = forms.CharField(
        label=_("Proof of the day"),
        max_length=200,
        help_text=_("How it came and what shows when it was sent: the postmark, the number of the parcel."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.initial["made_on"]
        self.fields["made_on"].label = _("Made or posted on")
        self.initial.setdefault("received_on", clock.today())

    def clean_received_on(self) -> date:
        """Not before it was made, and no day to come."""
        day: date = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        if (made := self.cleaned_data.get("made_on")) and day < made:
            raise forms.ValidationError(_("It cannot have arrived before it was made."))
        return day


class AnswerStatementForm(StepForm):
    """An answer to every point still open, and whether it is accepted: `answer_<point>`, `accepted_<point>`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_points = [
            point
            for statement in statements_of(self.dossier)
            for point in statement.points.all()
            if not point.is_answered
        ]
        for number, point in enumerate(self.open_points, start=1):
            self.fields[f"answer_{point.pk}"] = forms.CharField(
                label=_("Answer %(number)s") % {"number": number},
                help_text=escape(point.text),  # shown as markup by the field's template
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"accepted_{point.pk}"] = VerdictField(label=_("Point %(number)s is") % {"number": number})
        self.order_fields([name for name in self.fields if name != "note"])


class DeliberationForm(StepForm):
    """The minutes of a collective discussion: who attended, how they voted, who dissented (HY-21, PP-44)."""

    held_on = DateField(label=_("Held on"))
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=User.objects.none())
    attendees = MembersField(label=_("Attended by"))
    entitled = forms.IntegerField(label=_("Members entitled to attend"), min_value=1, max_value=500)
    votes_for = forms.IntegerField(label=_("Votes for"), min_value=0, max_value=500)
    votes_against = forms.IntegerField(label=_("Votes against"), min_value=0, max_value=500, initial=0)
    abstained = forms.IntegerField(label=_("Abstentions"), min_value=0, max_value=500, initial=0)
    resolution = forms.CharField(label=_("Resolution"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    dissent = forms.CharField(
        label=_("Dissent"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, body = clock.today(), self.actor.authority
        posts = Post.objects.filter(authority=body, valid__contains=today)
        people = User.objects.filter(is_active=True, pk__in=posts.values("user")) if body else User.objects.none()
        people = people.prefetch_related(Prefetch("posts", posts.order_by("pk"), to_attr="held")).order_by("name", "pk")
        self.fields["chair"].queryset = people  # type: ignore[attr-defined]
        members: Any = self.fields["attendees"]
        members.queryset, members.investigators = people, investigators_of(self.dossier)
        share = ratio("HY-21/quorum", scope=(body or self.dossier.authority).scope, on=today)
        self.fields["entitled"].help_text = _(
            "All who belong to the body that discusses; more than %(share)s of them must be present."
        ) % {"share": f"{share:.0%}"}
        self.initial.setdefault("held_on", today)

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """Votes fit those present, those present fit those entitled, and there was a quorum."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        attendees, entitled, held_on = (cleaned.get(name) for name in ("attendees", "entitled", "held_on"))
        if attendees is None:
            return cleaned
        present = len(attendees)
        if cleaned.get("chair") and cleaned["chair"] not in attendees:
            self.add_error("chair", _("The chair must be among those who attended."))
        votes = sum(cleaned.get(name) or 0 for name in ("votes_for", "votes_against", "abstained"))
        if votes > present:
            self.add_error("votes_for", _("There are more votes than members present."))
        if cleaned.get("votes_against") and not cleaned.get("dissent"):
            self.add_error("dissent", _("Record what those who voted against said."))
        if entitled and present > entitled:
            self.add_error("entitled", _("More members attended than are entitled to."))
        elif entitled and held_on:
            body = self.actor.authority or self.dossier.authority
            if present <= entitled * ratio("HY-21/quorum", scope=body.scope, on=held_on):
                self.add_error("attendees", _("Too few members attended for a quorum."))
        return cleaned


class LegalReviewForm(StepForm):
    """The opinion of a legal review; anything but agreement says why (PP-39)."""

    opinion = forms.ChoiceField(label=_("Opinion"), choices=[("", "—"), *LegalReview.Opinion.choices])
    reasons = forms.CharField(
        label=_("Reasons"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean(self) -> dict[str, Any]:
        """Reasons are needed unless the reviewer agrees."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        if cleaned.get("opinion") not in (None, LegalReview.Opinion.AGREE) and not cleaned.get("reasons"):
            self.add_error("reasons", _("Say what has to be done, and why."))
        return cleaned
