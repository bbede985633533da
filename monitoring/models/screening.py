"""Screening runs and the alerts they raise, each with the lines that prove it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from monitoring.models.rules import Rule
from monitoring.models.work import Work
from monitoring.months import written


class ScreeningRun(Work):
    """Chosen rules over chosen settlement months; the work itself is its parts, one per rule and month."""

    #: how many parts it has and how many are over; counted by `selectors.alerts.runs`
    parts_all: int
    parts_over: int

    authority = models.ForeignKey(
        "parties.Authority", models.PROTECT, null=True, related_name="+", verbose_name=_("authority")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    months = ArrayField(models.CharField(max_length=6), verbose_name=_("settlement months"))
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("screening run")
        verbose_name_plural = _("screening runs")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"#{self.pk} {written(self.months[0])} – {written(self.months[-1])}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:run", args=[self.pk])

    @property
    def months_written(self) -> list[str]:
        """Its months as people read them."""
        return [written(month) for month in self.months]


class RunPart(Work):
    """One rule over one month of one run: claimed, finished and counted as a whole, so never done twice."""

    run = models.ForeignKey(ScreeningRun, models.CASCADE, related_name="parts", verbose_name=_("run"))
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="parts", verbose_name=_("rule"))
    month = models.CharField(_("settlement month"), max_length=6)
    alerts_new = models.PositiveIntegerField(_("new alerts"), default=0)
    alerts_known = models.PositiveIntegerField(_("known alerts"), default=0)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    fault = models.TextField(_("fault"), blank=True)

    class Meta:
        verbose_name = _("part of a run")
        verbose_name_plural = _("parts of a run")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("run", "rule", "month"), name="run_part_once"),)
        indexes = (models.Index(fields=("state", "heartbeat")),)

    def __str__(self) -> str:
        return f"{self.rule} {self.month}"


class Alert(models.Model):
    """A suspicion: one rule version, one visit of one person at one provider, and the lines that prove it.

    ``fingerprint`` is over rule version and lines: the same finding in a later run is the same alert.
    ``amount`` is yuan at stake by the rule's formula.
    """

    class State(models.TextChoices):
        NEW = "new", _("not decided")
        CONFIRMED = "confirmed", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")
        LED = "led", _("made into a lead")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="alerts", verbose_name=_("rule"))
    parameters = models.JSONField(_("parameters"), default=dict)
    fingerprint = models.CharField(max_length=64, unique=True)
    provider = models.ForeignKey(
        "parties.Provider", models.PROTECT, null=True, related_name="alerts", verbose_name=_("provider")
    )
    provider_code = models.CharField(_("provider code"), max_length=40)
    person_code = models.CharField(_("person number"), max_length=60)
    visit_code = models.CharField(_("visit"), max_length=80)
    month = models.CharField(_("settlement month"), max_length=6)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    severity = models.CharField(_("severity"), max_length=8, choices=Rule.Severity.choices)
    line_count = models.PositiveIntegerField(_("lines"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    first_run = models.ForeignKey(ScreeningRun, models.PROTECT, related_name="alerts_first", verbose_name=_("found by"))
    last_run = models.ForeignKey(ScreeningRun, models.PROTECT, related_name="+", verbose_name=_("last seen by"))
    lead = models.ForeignKey(
        "procedure.Dossier", models.PROTECT, null=True, related_name="alerts", verbose_name=_("lead")
    )
    created_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="led", lead__isnull=False) | (~Q(state="led") & Q(lead__isnull=True)),
                name="alert_led_has_lead",
            ),
        )
        indexes = (
            models.Index(fields=("provider", "state")),
            models.Index(fields=("rule", "state")),
            models.Index(fields=("month",)),
            models.Index(fields=("-amount", "-id")),
            models.Index(fields=("-created_at", "-id")),
        )

    def __str__(self) -> str:
        return f"{self.rule} · {self.provider or self.provider_code}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:alert", args=[self.pk])

    @property
    def month_written(self) -> str:
        """Its settlement month as people read it."""
        return written(self.month)


class AlertLine(models.Model):
    """A line (or, without ``line_code``, a whole visit) that proves an alert, copied so that it can be read for ever.

    ``flagged`` is the part of the alert's amount this line carries; a line with zero is there to compare with.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="lines", verbose_name=_("alert"))
    provider_code = models.CharField(_("provider code"), max_length=40)
    visit_code = models.CharField(_("visit"), max_length=80)
    line_code = models.CharField(_("line"), max_length=80, blank=True)
    began_at = models.DateTimeField(_("time"), null=True)
    ended_at = models.DateTimeField(_("until"), null=True)
    item_code = models.CharField(_("item code"), max_length=60, blank=True)
    item_name = models.CharField(_("item name"), max_length=255, blank=True)
    count = models.DecimalField(pgettext_lazy("quantity", "number"), max_digits=18, decimal_places=4, null=True)
    price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=4, null=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    flagged = models.DecimalField(_("of it at stake"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("proving line")
        verbose_name_plural = _("proving lines")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.line_code or self.visit_code


class AlertEvent(models.Model):
    """What was decided about an alert, by whom and why; appended in the transaction of the decision.

    The database lets no alert stand otherwise than its decisions lead to, and no decision be altered (migration 0002).
    """

    class Verb(models.TextChoices):
        CONFIRM = "confirm", _("confirmed")
        DISMISS = "dismiss", _("dismissed")
        LEAD = "lead", _("made into a lead")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="events", verbose_name=_("alert"))
    verb = models.CharField(_("decision"), max_length=10, choices=Verb.choices)
    source = models.CharField(pgettext_lazy("state", "from"), max_length=10, choices=Alert.State.choices)
    target = models.CharField(pgettext_lazy("state", "to"), max_length=10, choices=Alert.State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("alert", "decided by"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("decision on an alert")
        verbose_name_plural = _("decisions on alerts")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(by__isnull=False) & (~Q(verb="dismiss") | ~Q(reason="")),
                name="alert_decision_says_who_and_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.alert} · {self.get_verb_display()}"
