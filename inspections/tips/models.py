"""Who gave a tip, kept apart from the lead it became (TR-1, TR-3, HY-38)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.leads.models import Lead
from supervision.parties.crypto import EncryptedTextField


class Tip(models.Model):
    """A tip given on the public page.

    `receipt` is public, `code` the hash of what only its giver knows; both together ask for its state. Name and phone
    are there together or not at all.
    """

    lead = models.OneToOneField(Lead, models.PROTECT, related_name="tip", verbose_name=_("lead"))
    receipt = models.CharField(_("receipt number"), max_length=20, unique=True)
    code = models.CharField(_("query code, hashed"), max_length=128)
    name = EncryptedTextField(pgettext_lazy("person", "name"), blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)

    class Meta:
        verbose_name = _("tip from the public")
        verbose_name_plural = _("tips from the public")
        constraints = (
            models.CheckConstraint(
                condition=Q(name="", phone="") | (~Q(name="") & ~Q(phone="")), name="tip_named_in_full_or_not"
            ),
        )

    def __str__(self) -> str:
        return self.receipt

    @property
    def is_named(self) -> bool:
        return bool(self.name)
