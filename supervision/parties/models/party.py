"""Regions, and the party every kind of supervised or supervising body is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """A pooled area or administrative division; `path` is the chain of codes from the city down, '/'-ended."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(_("path"), max_length=120, db_index=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """Anyone who can be led against, inspected, owed by, scored — or who does so (HY-2)."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("authority")
        PROVIDER = "provider", _("provider")
        PRACTITIONER = "practitioner", _("practitioner")
        INSURED = "insured", _("insured person")
        COMPANY = "company", _("company")
        DEPARTMENT = "department", _("other department")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=40, help_text=_("The national code of this kind of party."))
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(_("sort key"), max_length=400, blank=True, db_index=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="parties", verbose_name=_("region"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("sort_key", "pk")
        constraints = (models.UniqueConstraint(fields=("kind", "code"), name="party_code_once_per_kind"),)

    def __str__(self) -> str:
        return self.name
