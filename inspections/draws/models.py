"""Plans, draws, their frozen rolls, witnesses and results (HY-31, DR).

What was announced cannot be altered afterwards: triggers of migration ``0002_draws`` refuse it whoever
asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.draws.plan_procedure import PlanProcedure
from inspections.draws.procedure import DrawProcedure
from supervision.parties.crypto import EncryptedTextField
from supervision.parties.models import Provider, User
from supervision.procedure.models import Dossier
from supervision.workdays.services import calendar

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


@dataclass(frozen=True)
class Moment:
    """When one draw of a plan is opened, its rolls frozen, and its lots drawn."""

    number: int
    opens_at: datetime
    freeze_at: datetime
    draw_at: datetime


class YearPlan(PlanProcedure, Dossier):
    """A year's random checks of one authority: rates by risk class, calendar, witnesses.

    Rates are percent of a class in the year; each draw takes its share of it, but never fewer than
    ``floor`` of a class.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    rate_low = models.DecimalField(_("rate, low risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    rate_medium = models.DecimalField(_("rate, medium risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    rate_medium_high = models.DecimalField(
        _("rate, medium-high risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT
    )
    rate_high = models.DecimalField(_("rate, high risk (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    floor = models.PositiveSmallIntegerField(
        _("at least per class and draw"), default=1, help_text=_("However small the class and its rate.")
    )
    inspectors_each = models.PositiveSmallIntegerField(_("inspectors per target"), default=2)
    include_below = models.BooleanField(
        _("officers of lower authorities too"),
        default=False,
        help_text=_("Each within the areas of the own authority or certificate."),
    )
    once_a_year = models.BooleanField(
        _("leave out who was drawn before"), default=True, help_text=_("Within this plan, so that coverage grows.")
    )
    months = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("months of the draws"))
    day = models.PositiveSmallIntegerField(
        _("day of the month"),
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("A day off moves the draw to the next working day."),
    )
    time = models.TimeField(_("time of the draw"))
    open_days = models.PositiveSmallIntegerField(
        _("days from opening to the draw"), default=10, help_text=_("Witnesses hand in their contributions meanwhile.")
    )
    freeze_days = models.PositiveSmallIntegerField(
        _("days from freezing the rolls to the draw"),
        default=3,
        help_text=_("The commitment is announced as soon as the rolls are frozen and every witness has committed."),
    )
    public_source = models.CharField(
        _("public value"),
        max_length=120,
        blank=True,
        help_text=_("Such as a lottery drawn on the day; it makes the draw strong, and an officer has to record it."),
    )
    publish_days = models.PositiveSmallIntegerField(
        _("days from the draw to its publication"), default=0, help_text=_("0 publishes at once.")
    )

    class Meta:
        verbose_name = _("random-check plan")
        verbose_name_plural = _("random-check plans")
        constraints = (
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=28), name="plan_day_in_every_month"),
            models.CheckConstraint(
                condition=Q(open_days__gte=models.F("freeze_days")), name="plan_opens_before_it_freezes"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def rate_of(self, risk: str) -> Decimal:
        """Percent of a risk class to be drawn in the year."""
        rate: Decimal = getattr(self, f"rate_{risk}")
        return rate

    def take_over(self, facts: dict[str, Any]) -> None:
        """Set the plan's own columns from the facts of its form."""
        for field in self._meta.local_concrete_fields:
            if field.name in facts:
                setattr(self, field.name, facts[field.name])
        self.title = facts.get("title", self.title)

    @cached_property
    def witness_ids(self) -> list[int]:
        """Users who witness the plan's draws, in the order in which they enter the seed."""
        return list(self.witnesses.order_by("place").values_list("user_id", flat=True))

    def moments(self) -> Iterator[Moment]:
        """The calendar of the year; a draw never falls on a day off."""
        for number, month in enumerate(sorted(set(self.months)), start=1):
            day = calendar().next_working(date(self.year, month, self.day))
            draw_at = timezone.make_aware(datetime.combine(day, self.time))
            yield Moment(
                number=number,
                opens_at=draw_at - timedelta(days=self.open_days),
                freeze_at=draw_at - timedelta(days=self.freeze_days),
                draw_at=draw_at,
            )


class PlanWitness(models.Model):
    """A person who witnesses every draw of a plan."""

    plan = models.ForeignKey(YearPlan, models.CASCADE, related_name="witnesses")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("witness"))
    role = models.CharField(_("as"), max_length=60)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "user"), name="witness_once_per_plan"),
            models.UniqueConstraint(fields=("plan", "place"), name="one_witness_per_place_of_plan"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.user}"


