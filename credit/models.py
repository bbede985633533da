"""Credit (HY-11, CE, EL): the events that count, yearly scores with every point explained, demerit points."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import Party, Practitioner, User
from supervision.procedure.models import Dossier


class Grade(models.TextChoices):
    """Grades by score (CE-1)."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class IndicatorPoints(models.Model):
    """What an authority has an indicator take instead of the scheme's default, for a span of days (HY-11)."""

    scope = models.CharField(_("authority"), max_length=40)
    party_kind = models.CharField(_("kind of party"), max_length=12, choices=Party.Kind.choices)
    code = models.CharField(_("indicator"), max_length=40)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    valid = DateRangeField(_("valid"))
    basis = models.CharField(_("basis"), max_length=300)

    class Meta:
        verbose_name = _("points of an indicator")
        verbose_name_plural = _("points of indicators")
        constraints = (
            models.CheckConstraint(condition=Q(points__gte=0), name="indicator_takes_no_less_than_nothing"),
            ExclusionConstraint(
                name="one_value_of_an_indicator_per_day",
                expressions=[
                    ("scope", RangeOperators.EQUAL),
                    ("party_kind", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.party_kind}/{self.code} = {self.points}"


class CreditEvent(models.Model):
    """Something a score answers for, traced to the matter and the record that made it effective (CE-1).

    Never changed or removed; a reversed decision is answered by a `CreditCorrection`.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="credit_events", verbose_name=_("party"))
    indicator = models.CharField(_("indicator"), max_length=40)
    points = models.DecimalField(_("points taken"), max_digits=5, decimal_places=2)
    gravest = models.BooleanField(_("seriously dishonest"), default=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="credit_events", verbose_name=_("matter"))
    effective_on = models.DateField(_("effective on"))
    law = ArrayField(models.CharField(max_length=20), verbose_name=_("articles"))
    recorded_at = models.DateTimeField(_("recorded"))
    again = models.PositiveSmallIntegerField(_("told again after so many corrections"), default=0)

    class Meta:
        verbose_name = _("credit event")
        verbose_name_plural = _("credit events")
        ordering = ("effective_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("party", "dossier", "indicator", "again"), name="credit_event_once_per_matter_and_indicator"
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="credit_event_takes_points"),
        )
        indexes = (models.Index(fields=("party", "effective_on"), name="credit_event_by_party"),)

    def __str__(self) -> str:
        return f"{self.party} −{self.points} {self.indicator}"


class CreditCorrection(models.Model):
    """An event that no longer counts because what it rested on was reversed or repaired (HY-25, CE-4)."""

    event = models.OneToOneField(CreditEvent, models.PROTECT, related_name="correction", verbose_name=_("credit event"))
    reason = models.CharField(_("reason"), max_length=500)
    corrected_on = models.DateField(_("corrected on"))
    corrected_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("corrected by"))

    class Meta:
        verbose_name = _("credit correction")
        verbose_name_plural = _("credit corrections")

    def __str__(self) -> str:
        return f"{self.event}: {self.reason}"


class Evaluation(models.Model):
    """A party's score for a calendar year, each point explained; a later one of the same year follows it (CE-1)."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="evaluations", verbose_name=_("party"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number within the year"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices)
    lines = models.JSONField(_("explanation"), default=list)
    evaluated_at = models.DateTimeField(_("evaluated"))
    evaluated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("evaluated by"))

    class Meta:
        verbose_name = _("credit evaluation")
        verbose_name_plural = _("credit evaluations")
        ordering = ("party", "year", "number")
        constraints = (
            models.UniqueConstraint(fields=("party", "year", "number"), name="evaluation_numbered_within_year"),
        )

    def __str__(self) -> str:
        return f"{self.party} {self.year}: {self.grade}"


class PointRecord(models.Model):
    """Demerit points of a practitioner (EL-1, EL-4): one act scores once, after the institution was dealt with."""

    class Responsibility(models.TextChoices):
        GENERAL = "general", _("general responsibility")
        IMPORTANT = "important", _("important responsibility")
        MAIN = "main", _("main responsibility")

    class Band(models.TextChoices):
        MINOR = "minor", _("minor")
        MODERATE = "moderate", _("moderate")
        SERIOUS = "serious", _("serious")
        GRAVE = "grave", _("grave")

    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="point_records", verbose_name=_("practitioner")
    )
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="point_records", verbose_name=_("matter"))
    act = models.CharField(_("act"), max_length=200)
    responsibility = models.CharField(_("responsibility"), max_length=10, choices=Responsibility.choices)
    band = models.CharField(_("gravity"), max_length=10, choices=Band.choices)
    points = models.PositiveSmallIntegerField(_("points"))
    recorded_on = models.DateField(_("recorded on"))
    corrected_because = models.CharField(_("corrected because"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("demerit points")
        verbose_name_plural = _("demerit points")
        ordering = ("recorded_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("practitioner", "dossier", "act"), name="one_act_scores_once"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=12), name="points_between_1_and_12"),
        )

    def __str__(self) -> str:
        return f"{self.practitioner} {self.points}"
