"""The agreement's facts, supplements and suspensions, and the bar after a termination (HY-16, HY-19, HY-20)."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Provider, User
from supervision.procedure.models import Dossier

from .procedure import AgreementProcedure, Clause


class Agreement(AgreementProcedure, Dossier):
    """A service agreement with a provider. `in_force` holds the days it binds, empty until it is signed.

    The database refuses two agreements of one provider in force on one day, and an application or a signature while
    a bar runs (HY-20).
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="agreements", verbose_name=_("provider"))
    applied_on = models.DateField(_("applied on"))
    completion_asked_on = models.DateField(_("completion asked on"), null=True, blank=True)
    completion_missing = models.TextField(_("missing from the file"), blank=True)
    operating_since = models.DateField(_("operating since"), null=True, blank=True)
    staff = models.JSONField(_("staff"), default=dict, blank=True)
    passed = models.BooleanField(_("evaluation passed"), null=True, blank=True)
    evaluation_score = models.DecimalField(
        _("score of the evaluation"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    panel = models.TextField(pgettext_lazy("evaluation", "panel"), blank=True)
    evaluation_opinion = models.TextField(_("opinion of the panel"), blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)
    objection = models.TextField(_("objection"), blank=True)
    objection_answer = models.TextField(_("answer to the objection"), blank=True)
    clauses = ArrayField(
        models.CharField(max_length=12, choices=Clause.choices), default=list, blank=True, verbose_name=_("clauses")
    )
    terms_text = models.TextField(_("what was agreed"), blank=True)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    in_force = DateRangeField(pgettext_lazy("agreement", "in force"), null=True, blank=True)
    termination_ground = models.PositiveSmallIntegerField(_("ground of termination"), null=True, blank=True)
    ended_because = models.TextField(_("ended because"), blank=True)

    class Meta:
        verbose_name = _("service agreement")
        verbose_name_plural = _("service agreements")
        constraints = (
            ExclusionConstraint(
                name="one_agreement_in_force_per_provider",
                expressions=[("provider", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="agreement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(in_force__isnull=True) | Q(signed_on__isnull=False), name="agreement_in_force_was_signed"
            ),
        )
        indexes = (models.Index(fields=("provider", "-applied_on"), name="agreement_by_provider"),)

    @cached_property
    def bars(self) -> list["Bar"]:
        """Every bar on the provider that was not lifted; read once."""
        return list(Bar.objects.filter(provider=self.provider_id, lifted_on__isnull=True))

    def barred_on(self, day: date) -> bool:
        """Whether a bar on the provider runs on that day."""
        return any(day in bar for bar in self.bars)

    def overlaps_another(self) -> bool:
        """Whether another agreement of the provider is in force within this one's term."""
        if self.first_day is None or self.last_day is None:
            return False
        others = Agreement.objects.filter(provider=self.provider_id, in_force__isnull=False).exclude(pk=self.pk)
        return others.filter(in_force__overlap=(self.first_day, self.last_day)).exists()

    @cached_property
    def open_suspension(self) -> "Suspension | None":
        """The suspension that was not ended, if any."""
        return self.suspensions.filter(ended_on__isnull=True).order_by("pk").last()

    def suspension_to_resume(self, order: int, on: date) -> "Suspension | None":
        """The suspension the termination `order` (key) cut short, if time is left of it on that day (HY-25)."""
        cut = self.suspensions.filter(cut_short_by=order, reversed_on__isnull=True).order_by("pk").last()
        if cut is None or cut.days_before is None or self.last_day is None or on > self.last_day:
            return None
        if cut.on_request:
            own = self.term("own_suspension")
            return cut if own is not None and on <= own.due else None
        return cut if on < cut.days_before.upper else None

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload, and forget what was read beside."""
        for name in ("bars", "open_suspension"):
            self.__dict__.pop(name, None)
        super().refresh_from_db(*args, **kwargs)


class Supplement(models.Model):
    """A supplementary agreement (HY-16)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="supplements", verbose_name=_("agreement"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what was agreed"))
    signed_on = models.DateField(_("signed on"))

    class Meta:
        verbose_name = _("supplementary agreement")
        verbose_name_plural = _("supplementary agreements")
        ordering = ("signed_on", "pk")

    def __str__(self) -> str:
        return self.title


class Suspension(models.Model):
    """Days on which an agreement is suspended, ordered by a breach case or asked for by the provider (HY-19, DM-8).

    One that a termination cut short keeps the days it would have had, for the case that the termination is reversed.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="suspensions", verbose_name=_("agreement"))
    ordered_by = models.ForeignKey(
        Dossier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("suspension", "ordered by"),
    )
    days = DateRangeField(_("days"))
    cut_short_by = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cut short by")
    )
    days_before = DateRangeField(_("days before it was cut short"), null=True, blank=True)
    on_request = models.BooleanField(_("at the provider's request"), default=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reversed_on = models.DateField(_("reversed on"), null=True, blank=True)
    reversed_because = models.CharField(_("reversed because"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("agreement",), condition=Q(ended_on__isnull=True), name="one_open_suspension_per_agreement"
            ),
            models.CheckConstraint(
                condition=Q(on_request=True) | Q(ordered_by__isnull=False), name="suspension_ordered_or_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(cut_short_by__isnull=True, days_before__isnull=True)
                | Q(cut_short_by__isnull=False, days_before__isnull=False, ended_on__isnull=False),
                name="suspension_cut_short_keeps_its_days",
            ),
            models.CheckConstraint(
                condition=Q(reversed_on__isnull=True, reversed_because="")
                | (Q(reversed_on__isnull=False, ended_on__isnull=False) & ~Q(reversed_because="")),
                name="suspension_reversed_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement} {self.days}"


class Bar(models.Model):
    """Days on which no agreement is made with a terminated provider (HY-20); lifted, never removed, on reversal."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="bars", verbose_name=_("provider"))
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="own_bars", verbose_name=_("terminated agreement")
    )
    days = DateRangeField(_("days"))
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)
    lifted_because = models.CharField(_("lifted because"), max_length=500, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("bar")
        verbose_name_plural = _("bars")
        ordering = ("-days", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement",), condition=Q(lifted_on__isnull=True), name="one_standing_bar_per_agreement"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_because="")
                | (Q(lifted_on__isnull=False) & ~Q(lifted_because="")),
                name="bar_lifted_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.days}"

    def __contains__(self, day: date) -> bool:
        return self.days.lower <= day < self.days.upper
