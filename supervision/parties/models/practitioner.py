"""Insurance physicians and pharmacists, who may work at several providers."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..crypto import EncryptedTextField, blind_index
from .party import Party
from .provider import Provider, ProviderDepartment


class Practitioner(Party):
    """An insurance physician or pharmacist; `code` is the national physician code, such as D441602000001.

    The licence number is encrypted, found through its blind index and shown masked (HY-38).
    """

    class Profession(models.TextChoices):
        PHYSICIAN = "physician", _("insurance physician")
        PHARMACIST = "pharmacist", _("insurance pharmacist")

    profession = models.CharField(_("profession"), max_length=12, choices=Profession.choices)
    licence = EncryptedTextField(_("licence number"), blank=True)
    licence_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")

    def keep_licence(self, number: str) -> None:
        """Set the licence number with the index it is searched by."""
        self.licence, self.licence_index = number, blind_index(number) if number else ""


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