class PlanPeriod(models.Model):
    """One draw in the calendar of an adopted plan. ``opened_at`` is set by whoever claims it, exactly once."""

    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="periods")
    number = models.PositiveSmallIntegerField(_("number in the year"))
    opens_at = models.DateTimeField(_("opens"))
    freeze_at = models.DateTimeField(_("rolls frozen"))
    draw_at = models.DateTimeField(_("draw"))
    opened_at = models.DateTimeField(pgettext_lazy("draw", "opened"), null=True, blank=True)

    class Meta:
        verbose_name = _("period")
        ordering = ("plan", "number")
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="period_once_per_plan"),)
        indexes = (models.Index(fields=("opens_at",), condition=Q(opened_at__isnull=True), name="period_waiting"),)

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"


class Draw(DrawProcedure, Dossier):
    """One draw. ``rates`` are percent by stratum divided by ``share`` draws of the year, or ``fixed``
    counts.

    ``announcement``, ``strata`` and ``commitment`` are null until they are made (typed as what they then hold);
    the first and the last are what was published before the seed; ``seed`` exists once the
    contributions are open. ``attempt`` counts afresh announcements of a period after a void draw.
    """

    class Strength(models.TextChoices):
        STRONG = "strong", _("strong")
        BASIC = "basic", _("basic")

    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="draws", verbose_name=_("plan"))
    period = models.ForeignKey(PlanPeriod, models.PROTECT, null=True, related_name="draws", verbose_name=_("period"))
    attempt = models.PositiveSmallIntegerField(default=1)
    supplements = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="supplementary", verbose_name=_("supplements")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    freeze_at = models.DateTimeField(_("rolls frozen from"))
    draw_at = models.DateTimeField(_("moment of the draw"))
    fixed = models.JSONField(_("numbers to draw"), null=True)
    strata: "models.JSONField[Any, Any]" = models.JSONField(_("strata"), null=True)
    public_source = models.CharField(_("public value"), max_length=120, blank=True)
    public_value = models.CharField(_("public value as drawn"), max_length=200, blank=True)
    announcement: "models.JSONField[Any, Any]" = models.JSONField(_("announcement"), null=True)
    commitment: "models.CharField[Any, Any]" = models.CharField(  # noqa: DJ001 - none yet
        _("commitment"), max_length=64, null=True, unique=True
    )
    strength = models.CharField(_("strength"), max_length=6, choices=Strength.choices, blank=True)
    announced_at = models.DateTimeField(pgettext_lazy("moment", "announced"), null=True)
    revealed_at = models.DateTimeField(_("contributions opened"), null=True)
    seed = models.CharField(_("seed"), max_length=64, blank=True)
    drawn_at = models.DateTimeField(pgettext_lazy("moment", "drawn"), null=True)
    publish_on = models.DateField(_("to be published on"), null=True)
    published_at = models.DateTimeField(pgettext_lazy("moment", "published"), null=True)
    tasks_opened = models.BooleanField(default=False)
    voided = models.BooleanField(default=False)
    void_reason = models.CharField(_("void because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("random draw")
        verbose_name_plural = _("random draws")
        constraints = (
            models.UniqueConstraint(fields=("period", "attempt"), name="draw_once_per_period_and_attempt"),
            models.UniqueConstraint(fields=("period",), condition=Q(voided=False), name="one_draw_of_a_period_counts"),
            models.CheckConstraint(
                condition=Q(seed="") | Q(commitment__isnull=False), name="no_seed_before_the_commitment"
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=False) | Q(supplements__isnull=False), name="draw_of_a_period_or_supplement"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @cached_property
    def witness_list(self) -> list["DrawWitness"]:
        """The witnesses in the order in which they enter the seed; read once per loaded draw."""
        return list(self.witnesses.select_related("user").order_by("place"))

    def witness_of(self, user: User | None) -> "DrawWitness | None":
        """The user's place among the witnesses, or None."""
        return next((one for one in self.witness_list if user is not None and one.user_id == user.pk), None)

    @property
    def draw_day(self) -> date:
        return timezone.localdate(self.draw_at)

    @property
    def inspectors_each(self) -> int:
        return self.plan.inspectors_each


class Roll(models.Model):
    """A frozen roll: the canonical bytes the commitment fixes. The database lets nobody change or remove
    it.
    """

    class Kind(models.TextChoices):
        TARGETS = "targets", _("target roll")
        INSPECTORS = "inspectors", _("inspector roll")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="rolls")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("roll")
        constraints = (models.UniqueConstraint(fields=("draw", "kind"), name="one_roll_of_a_kind_per_draw"),)

    def __str__(self) -> str:
        return self.sha256


class DrawWitness(models.Model):
    """A witness of one draw with the hash committed to.

    ``sealed`` is the text as handed over, encrypted; ``contribution`` the same in clear once all were
    opened together.
    """

    class Mode(models.TextChoices):
        HELD = "held", _("held by the witness")
        SEALED = "sealed", _("sealed in the system")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="witnesses")
    user = models.ForeignKey(User, models.PROTECT, related_name="witnessed", verbose_name=_("witness"))
    role = models.CharField(_("as"), max_length=60)
    place = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=6, choices=Mode.choices, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True)
    sealed = EncryptedTextField(blank=True)
    handed_over_at = models.DateTimeField(null=True)
    contribution = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("witness")
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("draw", "user"), name="witness_once_per_draw"),
            models.UniqueConstraint(fields=("draw", "place"), name="one_witness_per_place_of_draw"),
            models.UniqueConstraint(fields=("draw", "sha256"), condition=~Q(sha256=""), name="no_contribution_twice"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.user}"

    @property
    def handed_over(self) -> bool:
        return self.handed_over_at is not None


