"""Who took in which list of parties, and what became of its rows (HY-2): only ever added to."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..crypto import EncryptedTextField
from .authority import Authority
from .staff import User


class RegisterImport(models.Model):
    """A list of providers or practitioners that was taken in; written in the transaction that writes its rows.

    `sha256` is of the file as it was sent. `refused_rows` is a CSV of the rows set aside, each with its line and
    reasons; encrypted, for it may hold personal data (HY-38). Without `user` it came by the command of the server.
    """

    class Register(models.TextChoices):
        PROVIDERS = "providers", _("providers")
        PRACTITIONERS = "practitioners", _("physicians and pharmacists")

    register = models.CharField(_("list of"), max_length=16, choices=Register.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("taken in by"))
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+", verbose_name=_("authority"))
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("fingerprint of the file"), max_length=64)
    new = models.PositiveIntegerField(_("new rows"))
    changed = models.PositiveIntegerField(_("changed"))
    same = models.PositiveIntegerField(_("the same"))
    refused = models.PositiveIntegerField(_("set aside"))
    refused_rows = EncryptedTextField(_("rows set aside"), blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("import of a list")
        verbose_name_plural = _("imports of lists")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("-at", "-id"), name="register_import_by_time"),)

    def __str__(self) -> str:
        return f"{self.file_name} {self.sha256[:12]}"
