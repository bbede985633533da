"""The step forms that procedures share; an app's `forms` module imports those its steps name."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from supervision.law.values import ratio
from supervision.parties.actors import holders
from supervision.parties.models import Post, User
from supervision.parties.roles import HEADS, OFFICERS
from supervision.procedure import clock
from supervision.procedure.forms import StepForm

from .fields import (
    LinesField,
    MemberField,
    MembersField,
    PastField,
    StoredFileField,
    TimeField,
    VerdictField,
    is_before,
    is_to_come,
    long_text,
)
from .models import Evidence, LegalReview, Paper, ServiceOfDocument, Vote
from .selectors import announced_until, investigators_of, newest_paper, officers_in_charge, statements_of
from .votes import NOT_A_MEMBER, VotesField

Method = ServiceOfDocument.Method

# What the law asks of each way: at least one of these fields, else the sentence beside the first.
REQUIREMENTS: Mapping[str, tuple[tuple[tuple[str, ...], Any], ...]] = {
    Method.DIRECT: ((("relation",), _("Say in what relation the recipient stands to the party.")),),
    Method.LEFT: (
        (("witness", "recorded"), _("Leaving it takes a witness, or a recording.")),
        (("reason",), _("Say why receipt was refused.")),
        (("address",), _("Say where it was left.")),
        (("witness_post", "recorded"), _("Say of which unit the witness is.")),
    ),
    Method.MAIL: (
        (("address",), _("Say to which address it was mailed.")),
        (("reference",), _("Give the number on the mail slip.")),
    ),
    Method.ELECTRONIC: (
        (("consent",), _("Electronic service takes the party's signed consent.")),
        (("address",), _("Give the electronic address it arrived at.")),
    ),
    Method.ANNOUNCEMENT: (
        (("reason",), _("Say why it could not be served otherwise.")),
        (("announced_in",), _("Say where it was announced.")),
    ),
}

# What proves each way.
PROOFS: Mapping[str, Any] = {
    Method.DIRECT: _("Attach the certificate the recipient signed, or say that it is in the paper file."),
    Method.LEFT: _("Attach the certificate the witness signed or the recording, or say that it is in the paper file."),
    Method.MAIL: _("Attach the receipt of the post, or say that it is in the paper file."),
    Method.ELECTRONIC: _(
        "Attach the signed consent and the record of arrival, or say that they are in the paper file."
    ),
    Method.ANNOUNCEMENT: _("Attach a copy of the announcement, or say that it is in the paper file."),
}


class ReasonForm(StepForm):
    """A step that needs its reason on record."""

    reason = long_text(_("Reason"), rows=3)


class SignedForm(StepForm):
    """A step that rests on a signed paper: its scan or photo, or the word that the original is in the paper file.

    A name typed in is no signature (HY-32). `signed` names the field of the file, which the subclass declares.
    """

    signed: ClassVar[str] = "document"
    on_paper = forms.BooleanField(
        label=_("The original is in the paper file"),
        required=False,
        help_text=_("A scan or photo of it may follow as evidence."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name not in ("on_paper", "note")]
        names.insert(names.index(self.signed) + 1, "on_paper")
        self.order_fields(names)

    def unsigned(self) -> Any:
        """What is said where there is neither."""
        return _("Attach the signed paper, or say that it is in the paper file.")

    def clean(self) -> dict[str, Any]:
        """The file, or the word that it is on paper."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        if not cleaned.get(self.signed) and not cleaned.get("on_paper") and self.signed not in self.errors:
            self.add_error(self.signed, self.unsigned())
        return cleaned


class WaiverForm(SignedForm):
    """The party's own written words that it waives a right: to state its view, or to be heard (PL-62, PL-63, HY-22)."""

    declared_by = forms.CharField(label=_("Declared by"), max_length=100)
    declared_on = PastField(label=_("Declared on"), initial=clock.today)
    document = StoredFileField(label=_("The signed waiver"), required=False, keeps=Evidence.Kind.DOCUMENTARY)

    def clean_declared_on(self) -> date:
        """Not before the party was told of its right."""
        day: date = self.cleaned_data["declared_on"]
        if self.dossier.notice_served_on and day < self.dossier.notice_served_on:
            raise forms.ValidationError(_("A waiver cannot precede the service of the notice."))
        return day