class DrawTarget(models.Model):
    """A drawn target. ``standing`` is False once another replaced it; ``task`` is the inspection it led to."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="targets")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="drawn")
    stratum = models.CharField(_("stratum"), max_length=20)
    code = models.CharField(_("code"), max_length=40)
    ticket = models.CharField(_("ticket"), max_length=64)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    standing = models.BooleanField(default=True)
    task = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("drawn target")
        ordering = ("draw", "ticket")
        constraints = (
            models.UniqueConstraint(fields=("draw", "code"), name="target_once_per_draw"),
            models.UniqueConstraint(fields=("draw", "ticket"), name="ticket_once_per_draw"),
        )

    def __str__(self) -> str:
        return f"{self.draw_id} {self.code}"

    @property
    def team(self) -> list["DrawInspector"]:
        """The inspectors standing now, in the order drawn; uses what was prefetched."""
        return [one for one in self.inspectors.all() if one.standing]


class DrawInspector(models.Model):
    """An inspector drawn for a target, under the certificate that stood in the roll."""

    target = models.ForeignKey(DrawTarget, models.PROTECT, related_name="inspectors")
    user = models.ForeignKey(User, models.PROTECT, related_name="drawn_for")
    certificate = models.CharField(_("certificate"), max_length=40)
    place = models.PositiveSmallIntegerField()
    standing = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("drawn inspector")
        ordering = ("target", "place")
        constraints = (models.UniqueConstraint(fields=("target", "certificate"), name="inspector_once_per_target"),)

    def __str__(self) -> str:
        return self.certificate


class Replacement(models.Model):
    """Who stepped in for whom after the draw, why, and who approved it; published in the order made."""

    class Kind(models.TextChoices):
        TARGET = "target", _("target")
        INSPECTOR = "inspector", _("inspector")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="replacements")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    target = models.ForeignKey(DrawTarget, models.PROTECT, related_name="+")
    out = models.CharField(max_length=40)
    substitute = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    approver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("replacement")
        ordering = ("draw", "place")
        constraints = (models.UniqueConstraint(fields=("draw", "place"), name="replacement_once_per_place"),)

    def __str__(self) -> str:
        return f"{self.out} → {self.substitute or '—'}"

    def as_json(self) -> dict[str, Any]:
        """As published and recomputed by the verifiers."""
        entry = {
            "kind": self.kind,
            "out": self.out,
            "in": self.substitute or None,
            "reason": self.reason,
            "approver": self.approver.name,
            "at": timezone.localtime(self.at).isoformat(timespec="seconds"),
        }
        return entry if self.kind == self.Kind.TARGET else {**entry, "target": self.target.code}
