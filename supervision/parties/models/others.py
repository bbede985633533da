"""Companies, and the departments matters are referred to and from (HY-46, AH-2.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .party import Party


class Company(Party):
    """An insurer, a drug company, a procurement body or a third-party helper."""

    class Trade(models.TextChoices):
        INSURER = "insurer", _("insurer")
        SUPPLIER = "supplier", _("drug or consumable supplier")
        PROCUREMENT = "procurement", _("procurement body")
        HELPER = "helper", _("third-party helper")

    trade = models.CharField(_("trade"), max_length=12, choices=Trade.choices)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")


class OtherDepartment(Party):
    """Another department of government, with its duty in fund supervision."""

    class Duty(models.TextChoices):
        HEALTH = "health", _("health")
        MARKET = "market", _("market supervision")
        DRUG = "drug", _("drug administration")
        FINANCE = "finance", _("finance")
        AUDIT = "audit", _("audit")
        POLICE = "police", _("public security")
        DISCIPLINE = "discipline", _("discipline inspection")
        TAX = "tax", _("tax")
        JUSTICE = "justice", _("justice")
        REFORM = "reform", _("development and reform")
        COURT = "court", _("court")

    duty = models.CharField(_("duty"), max_length=12, choices=Duty.choices)

    class Meta:
        verbose_name = _("other department")
        verbose_name_plural = _("other departments")
