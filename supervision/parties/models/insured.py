"""Insured persons: the identity number is encrypted, found through a blind index and shown masked (HY-38)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..crypto import EncryptedTextField
from .party import Party


class InsuredPerson(Party):
    """A person insured here; `code` is the person number of the national platform (psn_no)."""

    class Gender(models.TextChoices):
        MALE = "1", _("male")
        FEMALE = "2", _("female")
        UNKNOWN = "9", _("not stated")

    id_number = EncryptedTextField(_("identity number"), blank=True)
    id_index = models.CharField(_("identity index"), max_length=64, blank=True, db_index=True)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender.choices, default=Gender.UNKNOWN)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)

    class Meta:
        verbose_name = _("insured person")
        verbose_name_plural = _("insured persons")
