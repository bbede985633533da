"""The shape of what the steps of plans and draws are told; page, API and services share it."""

from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.draws.algorithm import CONTRIBUTION_MIN_LENGTH, DrawError, contribution_hash
from inspections.draws.models import PERCENT, DrawInspector, DrawTarget, DrawWitness, YearPlan
from inspections.draws.plan_procedure import RISKS
from supervision.law.values import integer, value
from supervision.parties.actors import holders
from supervision.parties.models import User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.forms import StepForm
from supervision.web.forms import DateTimeInput

SHA256 = r"^[0-9a-f]{64}$"


class WitnessChoice(forms.ModelMultipleChoiceField):
    """People who hold the post of a draw witness at the authority."""

    def label_from_instance(self, user: Any) -> str:
        return str(user.name)


class PlanForm(StepForm):
    """A year's plan. Rates begin with those in force and may be raised, not lowered, when it is adopted."""

    title = forms.CharField(label=_("Name of the plan"), max_length=200)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    rate_high = forms.DecimalField(label=_("Rate, high risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    rate_medium_high = forms.DecimalField(
        label=_("Rate, medium-high risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT
    )
    rate_medium = forms.DecimalField(
        label=_("Rate, medium risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT
    )
    rate_low = forms.DecimalField(label=_("Rate, low risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    floor = forms.IntegerField(
        label=_("At least per class and draw"),
        min_value=0,
        max_value=1000,
        initial=1,
        help_text=_("However small the class and its rate."),
    )
    inspectors_each = forms.IntegerField(label=_("Inspectors per target"), min_value=1, max_value=9)
    months = forms.TypedMultipleChoiceField(
        label=_("Months of the draws"),
        coerce=int,
        choices=[(number, f"{number:02}") for number in range(1, 13)],
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=28,
        initial=15,
        help_text=_("A day off moves the draw to the next working day."),
    )
    time = forms.TimeField(
        label=_("Time of the draw"),
        initial=time(9),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    open_days = forms.IntegerField(
        label=_("Days from opening to the draw"),
        min_value=1,
        max_value=60,
        initial=10,
        help_text=_("Witnesses hand in their contributions meanwhile."),
    )
    freeze_days = forms.IntegerField(
        label=_("Days from freezing the rolls to the draw"),
        min_value=1,
        max_value=30,
        initial=3,
        help_text=_("The commitment is announced once the rolls are frozen and every witness has committed."),
    )
    witnesses = WitnessChoice(label=_("Witnesses"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    public_source = forms.CharField(
        label=_("Public value"),
        max_length=120,
        required=False,
        help_text=_("Such as a lottery drawn on the day; it makes the draw strong, and an officer has to record it."),
    )
    include_below = forms.BooleanField(label=_("Draw officers of lower authorities too"), required=False)
    once_a_year = forms.BooleanField(
        label=_("Leave out who was drawn before in this plan"), required=False, initial=True
    )
    publish_days = forms.IntegerField(
        label=_("Days from the draw to its publication"),
        min_value=0,
        max_value=28,
        initial=0,
        help_text=_("0 publishes at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authority, today = self.dossier.authority, clock.today()
        self.fields["witnesses"].queryset = holders(authority, [Role.WITNESS], today).order_by("name", "pk")
        self.fields["witnesses"].help_text = _(
            "A plan is adopted with at least %(n)s. Whoever is missing here is given the post by the security "
            "administrator."
        ) % {"n": integer("DR-3/witnesses", scope=authority.scope, on=today)}
        if self.dossier.pk:
            for field in YearPlan._meta.local_concrete_fields:
                if field.name in self.fields:
                    self.fields[field.name].initial = getattr(self.dossier, field.name)
            self.fields["title"].initial = self.dossier.title
            self.fields["witnesses"].initial = self.dossier.witness_ids
            return
        for risk in RISKS:
            in_force = value(f"DR-1/rate_{risk}", scope=authority.scope, on=today).value
            self.fields[f"rate_{risk}"].initial = f"{in_force.normalize():f}"
        self.fields["inspectors_each"].initial = integer("DR-2/officers", scope=authority.scope, on=today)
        self.fields["year"].initial = today.year

    def clean_inspectors_each(self) -> int:
        """DR-2: no fewer than the law asks for."""
        each: int = self.cleaned_data["inspectors_each"]
        least = integer("DR-2/officers", scope=self.dossier.authority.scope, on=clock.today())
        if each < least:
            raise forms.ValidationError(_("The law asks for at least %(n)s inspectors per check.") % {"n": least})
        return each

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("freeze_days", 0) > cleaned.get("open_days", 60):
            self.add_error("freeze_days", _("The rolls cannot be frozen before the draw is opened."))
        year, months, day = cleaned.get("year"), cleaned.get("months"), cleaned.get("day")
        if year and months and day and date(year, max(months), day) < clock.today():
            self.add_error("months", _("Every draw of this plan would lie in the past."))
        return cleaned


class ReasonForm(StepForm):
    """Why; it is kept and, for an announced draw, published."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class CommitForm(StepForm):
    """A witness's contribution: sealed here as text, or held with only its hash handed in."""

    unrecorded: ClassVar[frozenset[str]] = frozenset({"contribution"})

    mode = forms.ChoiceField(
        label=_("How"),
        choices=DrawWitness.Mode.choices,
        widget=forms.RadioSelect,
        help_text=_("A held contribution makes the draw strong; you must then reveal it before the draw."),
    )
    contribution = forms.CharField(
        label=_("Contribution"),
        max_length=500,
        required=False,
        help_text=_("At least 16 characters nobody can guess; only when sealed here."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sha256 = forms.RegexField(
        SHA256,
        label=_("Hash of the contribution"),
        required=False,
        strip=True,
        error_messages={"invalid": _("The hash has 64 hexadecimal characters: 0 to 9 and a to f.")},
        help_text=_("64 hexadecimal characters; only when you hold the text yourself."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        contribution = cleaned.get("contribution", "")
        if cleaned.get("mode") == DrawWitness.Mode.HELD:
            if contribution:
                self.add_error("contribution", _("Do not hand in a text you mean to hold."))
            if not cleaned.get("sha256") and "sha256" not in self.errors:
                self.add_error("sha256", _("Hand in the hash of the text you hold."))
        elif cleaned.get("mode") == DrawWitness.Mode.SEALED:
            cleaned["sha256"] = self._hash("contribution", contribution)
        return cleaned

    def _hash(self, field: str, contribution: str) -> str:
        try:
            return contribution_hash(contribution)
        except DrawError:
            self.add_error(
                field,
                _("At least %(least)s characters, without line breaks.") % {"least": CONTRIBUTION_MIN_LENGTH},
            )
            return ""


class RevealForm(StepForm):
    """The text a witness held. It stays encrypted until all are opened together."""

    unrecorded: ClassVar[frozenset[str]] = frozenset({"contribution"})

    contribution = forms.CharField(
        label=_("Contribution"),
        max_length=500,
        strip=False,
        help_text=_("Exactly the text whose hash you handed in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PostponeForm(StepForm):
    """A later moment for a draw that is not announced yet."""

    draw_at = forms.DateTimeField(label=_("New moment of the draw"), widget=DateTimeInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_draw_at(self) -> Any:
        moment = self.cleaned_data["draw_at"]
        if moment <= clock.now():
            raise forms.ValidationError(_("The draw must lie ahead."))
        return moment


class AnnounceForm(StepForm):
    """Nothing is asked: the moment and the day of the draw are read from the clock and the draw."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {**cleaned, "announced_at": clock.now(), "draw_on": self.dossier.draw_day}


class PublicValueForm(StepForm):
    """What the announced public source gave on its day."""

    public_value = forms.CharField(label=_("Public value"), max_length=200)
    evidence = forms.CharField(
        label=_("Where it can be looked up"), max_length=300, help_text=_("Issue number or bulletin.")
    )


class TasksForm(StepForm):
    """How many inspection tasks the draw led to."""

    tasks = forms.IntegerField(label=_("Inspection tasks"), min_value=0)


class ReplaceTargetForm(StepForm):
    """A drawn target that cannot be inspected, and why."""

    target = forms.ModelChoiceField(label=_("Drawn target"), queryset=DrawTarget.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = DrawTarget.objects.filter(draw=self.dossier.pk, standing=True).select_related("provider")
        field = self.fields["target"]
        field.queryset = standing
        field.label_from_instance = lambda target: f"{target.provider.name}（{target.code}）"


class ReplaceInspectorForm(StepForm):
    """An inspector drawn for a target who has to withdraw, and why."""

    inspector = forms.ModelChoiceField(label=_("Drawn inspector"), queryset=DrawInspector.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["inspector"]
        field.queryset = (
            DrawInspector.objects.filter(target__draw=self.dossier.pk, target__standing=True, standing=True)
            .select_related("user", "target__provider")
            .order_by("target__ticket", "place")
        )
        field.label_from_instance = lambda one: f"{one.certificate} {one.user} — {one.target.provider.name}"


class AfreshForm(forms.Form):
    """When the draw that follows a void one takes place."""

    draw_at = forms.DateTimeField(label=_("Moment of the draw"), widget=DateTimeInput)

    clean_draw_at = PostponeForm.clean_draw_at


class SupplementForm(AfreshForm):
    """A supplementary draw: how many more of each class, when, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    high = forms.IntegerField(label=_("High risk"), min_value=0, initial=0)
    medium_high = forms.IntegerField(label=_("Medium-high risk"), min_value=0, initial=0)
    medium = forms.IntegerField(label=_("Medium risk"), min_value=0, initial=0)
    low = forms.IntegerField(label=_("Low risk"), min_value=0, initial=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(risk) for risk in RISKS):
            raise forms.ValidationError(_("Say how many to draw in at least one class."))
        return cleaned
