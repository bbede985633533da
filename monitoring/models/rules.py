"""Rules: what is looked for, by which law, with which numbers, from when."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import User


class Rule(models.Model):
    """One version of one rule. ``expression`` names an Ibis expression of :mod:`monitoring.rules`.

    A version that has alerts never changes: new parameters are a new version (see ``services.rules.sync``). Who set
    its numbers, and when, is kept with it; those it was delivered with were set by nobody.
    """

    class Stage(models.TextChoices):
        PRECHECK = "precheck", _("pre-check")
        REVIEW = "review", _("in-process review")
        SCREEN = "screen", _("after-the-fact screening")

    class Outcome(models.TextChoices):
        SUSPICIOUS = "suspicious", _("suspicious")
        VIOLATING = "violating", _("violating")

    class Severity(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    class Window(models.TextChoices):
        LINE = "line", _("the line itself")
        DAY = "day", _("calendar day")
        VISIT = "visit", _("this visit")
        HISTORY = "history", _("the person's history")

    slug = models.SlugField(_("short name"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    official_code = models.CharField(_("official code"), max_length=20, blank=True)
    code_confirmed = models.BooleanField(_("code confirmed"), default=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=120)
    explanation_zh = models.TextField(_("explanation (Chinese)"))
    explanation_en = models.TextField(_("explanation (English)"))
    amount_zh = models.CharField(_("amount formula (Chinese)"), max_length=255)
    amount_en = models.CharField(_("amount formula (English)"), max_length=255)
    theme = models.CharField(_("theme"), max_length=40, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)
    window = models.CharField(_("window"), max_length=10, choices=Window.choices)
    schemes = ArrayField(models.CharField(max_length=20), verbose_name=_("schemes"), default=list, blank=True)
    outcome = models.CharField(_("result kind"), max_length=12, choices=Outcome.choices)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    laws = ArrayField(models.CharField(max_length=20), verbose_name=_("laws"))
    expression = models.CharField(_("expression"), max_length=60)
    library_class = models.CharField(_("rule class"), max_length=24, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective to"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    set_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("numbers set by"), related_name="+", null=True, blank=True
    )
    set_at = models.DateTimeField(_("numbers set"), null=True, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ("official_code", "slug", "-version")
        constraints = (
            models.UniqueConstraint(fields=("slug", "version"), name="rule_version_once"),
            models.UniqueConstraint(fields=("slug",), condition=Q(active=True), name="rule_one_active_version"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="rule_effective_range",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:rule", args=[self.pk])

    @property
    def name(self) -> str:
        return self._spoken("name")

    @property
    def explanation(self) -> str:
        return self._spoken("explanation")

    @property
    def amount_formula(self) -> str:
        return self._spoken("amount")

    def _spoken(self, stem: str) -> str:
        chinese = (get_language() or "zh").startswith("zh")
        return getattr(self, f"{stem}_zh" if chinese else f"{stem}_en")
