"""Who was shown personal data in clear, and who took rows or files away (HY-38): only ever added to."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Authority, Party, User
from supervision.procedure.models import Dossier


class RevealLog(models.Model):
    """A personal identifier shown in clear, written in the transaction that reads it; the value itself is not kept.

    `field` is the name of a `supervision.records.reveals.Revealable`, `row` the key of the row it was read from,
    `whose` that person in words. The database fills in the moment and refuses any change or removal.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("shown to"))
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", verbose_name=_("authority"))
    field = models.CharField(_("what"), max_length=40)
    row = models.BigIntegerField()
    whose = models.CharField(_("whose"), max_length=200)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("party"))
    purpose = models.CharField(pgettext_lazy("reveal", "purpose"), max_length=200)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+", verbose_name=_("matter"))
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("-at", "-id"), name="reveal_by_time"),
            models.Index(fields=("user", "-at"), name="reveal_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.field} #{self.row}"


class ExportLog(models.Model):
    """An export of a list or of a matter's whole file: who took which rows where, written before the first leaves."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("exported by"))
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+", verbose_name=_("authority"))
    list_name = models.CharField(_("list"), max_length=100)
    query = models.TextField(_("filters"), blank=True)
    format = models.CharField(_("format"), max_length=4)
    rows = models.PositiveIntegerField(_("rows"))
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("-at", "-id"), name="export_by_time"),)

    def __str__(self) -> str:
        return f"{self.list_name} {self.at:%Y-%m-%d %H:%M}"
