"""The forms of a dispute, its mediation and the reversal (HY-25, HY-26)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import holders
from supervision.parties.models import Certificate, User
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.records.fields import DayField, PastField, StoredFileField, long_text
from supervision.records.models import Evidence

from .disputes import MEDIATORS
from .measures import BINDING, Outcome, Route

AGREED = (Outcome.UPHELD, Outcome.CHANGED, Outcome.REVOKED)
BEFORE_SERVICE = _("This lies before the decision was served.")


class _AfterService(StepForm):
    """What can only happen once the decision was served."""

    def not_before_service(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        served = self.dossier.decision_served_on
        if served and day < served:
            raise forms.ValidationError(BEFORE_SERVICE)
        return day


class MediationRequestForm(_AfterService):
    """What the party asks of the bureau; it is the party itself that asks."""

    claim = long_text(_("What you ask for, and why"))


class DisputeForm(_AfterService):
    """A dispute as the agency learns of it (HY-25)."""

    route = forms.ChoiceField(label=_("Route"), choices=Route.choices)
    raised_on = DayField(label=_("Raised on"))
    raised_by = forms.CharField(label=_("Raised by"), max_length=200)
    claim = long_text(_("What is asked for, and why"))
    body = forms.CharField(
        label=_("Reconsideration organ or court"),
        max_length=200,
        required=False,
        help_text=_("Where the party applied for reconsideration or sued."),
    )

    def clean_raised_on(self) -> date:
        return self.not_before_service("raised_on")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        if cleaned.get("route") in BINDING and not cleaned.get("body"):
            self.add_error("body", _("Name the organ or the court."))
        return cleaned


class MediatorForm(_AfterService):
    """Who presides over the mediation: of the bureau, certified, and without a hand in the case (HY-26)."""

    mediator = forms.ModelChoiceField(
        label=_("Mediator"),
        queryset=User.objects.none(),
        help_text=_("Certified officers of the bureau who took no part in this case."),
    )
    qualification = long_text(_("Legal and professional knowledge, and experience"))
    accepted_on = DayField(label=_("Accepted on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.actor.authority is None:
            return
        today = clock.today()
        kinds = (Certificate.Kind.ENFORCEMENT, Certificate.Kind.LEGAL)
        certified = Certificate.objects.filter(kind__in=kinds, valid__contains=today).values("user")
        took_part = self.dossier.events.filter(user__isnull=False).values("user")
        fit = holders(self.actor.authority, MEDIATORS, today).filter(pk__in=certified).exclude(pk__in=took_part)
        self.fields["mediator"].queryset = fit.order_by("name", "pk")

    def clean_accepted_on(self) -> date:
        return self.not_before_service("accepted_on")


class MediationAgreementForm(_AfterService):
    """The agreement both sides sign with the mediator; without every signature it is none (HY-26)."""

    outcome = forms.ChoiceField(label=_("Agreed"), choices=[(one.value, one.label) for one in AGREED])
    result = long_text(_("Facts, and what was agreed"))
    settled_on = DayField(label=_("Signed on"))
    signed_by_party = forms.CharField(label=_("Signed for the party"), max_length=100)
    signed_by_agency = forms.CharField(label=_("Signed for the agency"), max_length=100)

    def clean_settled_on(self) -> date:
        return self.not_before_service("settled_on")


class OutcomeForm(_AfterService):
    """What was negotiated, or decided by the reconsideration organ or the court (HY-25)."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[(one.value, one.label) for one in (*AGREED, Outcome.WITHDRAWN, Outcome.FAILED)]
    )
    settled_on = DayField(label=_("Ended on"))
    result = long_text(_("What was decided or agreed"))
    reference = forms.CharField(
        label=_("Number of the reconsideration decision or judgment"), max_length=100, required=False
    )
    document = StoredFileField(label=_("The document"), required=False, keeps=Evidence.Kind.DOCUMENTARY)

    def clean_settled_on(self) -> date:
        return self.not_before_service("settled_on")

    def clean(self) -> dict[str, Any]:
        """A decision of others is named by its number; only an agreement can fail."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        dispute, outcome = self.dossier.dispute, cleaned.get("outcome")
        if dispute is None:
            return cleaned
        if dispute.route in BINDING and outcome in AGREED and not cleaned.get("reference"):
            self.add_error("reference", _("Name the decision or judgment by its number."))
        if dispute.route in BINDING and outcome == Outcome.FAILED:
            self.add_error("outcome", _("Only a negotiation ends without agreement."))
        return cleaned


class ReversalForm(_AfterService):
    """As of which day the decision binds no longer, and why; the first day is that of its service."""

    effective_on = PastField(
        label=_("Undone as of"),
        help_text=_("The day the decision was served where it is undone from the beginning."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("effective_on", self.dossier.decision_served_on)

    def clean_effective_on(self) -> date:
        return self.not_before_service("effective_on")
