"""What the pages themselves remember: exports made, columns chosen, news for a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import Authority, User


class ExportLog(models.Model):
    """An export of a list (HY-38): who took which rows where, and when; written before the first row leaves."""

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


class ListPreference(models.Model):
    """The columns a person chose to see in a list."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=100)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "list_name"), name="one_preference_per_list"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.list_name}"
