"""What is examined, as published lists with their versions (HY-27…30)."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import Provider, User


class Theme(models.TextChoices):
    """What a checklist or an inspection looks for in particular (NJ-3.3)."""

    GENERAL = "general", _("general")
    SHAM_ADMISSION = "sham_admission", _("sham admission")
    FREQUENT_ADMISSION = "frequent_admission", _("frequent admission")
    SHAM_PRESCRIPTION = "sham_prescription", _("sham prescription")
    RESOLD_DRUGS = "resold_drugs", _("resold drugs")
    SUBSTITUTION = "substitution", _("substituted drugs")


class Checklist(models.Model):
    """A list of what is examined at one kind of subject under one theme; its content lives in its versions."""

    class Subject(models.TextChoices):
        AGENCY = "agency", _("handling agency")
        PROVIDER = "provider", _("designated provider")
        PERSON = "person", _("individual")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)
    sort = models.CharField(_("class of provider"), max_length=16, choices=Provider.Sort.choices, blank=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme.choices, default=Theme.GENERAL)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ("subject", "sort", "theme", "code")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class ChecklistVersion(models.Model):
    """A published state of a checklist; the database keeps it and its items as they are, because tasks rest on them."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="versions", verbose_name=_("checklist"))
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("published by")
    )
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("checklist version")
        verbose_name_plural = _("checklist versions")
        ordering = ("checklist", "-number")
        constraints = (models.UniqueConstraint(fields=("checklist", "number"), name="checklist_version_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.checklist} v{self.number}"


class ChecklistItem(models.Model):
    """One thing to look at: its words, the article behind it, and whether something is counted on the spot."""

    version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(_("place"))
    code = models.SlugField(_("code"), max_length=20)
    text = models.CharField(_("what is examined"), max_length=300)
    text_en = models.CharField(_("in English"), max_length=300)
    law = models.CharField(_("article"), max_length=20)
    counted = models.CharField(
        _("what is counted"), max_length=40, blank=True, help_text=_("Such as persons in bed; empty: nothing.")
    )
    counted_en = models.CharField(_("counted, in English"), max_length=40, blank=True)
    compared = models.BooleanField(
        _("against the books"), default=False, help_text=_("The number counted is set beside the one in the books.")
    )

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ("version", "place")
        constraints = (
            models.UniqueConstraint(fields=("version", "code"), name="checklist_item_code_once"),
            models.UniqueConstraint(fields=("version", "place"), name="checklist_item_place_once"),
        )

    def __str__(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text

    @property
    def count_label(self) -> str:
        return self.counted_en if (get_language() or "").startswith("en") else self.counted
