"""The national rule library as imported, and what the codes of a province mean."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from monitoring.library.classes import CLASSES
from supervision.parties.models import User


class LibraryFile(models.Model):
    """One workbook of the rule library, known by its content."""

    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    batch = models.CharField(_("batch"), max_length=20, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    imported_at = models.DateTimeField(_("imported"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("rule library file")
        verbose_name_plural = _("rule library files")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RuleItem(models.Model):
    """One knowledge point: an item and what limits it. Only the columns its class uses are filled.

    ``age_least_days``/``age_most_days`` are inclusive days of life; ``schemes``, ``ways`` and ``level`` hold
    meanings (see :class:`CodeMeaning`), not a province's codes; ``most`` per ``per_days`` or per ``window``.
    """

    class Window(models.TextChoices):
        HOUR = "hour", _("same hour")
        SIX_HOURS = "six_hours", _("six hours")
        DAY = "day", _("same day")
        VISIT = "visit", _("same visit")

    file = models.ForeignKey(LibraryFile, models.CASCADE, related_name="items", verbose_name=_("file"))
    sheet = models.CharField(_("sheet"), max_length=60)
    row = models.PositiveIntegerField(_("row"))
    rule_class = models.CharField(_("rule class"), max_length=24, choices=[(c.slug, c.name) for c in CLASSES])
    code = models.CharField(_("item code"), max_length=40)
    name = models.CharField(_("item name"), max_length=255)
    note = models.TextField(_("note"), blank=True)
    limit = models.CharField(_("limit"), max_length=255, blank=True)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    age_least_days = models.PositiveIntegerField(_("least age in days"), null=True)
    age_most_days = models.PositiveIntegerField(_("greatest age in days"), null=True)
    scheme = models.CharField(_("scheme"), max_length=20, blank=True)
    way = models.CharField(_("way of treatment"), max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(_("least institution level"), null=True)
    most = models.DecimalField(_("greatest number"), max_digits=12, decimal_places=2, null=True)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    per_days = models.PositiveIntegerField(_("days"), null=True)
    window = models.CharField(_("window"), max_length=10, choices=Window.choices, blank=True)
    other_code = models.CharField(_("second item code"), max_length=40, blank=True)
    other_name = models.CharField(_("second item name"), max_length=255, blank=True)
    group = models.CharField(_("group"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("knowledge point")
        verbose_name_plural = _("knowledge points")
        ordering = ("file", "row")
        constraints = (
            models.UniqueConstraint(
                fields=("rule_class", "code", "other_code", "group", "window"), name="knowledge_point_once"
            ),
        )
        indexes = (models.Index(fields=("rule_class", "code")),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CodeMeaning(models.Model):
    """What a code of a claims column means to the rules. Provinces vary, so this is data, never code."""

    field = models.CharField(_("column"), max_length=20)
    code = models.CharField(_("code"), max_length=20)
    meaning = models.CharField(_("meaning"), max_length=20)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("code meaning")
        verbose_name_plural = _("code meanings")
        ordering = ("field", "code")
        constraints = (models.UniqueConstraint(fields=("field", "code", "meaning"), name="code_meaning_once"),)

    def __str__(self) -> str:
        return f"{self.field} {self.code} = {self.name}"
