"""The form of a service: how a paper reached its party, each way with what the law asks of it (PP-59, PL-61)."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import holders
from supervision.parties.models import User
from supervision.parties.roles import HEADS, OFFICERS
from supervision.procedure import clock

from ..fields import PastField, StoredFileField, TimeField, is_before, is_to_come
from ..models import Evidence, Paper, ServiceOfDocument
from ..selectors import announced_until, newest_paper, officers_in_charge
from .signed import SignedForm

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
                self.add_error(
                    "second_server",
                    _("Two officers serve a paper of the bureau (Penalty Law art. 42): name the other."),
                )
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