class ServeForm(SignedForm):
    """How a paper was served, each way with what the law asks of it and what proves it (PP-59, PL-61).

    `served_on` is the day it was handed over, left, received or announced; cleaned, it is the day from which service
    counts, and `acted_on` keeps the former.
    """

    signed = "proof"
    method = forms.ChoiceField(label=_("Way of service"), choices=Method.choices)
    served_on = PastField(
        label=_("Served on"), help_text=_("Day of delivery, of arrival, or on which the announcement was posted.")
    )
    acted_at = TimeField(label=_("Time"), required=False)
    second_server = forms.ModelChoiceField(
        label=_("Served together with"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Left empty, the other officer in charge where there is one."),
    )
    recipient = forms.CharField(label=_("Recipient"), max_length=100, required=False)
    relation = forms.ChoiceField(
        label=_("Relation to the party"), choices=[("", "—"), *ServiceOfDocument.Relation.choices], required=False
    )
    address = forms.CharField(label=_("Place or address"), max_length=300, required=False)
    witness = forms.CharField(label=_("Witness"), max_length=100, required=False)
    witness_post = forms.CharField(label=_("Unit and post of the witness"), max_length=100, required=False)
    recorded = forms.BooleanField(label=_("Recorded in sound or picture"), required=False)
    refused = forms.BooleanField(label=_("The recipient refused to sign"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why receipt was refused, or why it has to be announced."),
    )
    announced_in = forms.CharField(
        label=_("Announced in"),
        max_length=200,
        required=False,
        help_text=_("The website, newspaper or notice board, with address, issue or number."),
    )
    consent = forms.BooleanField(label=_("Signed consent to electronic service is at hand"), required=False)
    reference = forms.CharField(label=_("Mail or message number"), max_length=100, required=False)
    proof = StoredFileField(
        label=_("Proof"),
        required=False,
        keeps=Evidence.Kind.DOCUMENTARY,
        help_text=_("Signed receipt, mail slip, signed consent, photo or recording; kept as evidence."),
    )

    def __init__(self, *args: Any, paper: Paper | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paper = paper or self._awaiting_service()
        self.initial.setdefault("served_on", clock.today())
        self.here = self.actor.authority or self.dossier.authority
        others = Q(pk__in=holders(self.here, OFFICERS | HEADS, clock.today()).values("pk"))
        others |= Q(pk__in=officers_in_charge(self.dossier))
        people = User.objects.filter(others, is_active=True).exclude(  # type: ignore[misc]
            pk=self.actor.user.pk if self.actor.user else None
        )
        self.fields["second_server"].queryset = people.order_by("name", "pk")
        self.initial.setdefault("second_server", self._other_officer())

    def _awaiting_service(self) -> Paper | None:
        """The paper the matter's next step serves, where there is just one such step; the service itself asks again."""
        steps = [step for step in self.dossier.procedure.steps.values() if self.dossier.state in step.sources]
        types = {step.serves for step in steps if step.serves}
        return newest_paper(self.dossier, *types) if len(types) == 1 else None

    def _other_officer(self) -> User | None:
        """The officer in charge beside whoever serves, where there is just one."""
        people: Any = self.fields["second_server"].queryset
        found = list(people.filter(pk__in=officers_in_charge(self.dossier))[:2])
        return found[0] if len(found) == 1 else None

    def unsigned(self) -> Any:
        return PROOFS.get(self.cleaned_data.get("method", "")) or super().unsigned()

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
        self._check_order(day, cleaned.get("acted_at"))
        for names, sentence in REQUIREMENTS.get(method or "", ()):
            if not any(cleaned.get(name) for name in names):
                self.add_error(names[0], sentence)
        if method == Method.DIRECT and cleaned.get("refused"):
            self.add_error("refused", _("When receipt is refused, the paper is left at the address."))
        by_hand = method in (Method.DIRECT, Method.LEFT)
        if by_hand and "second_server" not in self.errors:
            cleaned["second_server"] = cleaned.get("second_server") or self._other_officer()
            if cleaned["second_server"] is None and not self.here.is_agency:
                self.add_error("second_server", _("Two officers serve a paper of the bureau (PL-42): name the other."))
        cleaned["acted_on"] = day
        if day and method == Method.ANNOUNCEMENT:
            cleaned["served_on"] = announced_until(self.dossier, day)
        return cleaned

    def _check_order(self, day: date | None, at: time | None) -> None:
        """Issued, then served, then recorded: by the day, and to the minute where the time is told."""
        if day is None:
            return
        if at is not None and is_to_come(day, at):
            self.add_error("acted_at", _("This time has not come yet."))
        if self.paper is None:
            return
        if day < timezone.localdate(self.paper.issued_at):
            self.add_error("served_on", _("A paper cannot be served before it was issued."))
        elif is_before(day, at, self.paper.issued_at):
            self.add_error("acted_at", _("A paper cannot be served before it was issued."))


class StatementForm(StepForm):
    """What the party says in its defence; an oral statement is written down here as its transcript (HY-22)."""

    made_on = PastField(label=_("Made on"), initial=clock.today)
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
        if self.actor.provider is not None:
            self.initial.setdefault("made_by", self.actor.provider.name)

    def clean_made_on(self) -> date:
        """Not before the party was told what it may answer."""
        day: date = self.cleaned_data["made_on"]
        served_on = getattr(self.dossier, "notice_served_on", None)
        if served_on and day < served_on:
            raise forms.ValidationError(_("A statement cannot precede the service of the notice."))
        return day

    def clean(self) -> dict[str, Any]:
        """Points as a list; without any, the whole statement is one."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        cleaned["points"] = cleaned.get("points") or [cleaned.get("text", "")]
        return cleaned


class LateStatementForm(StatementForm):
    """A statement made or posted in time that arrived after its days were over (HY-22, PP-58)."""

    field_order = ("made_on", "received_on", "proof")
    received_on = PastField(label=_("Received on"), initial=clock.today)
    proof = forms.CharField(
        label=_("Proof of the day"),
        max_length=200,
        help_text=_("How it came and what shows when it was sent: the postmark, the number of the parcel."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_on"].initial = None
        self.fields["made_on"].label = _("Made or posted on")

    def clean_made_on(self) -> date:
        """The step's rule tells the days from which to which it counts, both ends with their article."""
        day: date = self.cleaned_data["made_on"]
        return day

    def clean_received_on(self) -> date:
        """Not before it was made."""
        day: date = self.cleaned_data["received_on"]
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
    """The minutes of a collective discussion: when and where, and of each member the vote and the words (HY-21, PP-44).

    Members are the heads of the acting authority on that day but those who investigated the matter: these report and
    do not vote (PL-57). Cleaned, `entitled` is the number of members, which the quorum is counted from; `attendees`,
    the counts of votes and the `dissent` follow from `votes`, which alone the event keeps.
    """

    unrecorded = frozenset({"attendees", "votes_for", "votes_against", "abstained", "dissent"})
    held_on = PastField(label=_("Held on"), initial=clock.today)
    begun_at = TimeField(label=_("Begun at"))
    ended_at = TimeField(label=_("Ended at"))
    place = forms.CharField(label=_("Place"), max_length=200)
    chair = MemberField(label=_("Chair"), error_messages={"invalid_choice": NOT_A_MEMBER})
    recorder = MemberField(
        label=_("Minutes taken by"), required=False, help_text=_("Left empty, whoever enters the minutes.")
    )
    votes = VotesField(label=_("Votes and opinions"))
    heard = MembersField(
        label=_("Heard without a vote"),
        required=False,
        help_text=_("The investigators who reported, and others asked."),
    )
    resolution = forms.CharField(label=_("Resolution"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = self.actor.authority or self.dossier.authority
        on, investigators = self._day(), investigators_of(self.dossier)
        posts = Post.objects.filter(authority=self.body, valid__contains=on)
        people = User.objects.filter(Q(pk__in=posts.values("user")) | Q(pk__in=investigators), is_active=True)
        people = people.prefetch_related(Prefetch("posts", posts.order_by("pk"), to_attr="held")).order_by("name", "pk")
        members = Q(pk__in=holders(self.body, HEADS, on).values("pk")) & ~Q(pk__in=investigators)
        self.members = people.filter(members)
        fields: dict[str, Any] = self.fields
        fields["chair"].queryset, fields["recorder"].queryset = self.members, people
        fields["heard"].queryset, fields["heard"].investigators = people.exclude(members), investigators
        self.by_key = {str(person.pk): person for person in self.members}
        fields["votes"].offer(
            {key: person.name for key, person in self.by_key.items()},
            {key: fields["chair"].label_from_instance(person) for key, person in self.by_key.items()},
        )
        share = self._quorum(on)
        fields["votes"].help_text = _(
            "%(entitled)s belong to the body that discusses; more than %(share)s of them must be present."
        ) % {"entitled": len(self.by_key), "share": f"{share:.0%}"}

    def _day(self) -> date:
        """The day the minutes name, today as long as they name none."""
        try:
            day: date = self.fields["held_on"].clean(self["held_on"].value())
        except forms.ValidationError:
            return clock.today()
        return day

    def clean(self) -> dict[str, Any]:
        """What follows from the votes; those present make a quorum of the members."""
        cleaned: dict[str, Any] = {**(super().clean() or {}), "entitled": len(self.by_key)}
        cleaned["heard"] = list(cleaned.get("heard") or ())
        cleaned["recorder"] = cleaned.get("recorder") or self.actor.user
        self._check_hours(cleaned.get("held_on"), cleaned.get("begun_at"), cleaned.get("ended_at"))
        votes = cleaned.get("votes")
        if votes is None:
            return cleaned
        attendees = [self.by_key[key] for key in votes]
        if cleaned.get("chair") and cleaned["chair"] not in attendees:
            self.add_error("chair", _("The chair must be among those who attended."))
        if (day := cleaned.get("held_on")) and len(attendees) <= len(self.by_key) * self._quorum(day):
            self.add_error("votes", _("Too few members attended for a quorum."))
        cast = [row["vote"] for row in votes.values()]
        against = [row for row in votes.values() if row["vote"] == Vote.Choice.AGAINST]
        return {
            **cleaned,
            "attendees": attendees,
            "votes_for": cast.count(Vote.Choice.FOR),
            "votes_against": len(against),
            "abstained": cast.count(Vote.Choice.ABSTAINED),
            "dissent": "\n".join(f"{row['name']}：{row['opinion']}" for row in against),
        }

    def _check_hours(self, day: date | None, begun: time | None, ended: time | None) -> None:
        """It began before it ended, and minutes are of a discussion that is over."""
        if begun and ended and ended <= begun:
            self.add_error("ended_at", _("This lies before it began."))
        for name, at in (("begun_at", begun), ("ended_at", ended)):
            if day and at and name not in self.errors and is_to_come(day, at):
                self.add_error(name, _("This time has not come yet."))

    def _quorum(self, on: date) -> Decimal:
        return ratio("HY-21/quorum", scope=self.body.scope, on=on)


class LegalReviewForm(StepForm):
    """The opinion of a legal review, always in words: agreement too says on what it rests (PP-39)."""

    opinion = forms.ChoiceField(label=_("Opinion"), choices=[("", "—"), *LegalReview.Opinion.choices])
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was examined, and what has to be done where the opinion is not agreement."),
    )
