"""Designated providers, their departments, and when settlement with them is held."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .party import Party


class Provider(Party):
    """A designated medical institution or pharmacy; `code` is its national code, such as H44160200001."""

    class Sort(models.TextChoices):
        HOSPITAL = "hospital", _("hospital")
        HEALTH_CENTRE = "health_centre", _("health centre")
        CLINIC = "clinic", _("clinic")
        VILLAGE_CLINIC = "village_clinic", _("village clinic")
        PHARMACY = "pharmacy", _("pharmacy")

    class Level(models.TextChoices):
        TERTIARY = "3", _("tertiary")
        SECONDARY = "2", _("secondary")
        PRIMARY = "1", _("primary")
        NONE = "9", _("not graded")

    class Ownership(models.TextChoices):
        PUBLIC = "public", _("public")
        PRIVATE_NON_PROFIT = "non_profit", _("private non-profit")
        PRIVATE_FOR_PROFIT = "for_profit", _("private for-profit")

    class Risk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        MEDIUM_HIGH = "medium_high", _("medium-high")
        HIGH = "high", _("high")

    sort = models.CharField(_("class"), max_length=16, choices=Sort.choices)
    level = models.CharField(
        pgettext_lazy("hospital", "level"), max_length=1, choices=Level.choices, default=Level.NONE
    )
    ownership = models.CharField(_("ownership"), max_length=12, choices=Ownership.choices)
    risk = models.CharField(_("risk class"), max_length=12, choices=Risk.choices, default=Risk.LOW)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    designated_since = models.DateField(_("designated since"), null=True, blank=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")

    @property
    def is_pharmacy(self) -> bool:
        return self.sort == self.Sort.PHARMACY


class ProviderDepartment(models.Model):
    """A clinical department of a provider; measures may be taken against it alone (HY-18, HY-19)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="departments", verbose_name=_("provider"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = (models.UniqueConstraint(fields=("provider", "code"), name="department_code_once_per_provider"),)

    def __str__(self) -> str:
        return self.name


class SettlementHold(models.Model):
    """Days on which the fund does not settle with a provider, a department or a practitioner (HY-19, HY-23).

    Append and end, never delete: the settlement status of any of them can be derived for any date.
    `matter` is the number of the dossier that ordered it.
    """

    class Reason(models.TextChoices):
        INVESTIGATION = "investigation", _("paused during an investigation")
        SUSPENSION = "suspension", pgettext_lazy("hold", "agreement suspended")
        TERMINATION = "termination", pgettext_lazy("hold", "agreement terminated")
        ELIGIBILITY = "eligibility", _("payment eligibility suspended")
        REFUSAL = "refusal", _("refused to co-operate")

    party = models.ForeignKey(Party, models.PROTECT, related_name="settlement_holds", verbose_name=_("party"))
    department = models.ForeignKey(
        ProviderDepartment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settlement_holds",
        verbose_name=_("department"),
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    days = DateRangeField(_("days"))
    matter = models.CharField(_("ordered by"), max_length=60)
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("settlement hold")
        verbose_name_plural = _("settlement holds")

    def __str__(self) -> str:
        return f"{self.party} {self.days}"
