"""Insurance physicians and pharmacists, who may work at several providers."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .party import Party
from .provider import Provider, ProviderDepartment


class Practitioner(Party):
    """An insurance physician or pharmacist; `code` is the national physician code, such as D441602000001."""

    class Profession(models.TextChoices):
        PHYSICIAN = "physician", _("insurance physician")
        PHARMACIST = "pharmacist", _("insurance pharmacist")

    profession = models.CharField(_("profession"), max_length=12, choices=Profession.choices)
    licence = models.CharField(_("licence number"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")


class Employment(models.Model):
    """A practitioner's registration at a provider; points and suspension follow the person (EL-1)."""

    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="employments", verbose_name=_("practitioner")
    )
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="staff", verbose_name=_("provider"))
    department = models.ForeignKey(
        ProviderDepartment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("department"),
    )
    primary = models.BooleanField(_("first registered here"), default=True)
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")

    def __str__(self) -> str:
        return f"{self.practitioner} @ {self.provider}"
