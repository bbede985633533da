"""Forms of a collective discussion and of a legal review (HY-21, PP-44, HY-40, PP-39)."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from supervision.law.values import ratio
from supervision.parties.actors import holders
from supervision.parties.models import Post, User
from supervision.parties.roles import HEADS
from supervision.procedure import clock
from supervision.procedure.forms import StepForm

from ..fields import MemberField, MembersField, PastField, TimeField, is_to_come
from ..models import LegalReview, Vote
from ..selectors import investigators_of
from ..votes import NOT_A_MEMBER, VotesField


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
        known = Q(pk__in=posts.values("user")) | Q(pk__in=investigators)
        people = User.objects.filter(known, is_active=True, is_machine=False)
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
            "%(entitled)s belong to the body that discusses; more than %(share)s of them must be present. "
            "Record what each said; of one who agrees and had nothing to add, say so by the tick."
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
            self.add_error("ended_at", _("The end lies after the beginning."))
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
